/** A local stand-in for AWS that speaks its API. A narrow port, so that another engine can take ministack's place. */
export interface Emulator {
  /** Name and version, such as `ministack 1.5.33`. */
  readonly name: string;
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  stop(): Promise<void>;
}

/** Something that the emulator cannot do with these templates, in words for whoever runs the drill. */
export class EmulatorError extends Error {}
