import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { archives, arrivalOf, BUCKET, destinationOf, handedOnTo, recordStreams, STREAM } from './audit-path';
import { bucketAt } from './buckets';

/** Days for which an audit record is kept at least (the checklist's cold tier, read as an age: C-24). */
export const COLD_DAYS = 180;

const DAYS_A_YEAR = 365;

/** How old an object has to be before S3 takes it into a class, in days (S3 guide, "Transitioning objects"); into any other, from the first. */
const LEAST_AGES: Readonly<Record<string, number>> = { STANDARD_IA: 30 };

/** The only class whose objects lie in one zone (S3 guide, "Understanding and managing Amazon S3 storage classes"). */
const IN_ONE_ZONE = 'ONEZONE_IA';

/** What has to be restored, for minutes or hours, before anybody reads it (the same). */
const ASLEEP = ['GLACIER', 'DEEP_ARCHIVE'];

/** Days until which a record can be read at once (the checklist's warm tier, read as an age: C-24). */
const WARM_DAYS = 30;

/** The rules of a bucket's lifecycle that are on. */
export const lifecycleOf = (bucket: Resource): Property[] => bucket.prop('LifecycleConfiguration').get('Rules').items().filter((rule) => rule.get('Status').text() === 'Enabled');

/** CloudFormation takes one, and a list. */
const transitionsOf = (rule: Property): Property[] => [...(rule.get('Transition').exists ? [rule.get('Transition')] : []), ...rule.get('Transitions').items()];

/** For how many days a bucket locks what arrives, by default. */
export function lockedDays(bucket: Resource): number | undefined {
  const retention = bucket.prop('ObjectLockConfiguration').get('Rule').get('DefaultRetention');
  const [days, years] = [retention.get('Days').number(), retention.get('Years').number()];
  return days ?? (years === undefined ? undefined : years * DAYS_A_YEAR);
}

const transitions = defineRule('AUD-2', 'archive-transitions', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records end in',
  remediation: `Move objects to STANDARD_IA, or to ${ASLEEP.join(' or ')}, after ${WARM_DAYS} days or more, or to GLACIER_IR after any number of them.`,
  check(bucket, graph) {
    if (!archives(graph).has(bucket)) return NOT_APPLICABLE;
    const moves = lifecycleOf(bucket).flatMap(transitionsOf);
    if (moves.length === 0) return fail(bucket.prop('LifecycleConfiguration'), 'moves nothing, so that what nobody reads any more is kept as what everybody reads', 'warning');
    return each(moves, (move) => {
      const storageClass = move.get('StorageClass').text() ?? '';
      const place = move.get('TransitionInDays');
      if (storageClass === IN_ONE_ZONE) return fail(move.get('StorageClass'), `is ${IN_ONE_ZONE}: a zone that is lost takes records along that nobody else has`);
      const [days, least] = [place.number() ?? 0, LEAST_AGES[storageClass] ?? 0];
      if (ASLEEP.includes(storageClass) && days < WARM_DAYS) {
        return fail(place, `moves records to ${storageClass} after ${days} days, from where they have to be restored before anybody reads them; they are warm for ${WARM_DAYS}`, 'warning');
      }
      return expect(days >= least, place, `moves objects to ${storageClass} after ${days} days, and S3 takes none that is younger than ${least}`);
    });
  },
});

function expires(bucket: Resource): readonly Outcome[] {
  const rules = lifecycleOf(bucket);
  const ends = rules.map((rule) => rule.get('ExpirationInDays')).filter(({ exists }) => exists);
  if (ends.length === 0) return fail(bucket.prop('LifecycleConfiguration'), 'lets records expire never, and nobody has decided that');
  return each(ends, (end) => {
    const [days, lock] = [end.number() ?? 0, lockedDays(bucket)];
    if (!(days >= COLD_DAYS)) return fail(end, `lets records expire after ${days} days; they are kept for ${COLD_DAYS}`);
    return expect(lock === undefined || days >= lock, end, `lets records expire after ${days} days, and they are locked for ${lock}: until then nothing expires`);
  });
}

/** With versions, expiry only puts a marker over an object (S3 guide, "Expiring objects"). */
function letsVersionsGo(bucket: Resource): readonly Outcome[] {
  const goes = lifecycleOf(bucket).some((rule) => rule.get('NoncurrentVersionExpiration').exists || rule.get('NoncurrentVersionExpirationInDays').exists);
  return expect(goes, bucket.prop('LifecycleConfiguration'), 'keeps the version of an expired record for ever: no rule lets noncurrent versions expire');
}

const expiry = defineRule('AUD-2', 'archive-expiry', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records end in',
  remediation: `Let objects expire after ${COLD_DAYS} days or more and not before their lock ends, and noncurrent versions soon after.`,
  check: (bucket, graph) => (archives(graph).has(bucket) ? all(() => expires(bucket), () => letsVersionsGo(bucket)) : NOT_APPLICABLE),
});

/** What Amazon Data Firehose collects where nothing is said (Firehose API, BufferingHints): less makes objects that S3 leaves where they are. */
const LEAST_BUFFER = { IntervalInSeconds: 300, SizeInMBs: 5 } as const;

const smallObjects = defineRule('AUD-2', 'small-objects', {
  appliesTo: [STREAM],
  extent: 'streams that a gate\'s records go through',
  remediation: `Set BufferingHints to ${LEAST_BUFFER.IntervalInSeconds} seconds and ${LEAST_BUFFER.SizeInMBs} MB or more, or` +
    ' TransitionDefaultMinimumObjectSize of the archive to varies_by_storage_class.',
  check(stream, graph) {
    if (!recordStreams(graph).has(stream)) return NOT_APPLICABLE;
    const arrival = arrivalOf(stream, graph);
    const kept = arrival && (handedOnTo(arrival).flatMap((target) => bucketAt(target, arrival, graph) ?? [])[0] ?? arrival);
    if (kept?.prop('LifecycleConfiguration').get('TransitionDefaultMinimumObjectSize').text() === 'varies_by_storage_class') return PASS;
    const hints = destinationOf(stream).get('BufferingHints');
    return all(...Object.entries(LEAST_BUFFER).map(([name, least]) => () => {
      const place = hints.get(name);
      const set = place.number() ?? least;
      return expect(set >= least, place, `is ${set}: so little makes objects below 128 KB, which S3 moves into no cold storage unless it is told to`);
    }));
  },
});

export const AUD_TIER_RULES = [transitions, expiry, smallObjects];
