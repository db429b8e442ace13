/** Whether callers reach the Core at all (INC-1). */
export enum Exposure {
  /** Callers reach it, once they have proven who they are. */
  ON = 'ON',

  /** Nobody does: nothing is forwarded and no security group lets a caller in. Everything that authenticates stays deployed. */
  OFF = 'OFF',
}
