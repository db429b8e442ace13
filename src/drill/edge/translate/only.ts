import type { Spot } from './spot';

/** The one key of a map that says what it is by its key. */
export function only<K extends string>(spot: Spot, known: readonly K[]): K {
  const [first, second] = spot.entries().filter(([, entry]) => entry.exists).map(([key]) => key);
  const key = known.find((candidate) => candidate === first);
  if (key === undefined || second !== undefined) return spot.refuse(`it must hold exactly one of ${known.join(', ')}`);
  return key;
}
