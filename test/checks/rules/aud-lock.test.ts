import { CfnResource, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AuditArchive } from '../../../src';
import { DECLARED_ARCHIVE_METADATA } from '../../../src/audit/contract';
import { auditPath, type PathOptions } from '../../support/audit-path';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const locking = (defaultRetention: CfnBucket.DefaultRetentionProperty | undefined): PathOptions => ({
  archive: { objectLockConfiguration: { objectLockEnabled: 'Enabled', ...(defaultRetention && { rule: { defaultRetention } }) } },
});

/** A path whose archive goes with its stack. */
function passing(stack: Stack, mode?: string): void {
  const { archive } = auditPath(stack, locking({ mode, days: 180 }));
  archive.cfnOptions.deletionPolicy = undefined;
  archive.cfnOptions.updateReplacePolicy = undefined;
}

/** Records are handed on to a bucket that is in no template. @param declared what is said of it */
function elsewhere(stack: Stack, declared?: object): CfnBucket {
  const { arrivals } = auditPath(stack);
  arrivals.addPropertyOverride('ReplicationConfiguration.Rules.0.Destination.Bucket', 'arn:aws:s3:::central-logs');
  if (declared) arrivals.addMetadata(DECLARED_ARCHIVE_METADATA, declared);
  return arrivals;
}

const REASON = 'The organization locks all logs for a year.';

describeRule('AUD-3.locked', {
  compliant: {
    'the audit trail that outlives its stack': (stack) => keptTrail(stack),
    'the audit trail that goes with its stack': (stack) => keptTrail(stack, { removalPolicy: RemovalPolicy.DESTROY }),
    'the audit trail with a bucket of somebody else\'s': (stack) => keptTrail(stack, {
      archive: AuditArchive.existing({ bucket: Bucket.fromBucketName(stack, 'Central', 'central-logs'), encryptionKey: new Key(stack, 'CentralKey'), lockedFor: Duration.days(365), reason: REASON }),
    }),
    'an archive by hand': (stack) => auditPath(stack),
    'years': (stack) => auditPath(stack, locking({ mode: 'COMPLIANCE', years: 1 })),
    'governance of what goes with its stack': (stack) => passing(stack, 'GOVERNANCE'),
    'a declared archive elsewhere': (stack) => elsewhere(stack, { reason: REASON, lockedForDays: 365 }),
  },
  violating: {
    'no lock': { build: (stack) => auditPath(stack, { archive: { objectLockEnabled: undefined, objectLockConfiguration: undefined } }), message: /is not true, so that whoever may delete objects deletes records/, severity: 'error' },
    'a lock that locks nothing by itself': { build: (stack) => auditPath(stack, locking(undefined)), message: /only what somebody locks is locked/ },
    'a rule without the word': {
      build: (stack) => auditPath(stack, { archive: { objectLockConfiguration: { rule: { defaultRetention: { mode: 'COMPLIANCE', days: 180 } } } } }),
      message: /is not Enabled, and nothing says that S3 locks/,
    },
    'governance of what outlives its stack': { build: (stack) => auditPath(stack, locking({ mode: 'GOVERNANCE', days: 180 })), message: /is GOVERNANCE: of a bucket that outlives its stack/ },
    'no mode': { build: (stack) => passing(stack), message: /is not set/ },
    '179 days': { build: (stack) => auditPath(stack, locking({ mode: 'COMPLIANCE', days: 179 })), message: /locks records for 179 days; they are kept for 180/ },
    'no days': { build: (stack) => auditPath(stack, locking({ mode: 'COMPLIANCE' })), message: /for 0 days/ },
    'a direct delivery into a bucket without a lock': {
      build: (stack) => auditPath(stack, { direct: true, archive: { objectLockEnabled: false }, arrivals: { replicationConfiguration: undefined } }), message: /is not true/,
    },
    'records that are handed on by a rule that is off': {
      build: (stack) => auditPath(stack).arrivals.addPropertyOverride('ReplicationConfiguration.Rules.0.Status', 'Disabled'), message: /is not true/,
    },
    'an archive elsewhere that locks for less': { build: (stack) => elsewhere(stack, { reason: REASON, lockedForDays: 30 }), message: /says that records are locked for 30 days/ },
    'an archive elsewhere of which nobody says whose it is': { build: (stack) => elsewhere(stack, { reason: ' ', lockedForDays: 365 }), message: /does not say who keeps/ },
  },
  override: { build: (stack) => auditPath(stack).archive.addPropertyOverride('ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE'), message: /is GOVERNANCE/ },
  raw: {
    build: (stack) => {
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::S3::Bucket', properties: { ObjectLockEnabled: 'false' } });
      auditPath(stack).arrivals.addPropertyOverride('ReplicationConfiguration.Rules.0.Destination.Bucket', stack.resolve(raw.getAtt('Arn')));
    },
    message: /is not true/,
  },
  undecidable: {
    'a mode known at deployment': (stack) => auditPath(stack).archive.addPropertyOverride('ObjectLockConfiguration.Rule.DefaultRetention.Mode', deployTimeValue(stack)),
    'an archive that is in no template': (stack) => elsewhere(stack),
  },
  notApplicable: { 'a bucket that no record ends in': (stack) => new CfnResource(stack, 'Plain', { type: 'AWS::S3::Bucket' }) },
});
