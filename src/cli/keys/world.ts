import type { Paint } from '../../report/paint';
import type { KeysAws } from './aws';

/** What a run needs of the world. */
export interface KeysWorld {
  readonly aws: KeysAws;
  readonly now: () => Date;
  /** Bytes that nobody can guess. */
  readonly random: (count: number) => Buffer;
  /** The text of a file, or of standard input for `-`. */
  readonly read: (file: string) => string;
  /** Asks a person; undefined where there is no terminal to ask at. */
  readonly ask?: (question: string) => Promise<string>;
  readonly paint: Paint;
  /** What was asked for, to standard output. */
  readonly print: (line: string) => void;
  /** Words for people, to standard error: what is on standard output can be handed on as it is. */
  readonly say: (line: string) => void;
}
