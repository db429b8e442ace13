/** What of memory may be more at the end: a tenth, or so many bytes where that is more; a heap breathes between two collections. */
const GROWTH_RATIO = 0.1;
const GROWTH_BYTES = 12 * 1024 * 1024;

export interface Verdict {
  readonly isGood: boolean;
  readonly text: string;
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * The last quarter against the second: in the first, caches and heap fill up.
 *
 * @param samples resident memory at equal distances, in bytes
 */
export function memoryVerdict(name: string, samples: readonly number[]): Verdict {
  const quarter = Math.floor(samples.length / 4);
  const early = median(samples.slice(quarter, 2 * quarter));
  const late = median(samples.slice(-quarter));
  const most = early + Math.max(early * GROWTH_RATIO, GROWTH_BYTES);
  return { isGood: quarter > 0 && late <= most, text: `${name}: median memory ${mebibytes(early)} in the second quarter, ${mebibytes(late)} in the last; at most ${mebibytes(most)} is flat` };
}

/** A figure that has one right value. */
export function exactly(text: string, got: number, wanted: number): Verdict {
  return { isGood: got === wanted, text: `${text}: ${got}${got === wanted ? '' : `, and should be ${wanted}`}` };
}
