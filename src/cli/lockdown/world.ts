import type { Paint } from '../../report/paint';
import type { LockdownAws } from './aws';
import type { FlagTables } from './flags';
import type { Patience } from './set-state';

/** What a run needs of the world. */
export interface LockdownWorld {
  readonly aws: LockdownAws;
  readonly tables: FlagTables;
  readonly patience: Patience;
  readonly now: () => Date;
  /** Asks a person; undefined where there is no terminal to ask at. */
  readonly ask?: (question: string) => Promise<string>;
  readonly paint: Paint;
  readonly print: (line: string) => void;
}

/** What is to be done, to which stack, and why. */
export interface Order {
  readonly stack: string;
  readonly reason: string | undefined;
  /** Do not ask. */
  readonly yes: boolean;
}
