import type { Json } from '../../../src/checks/template/template';
import type { Site } from '../sites';

/** One way to change a value; without `to` the value goes. */
export interface Change {
  readonly operator: string;
  readonly to?: Json;
}

/** What can be done to a value, by what the schema says of it and by nothing else. */
export type Operator = (site: Site) => readonly Change[];
