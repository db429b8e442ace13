import { CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import { type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ColdStorage, RetentionTiers } from '../../../src';
import { COLD_DAYS } from '../../../src/checks/rules/aud-tiers';
import { auditPath, LIFECYCLE, LOCK } from '../../support/audit-path';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Lifecycle = CfnBucket.LifecycleConfigurationProperty;
type Rule = CfnBucket.RuleProperty;

const trail = (stack: Stack, tiers?: RetentionTiers): unknown => keptTrail(stack, { tiers });

const withRule = (rule: Partial<Rule>): { archive: { lifecycleConfiguration: Lifecycle } } => ({
  archive: { lifecycleConfiguration: { rules: [{ ...(LIFECYCLE.rules as Rule[])[0], status: 'Enabled', ...rule }] } },
});
const moving = (storageClass: string, transitionInDays: number): ReturnType<typeof withRule> => withRule({ transitions: [{ storageClass, transitionInDays }] });
const PLAIN_BUCKET = { 'a bucket that no record ends in': (stack: Stack) => new CfnResource(stack, 'Plain', { type: 'AWS::S3::Bucket' }) };

/** A bucket that nobody typed, in the place of the archive. */
const rawArchive = (stack: Stack, properties: object): CfnResource => {
  const { arrivals } = auditPath(stack);
  const raw = new CfnResource(stack, 'Raw', { type: 'AWS::S3::Bucket', properties });
  arrivals.addPropertyOverride('ReplicationConfiguration.Rules.0.Destination.Bucket', stack.resolve(raw.getAtt('Arn')));
  return raw;
};

describeRule('AUD-2.archive-transitions', {
  compliant: {
    'the audit trail': (stack) => trail(stack),
    'the audit trail with another cold storage': (stack) => trail(stack, RetentionTiers.ages({ coldStorage: ColdStorage.INFREQUENT_ACCESS })),
    'an archive by hand': (stack) => auditPath(stack),
    'an archive that records are delivered into': (stack) => auditPath(stack, { direct: true, arrivals: { replicationConfiguration: undefined } }),
    'infrequent access from the 30th day': (stack) => auditPath(stack, moving('STANDARD_IA', 30)),
    'what has to be restored, from the 30th day': (stack) => auditPath(stack, moving('DEEP_ARCHIVE', 30)),
    'instant retrieval from the first day': (stack) => auditPath(stack, moving('GLACIER_IR', 0)),
    'one transition that is no list': (stack) => auditPath(stack, withRule({ transitions: undefined, transition: { storageClass: 'GLACIER', transitionInDays: 90 } })),
  },
  violating: {
    'infrequent access on the 7th day': { build: (stack) => auditPath(stack, moving('STANDARD_IA', 7)), message: /moves objects to STANDARD_IA after 7 days, and S3 takes none that is younger than 30/, severity: 'error' },
    'one zone': { build: (stack) => auditPath(stack, moving('ONEZONE_IA', 30)), message: /is ONEZONE_IA: a zone that is lost takes records along/, severity: 'error' },
    'what has to be restored, on the 10th day': { build: (stack) => auditPath(stack, moving('GLACIER', 10)), message: /to GLACIER after 10 days, from where they have/, severity: 'warning' },
    'no transition': { build: (stack) => auditPath(stack, withRule({ transitions: undefined })), message: /moves nothing/, severity: 'warning' },
    'a rule that is off': { build: (stack) => auditPath(stack, withRule({ status: 'Disabled' })), message: /moves nothing/ },
    'an archive that records are delivered into': { build: (stack) => auditPath(stack, { ...moving('STANDARD_IA', 1), direct: true, arrivals: { replicationConfiguration: undefined } }), message: /after 1 days/ },
  },
  override: { build: (stack) => auditPath(stack).archive.addPropertyOverride('LifecycleConfiguration.Rules.0.Transitions.0', { StorageClass: 'STANDARD_IA', TransitionInDays: 3 }), message: /STANDARD_IA after 3 days/ },
  raw: { build: (stack) => rawArchive(stack, { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: '8' }] }] } }), message: /after 8 days/ },
  undecidable: {
    'days known at deployment': (stack) => auditPath(stack).archive.addPropertyOverride('LifecycleConfiguration.Rules.0.Transitions.0.TransitionInDays', deployTimeValue(stack)),
    'rules known at deployment': (stack) => auditPath(stack).archive.addPropertyOverride('LifecycleConfiguration.Rules', deployTimeValue(stack)),
  },
  notApplicable: PLAIN_BUCKET,
});

