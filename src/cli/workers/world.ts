import type { Paint } from '../../report/paint';
import type { WorkersAws } from './aws';

/** What a run needs of the world. */
export interface WorkersWorld {
  readonly aws: WorkersAws;
  /** Asks a person; undefined where there is no terminal to ask at. */
  readonly ask?: (question: string) => Promise<string>;
  readonly paint: Paint;
  /** What another program reads, such as a token. */
  readonly print: (line: string) => void;
  /** What a person reads. */
  readonly say: (line: string) => void;
}

/** Of every action. */
export interface WorkersOptions {
  /** The broker's function, where a stack has several. */
  readonly broker?: string;
}
