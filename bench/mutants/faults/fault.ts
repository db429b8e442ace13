import type { ControlId } from '../../../src/controls';
import type { Json, JsonMap } from '../../../src/checks/template/template';
import type { JsonPath } from '../json';

/** A mistake that the catalogue names, done to every resource it can be made at. */
export interface NamedFault {
  /** What the mutant's id ends in. */
  readonly name: string;
  readonly control: ControlId;
  readonly type: string;
  /** Which resources of the type; all where it is left out. */
  readonly when?: (properties: JsonMap) => boolean;
  /** Below `Properties`. */
  readonly path: JsonPath;
  readonly change: (old: Json | undefined) => Json;
}

/** The fault is one more resource, made for one that is there. */
export interface AddedResource extends Omit<NamedFault, 'path' | 'change'> {
  readonly beside: (logicalId: string, properties: JsonMap) => JsonMap;
}

/** The fault is what a stack tells of a resource, as one more output. */
export interface AddedOutput extends Omit<NamedFault, 'path' | 'change'> {
  readonly told: (logicalId: string) => Json;
}

export type Fault = NamedFault | AddedResource | AddedOutput;

/** The same change to many values: one fault each. */
export function each<T>(values: readonly T[], fault: (value: T) => Fault): readonly Fault[] {
  return values.map(fault);
}

export const items = (list: Json | undefined): readonly Json[] => (Array.isArray(list) ? list as readonly Json[] : []);

/** A list with one entry more. */
export const plus = (entry: Json) => (old: Json | undefined): Json => [...items(old), entry];

/** Always the same value, whatever was there. */
export const become = (to: Json) => (): Json => to;

/** A list of settings with one of them set. */
export const setting = (key: string, value: string) => (old: Json | undefined): Json => [
  ...items(old).filter((entry) => !(typeof entry === 'object' && entry !== null && 'Key' in entry && entry.Key === key)), { Key: key, Value: value },
];