describeRule('AUD-2.archive-expiry', {
  compliant: {
    'the audit trail': (stack) => trail(stack),
    'the audit trail with more days': (stack) => trail(stack, RetentionTiers.durations({ expiry: Duration.days(400) })),
    'an archive by hand': (stack) => auditPath(stack),
    'a year under a lock of a year': (stack) => auditPath(stack, {
      archive: { ...withRule({ expirationInDays: 365 }).archive, objectLockConfiguration: { objectLockEnabled: 'Enabled', rule: { defaultRetention: { mode: 'COMPLIANCE', years: 1 } } } },
    }),
    'noncurrent versions as they were written once': (stack) => auditPath(stack, withRule({ noncurrentVersionExpiration: undefined, noncurrentVersionExpirationInDays: 1 })),
  },
  violating: {
    [`${COLD_DAYS - 1} days`]: { build: (stack) => auditPath(stack, withRule({ expirationInDays: COLD_DAYS - 1 })), message: /expire after 179 days; they are kept for 180/, severity: 'error' },
    'no expiry': { build: (stack) => auditPath(stack, withRule({ expirationInDays: undefined })), message: /expire never/ },
    'no lifecycle': { build: (stack) => auditPath(stack, { archive: { lifecycleConfiguration: undefined } }), message: /expire never/ },
    'an expiry before the lock ends': {
      build: (stack) => auditPath(stack, { archive: { objectLockConfiguration: { ...LOCK, rule: { defaultRetention: { mode: 'COMPLIANCE', days: 365 } } } } }), message: /expire after 180 days, and they are locked for 365/,
    },
    'versions that stay for ever': { build: (stack) => auditPath(stack, withRule({ noncurrentVersionExpiration: undefined })), message: /keeps the version of an expired record for ever/ },
    'days that are no number': { build: (stack) => auditPath(stack).archive.addPropertyOverride('LifecycleConfiguration.Rules.0.ExpirationInDays', 'a year'), message: /after NaN days/ },
  },
  override: { build: (stack) => auditPath(stack).archive.addPropertyOverride('LifecycleConfiguration.Rules.0.ExpirationInDays', 30), message: /after 30 days/ },
  raw: { build: (stack) => rawArchive(stack, { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: '90' }] } }), message: /after 90 days/ },
  undecidable: (stack) => auditPath(stack).archive.addPropertyOverride('LifecycleConfiguration.Rules.0.ExpirationInDays', deployTimeValue(stack)),
  notApplicable: PLAIN_BUCKET,
});

const buffering = (intervalInSeconds?: number, sizeInMBs?: number): { stream: { bufferingHints: object } } => ({ stream: { bufferingHints: { intervalInSeconds, sizeInMBs } } });

describeRule('AUD-2.small-objects', {
  compliant: {
    'the audit trail': (stack) => trail(stack),
    'a stream by hand': (stack) => auditPath(stack),
    'what Firehose collects by itself': (stack) => auditPath(stack, { stream: { bufferingHints: undefined } }),
    'small objects that are moved': (stack) => auditPath(stack, {
      ...buffering(60, 1), archive: { lifecycleConfiguration: { ...LIFECYCLE, transitionDefaultMinimumObjectSize: 'varies_by_storage_class' } },
    }),
  },
  violating: {
    'a minute': { build: (stack) => auditPath(stack, buffering(60, 128)), message: /is 60: so little makes objects below 128 KB/, severity: 'error' },
    'a megabyte': { build: (stack) => auditPath(stack, buffering(900, 1)), message: /is 1: so little/ },
    'nothing at all': { build: (stack) => auditPath(stack, buffering(0)), message: /is 0: so little/ },
  },
  override: { build: (stack) => auditPath(stack).stream.addPropertyOverride('ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds', 10), message: /is 10/ },
  raw: {
    build: (stack) => {
      const { filter, arrivals } = auditPath(stack);
      const properties = { S3DestinationConfiguration: { BucketARN: arrivals.attrArn, BufferingHints: { SizeInMBs: '2' } } };
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::KinesisFirehose::DeliveryStream', properties });
      filter.addPropertyOverride('DestinationArn', stack.resolve(raw.getAtt('Arn')));
    },
    message: /is 2/,
  },
  undecidable: (stack) => auditPath(stack).stream.addPropertyOverride('ExtendedS3DestinationConfiguration.BufferingHints.IntervalInSeconds', deployTimeValue(stack)),
  notApplicable: {
    'a stream of something else': (stack) => new CfnResource(stack, 'Other', {
      type: 'AWS::KinesisFirehose::DeliveryStream', properties: { S3DestinationConfiguration: { BufferingHints: { SizeInMBs: 1 } } },
    }),
  },
});
