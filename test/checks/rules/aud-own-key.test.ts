import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { auditPath } from '../../support/audit-path';
import { keptTrail } from '../../support/kept-trail';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';

type Encryption = CfnBucket.ServerSideEncryptionByDefaultProperty;

/** Buckets by a key of somebody's, but for one of them. */
function encrypted(stack: Stack, by: Encryption | undefined, where: 'archive' | 'arrivals' = 'archive'): CfnBucket {
  const path = auditPath(stack);
  const byDefault = (serverSideEncryptionByDefault: Encryption): CfnBucket.BucketEncryptionProperty => ({ serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault }] });
  path.archive.bucketEncryption = path.arrivals.bucketEncryption = byDefault({ sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY });
  path[where].bucketEncryption = by && byDefault(by);
  return path[where];
}
const KEYLESS = /names no key of yours, so that whoever may read the bucket reads every record/;

describeRule('AUD-4.own-key', {
  compliant: {
    'the audit trail': (stack) => keptTrail(stack),
    'a key by its ARN': (stack) => encrypted(stack, { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY }),
    'a key of the app, twice over': (stack) => encrypted(stack, { sseAlgorithm: 'aws:kms:dsse', kmsMasterKeyId: new CfnKey(stack, 'Key', { keyPolicy: {} }).attrArn }),
  },
  violating: {
    'nothing said': { build: (stack) => encrypted(stack, undefined), message: KEYLESS, severity: 'warning' },
    'a key of S3\'s own': { build: (stack) => encrypted(stack, { sseAlgorithm: 'AES256' }, 'arrivals'), message: KEYLESS },
    'the key of the account': { build: (stack) => encrypted(stack, { sseAlgorithm: 'aws:kms' }), message: KEYLESS },
    'the key of the account by its name': { build: (stack) => encrypted(stack, { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'alias/aws/s3' }), message: KEYLESS },
  },
  override: { build: (stack) => encrypted(stack, { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY }).addPropertyDeletionOverride('BucketEncryption'), message: KEYLESS },
  raw: {
    build: (stack) => {
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::S3::Bucket' });
      auditPath(stack).stream.addPropertyOverride('ExtendedS3DestinationConfiguration.BucketARN', stack.resolve(raw.getAtt('Arn')));
    },
    message: KEYLESS,
  },
  undecidable: (stack) => encrypted(stack, { sseAlgorithm: deployTimeValue(stack), kmsMasterKeyId: KEY }),
  notApplicable: { 'a bucket that no record ends in': (stack) => new CfnResource(stack, 'Plain', { type: 'AWS::S3::Bucket' }) },
});
