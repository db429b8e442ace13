import { OutOfTime } from '../shared/custom-resource';
import type { Versions } from './versions';

/**
 * Deletes all versions in buckets, one bucket after the other, and leaves alone those that are to stay.
 *
 * @param hasTime whether one more page may be begun
 */
export async function emptyAll(versions: Versions, buckets: readonly string[], hasTime: () => boolean): Promise<void> {
  for (const bucket of buckets) if (await versions.mayEmpty(bucket)) await empty(versions, bucket, hasTime);
}

/** Always from the first page: what was deleted is on none any more, whoever deleted it, so that a run that was cut off needs no memory. */
async function empty(versions: Versions, bucket: string, hasTime: () => boolean): Promise<void> {
  for (;;) {
    const page = await versions.list(bucket);
    if (page.length === 0) return;
    if (!hasTime()) throw new OutOfTime(bucket);
    const stayed = await versions.remove(bucket, page);
    const [first] = stayed;
    // None went: the next page would be this one again.
    if (!first || stayed.length < page.length) continue;
    throw new Error(`${first.key} of ${bucket} could not be deleted: ${first.reason}. It may be locked in COMPLIANCE mode, or the bucket's policy forbids it.`);
  }
}
