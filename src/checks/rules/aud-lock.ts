import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { COLD_DAYS, lockedDays } from './aud-tiers';
import { archives, arrivals, BUCKET, declaredArchive, handedOnTo } from './audit-path';
import { bucketAt } from './buckets';

/** What CloudFormation leaves where it is when a stack goes. */
const KEPT = ['Retain', 'RetainExceptOnCreate'];

export const isKept = (resource: Resource): boolean => KEPT.includes(resource.attribute('DeletionPolicy').text() ?? 'Delete');

function isLocked(bucket: Resource): readonly Outcome[] {
  const enabled = bucket.prop('ObjectLockEnabled');
  if (enabled.flag() !== true) return fail(enabled, 'is not true, so that whoever may delete objects deletes records');
  const retention = bucket.prop('ObjectLockConfiguration').get('Rule').get('DefaultRetention');
  if (!retention.exists) return fail(retention, 'is not set, so that only what somebody locks is locked, and Amazon Data Firehose locks nothing');
  return all(
    () => {
      const place = retention.get('Mode');
      if (place.text() === 'COMPLIANCE') return PASS;
      return expect(place.text() === 'GOVERNANCE' && !isKept(bucket), place, `is ${place.text() ?? 'not set'}: of a bucket that outlives its stack somebody could delete what only COMPLIANCE keeps`);
    },
    () => {
      const days = lockedDays(bucket);
      return expect(days !== undefined && days >= COLD_DAYS, retention, `locks records for ${days ?? 0} days; they are kept for ${COLD_DAYS}`);
    },
    () => {
      // S3 asks for the word, and says nowhere what it does without (S3 API, ObjectLockConfiguration).
      const place = bucket.prop('ObjectLockConfiguration').get('ObjectLockEnabled');
      return expect(place.text() === 'Enabled', place, 'is not Enabled, and nothing says that S3 locks by a rule without the word');
    },
  );
}

/** An archive that is in none of the templates is one that somebody declares, or nobody knows. */
function isDeclared(arrival: Resource, graph: TemplateGraph): readonly Outcome[] {
  const away = handedOnTo(arrival).filter((target) => bucketAt(target, arrival, graph) === undefined);
  return each(away, (target) => {
    const declared = declaredArchive(arrival);
    if (!declared.exists) return undecidable(target, 'is a bucket that is in none of the templates, so whether it locks records is not known');
    const days = declared.get('lockedForDays');
    if ((declared.get('reason').text() ?? '').trim() === '') return fail(declared.get('reason'), 'does not say who keeps the records that are handed on');
    return expect((days.number() ?? 0) >= COLD_DAYS, days, `says that records are locked for ${days.number() ?? 0} days; they are kept for ${COLD_DAYS}`);
  });
}

const locked = defineRule('AUD-3', 'locked', {
  appliesTo: [BUCKET],
  extent: 'buckets that a gate\'s records end in, by default retention; what a lock is worth once AWS itself errs is nobody\'s to check',
  remediation: `Set ObjectLockEnabled to true and a DefaultRetention of ${COLD_DAYS} days or more, in mode COMPLIANCE where the bucket outlives its stack. In CDK, AuditTrail does.`,
  check(bucket, graph) {
    const outcomes = archives(graph).has(bucket) ? isLocked(bucket) : NOT_APPLICABLE;
    return arrivals(graph).has(bucket) ? [...outcomes, ...isDeclared(bucket, graph)] : outcomes;
  },
});

export const AUD_LOCK_RULES = [locked];
