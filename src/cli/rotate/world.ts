import type { Paint } from '../../report/paint';
import type { RotateAws } from './aws';

/** What a run needs of the world. */
export interface RotateWorld {
  readonly aws: RotateAws;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** Of a version: 32 to 64 characters, never the same twice. */
  readonly randomId: () => string;
  /** Asks a person; undefined where there is no terminal to ask at. */
  readonly ask?: (question: string) => Promise<string>;
  readonly paint: Paint;
  readonly print: (line: string) => void;
}
