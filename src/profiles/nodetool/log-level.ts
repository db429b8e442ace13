/** How much NodeTool writes into its log (NT-18): no level that tells what callers said, and none that leaves out who was refused (C-37). */
export enum LogLevel {
  /** What happened. */
  INFO = 'INFO',

  /** What should not have happened, and worse. */
  WARNING = 'WARNING',
}
