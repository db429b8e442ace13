import type { Json } from '../../checks/template/template';
import { isToldMap, scalar, type Told, Unknowable } from './told';

/** One place where template and emulator disagree. No interface, since a lint rule that looks into those does not end on recursive types. */
export type Difference = {
  /** From the property on; entries of lists have the path of their list. */
  readonly path: string;
  readonly told: Told | undefined;
  readonly held: Json | undefined;
};

/** Lists in which the order means something. */
const ORDERED = /(^|\.)(DefaultActions|Actions|Command|EntryPoint)(\[[^\]]*\])?$/;

/**
 * Everything in which two values differ. Numbers and truth values are compared as texts, since template and API choose differently;
 * what is absent equals what is empty or false, since either side may leave it out; all other lists are sets.
 */
export function differences(told: Told | undefined, held: Json | undefined, path: string): readonly Difference[] {
  if (told instanceof Unknowable) return [{ path, told, held }];
  if (isEmpty(told) && isEmpty(held)) return [];
  if (Array.isArray(told) || Array.isArray(held)) return inLists(listOf(told), listOf(held), path);
  if (isToldMap(told) && (held === undefined || isToldMap(held))) return inMaps(told, held ?? {}, path);
  if (told === undefined && isToldMap(held)) return inMaps({}, held, path);
  return scalar(told) !== undefined && scalar(told) === scalar(held) ? [] : [{ path, told, held }];
}

function inMaps(told: { readonly [key: string]: Told | undefined }, held: { readonly [key: string]: Told | undefined }, path: string): Difference[] {
  return [...new Set([...Object.keys(told), ...Object.keys(held)])].flatMap((key) => differences(told[key], held[key] as Json | undefined, `${path}.${key}`));
}

function inLists(told: readonly Told[], held: readonly Json[], path: string): Difference[] {
  if (ORDERED.test(path)) return Array.from({ length: Math.max(told.length, held.length) }, (_, index) => differences(told[index], held[index], path)).flat();
  const left = [...held];
  const found: Difference[] = [];
  // Those that agree wholly take each other first, so that no near miss takes what belongs to another.
  const unmatched = told.filter((entry) => {
    const index = left.findIndex((candidate) => differences(entry, candidate, path).length === 0);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  for (const entry of unmatched) {
    const nearest = left.map((candidate, index) => ({ index, found: differences(entry, candidate, path) })).sort((a, b) => a.found.length - b.found.length)[0];
    if (nearest) left.splice(nearest.index, 1);
    found.push(...(nearest?.found ?? differences(entry, undefined, path)));
  }
  return [...found, ...left.flatMap((extra) => differences(undefined, extra, path))];
}

function listOf<T extends Told>(value: T | undefined): readonly T[] {
  if (value === undefined || value === null) return [];
  const list: readonly T[] = Array.isArray(value) ? value : [value];
  return list;
}

/** Nothing, in any of the ways in which nothing is written. */
export function isEmpty(value: Told | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 'false') return true;
  if (value instanceof Unknowable || typeof value !== 'object') return false;
  return Array.isArray(value) ? (value as readonly Told[]).every(isEmpty) : Object.values(value as { readonly [key: string]: Told | undefined }).every(isEmpty);
}

/** The value at a path; entries of a list on the way are told apart by their names. */
export function at(value: Told | undefined, path: readonly string[]): Told | undefined {
  const [key, ...rest] = path;
  if (key === undefined || value === undefined || value === null) return value;
  if (Array.isArray(value)) return Object.fromEntries((value as readonly Told[]).map((entry, index) => [nameOf(entry) ?? String(index), at(entry, path)]));
  return isToldMap(value) ? at(value[key], rest) : value;
}

function nameOf(entry: Told): string | undefined {
  return isToldMap(entry) ? scalar(entry.Name) : undefined;
}

/** Whether anything is said at a path, in any entry of the lists on the way. */
export function says(value: Told | undefined, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return !isEmpty(value);
  if (Array.isArray(value)) return (value as readonly Told[]).some((entry) => says(entry, path));
  return isToldMap(value) && says(value[key], rest);
}
