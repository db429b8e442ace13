import type { CfnResource, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { task } from '../../support/containers';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { KEY_ARN, policyOf, written } from '../../support/written';

const BUCKET = 'AWS::S3::Bucket';
const BLOCKED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const bucket = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}): CfnResource =>
  written(stack, 'Assets', BUCKET, { PublicAccessBlockConfiguration: BLOCKED, VersioningConfiguration: { Status: 'Enabled' }, ...properties });

describeRule('DAT-6.public-access', {
  compliant: {
    'four flags': (stack) => bucket(stack),
    'a bucket of the CDK': (stack) => new Bucket(stack, 'Bucket', { blockPublicAccess: BlockPublicAccess.BLOCK_ALL }),
    'a new bucket': (stack) => bucket(stack, { PublicAccessBlockConfiguration: undefined }),
  },
  violating: {
    ...Object.fromEntries(Object.keys(BLOCKED).map((flag) => [flag, {
      build: (stack: Stack) => bucket(stack, { PublicAccessBlockConfiguration: { ...BLOCKED, [flag]: undefined } }), message: /^is not true, so the bucket can be opened/, severity: 'error' as const,
    }])),
    'a list that everybody reads': { build: (stack) => bucket(stack, { AccessControl: 'PublicRead' }), message: /^opens the bucket to everybody/ },
  },
  override: { build: (stack) => bucket(stack).addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicPolicy', false), message: /^is not true/ },
  raw: { build: (stack) => written(stack, 'Raw', BUCKET, { PublicAccessBlockConfiguration: {} }), message: /^is not true/ },
  undecidable: (stack) => bucket(stack, { PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicAcls: deployTimeValue(stack) } }),
});

const REFUSE = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
function withPolicy(stack: Stack, statement: Readonly<Record<string, unknown>>): CfnResource {
  return written(stack, 'Policy', 'AWS::S3::BucketPolicy', { Bucket: bucket(stack).ref, PolicyDocument: policyOf(statement) });
}

describeRule('DAT-6.tls-only', {
  compliant: {
    'a policy that refuses the rest': (stack) => withPolicy(stack, REFUSE),
    'a bucket of the CDK': (stack) => new Bucket(stack, 'Bucket', { enforceSSL: true }),
    'a bucket by its name': (stack) => {
      bucket(stack, { BucketName: 'core-assets' });
      written(stack, 'Policy', 'AWS::S3::BucketPolicy', { Bucket: 'core-assets', PolicyDocument: policyOf(REFUSE) });
    },
  },
  violating: {
    'no policy': { build: (stack) => bucket(stack), message: /^may be read and written without TLS/, severity: 'error' },
    'a policy of another bucket': { build: (stack) => { withPolicy(stack, REFUSE); written(stack, 'Other', BUCKET, {}); }, message: /^may be read and written/ },
    'a policy that refuses writes': { build: (stack) => withPolicy(stack, { ...REFUSE, Action: 's3:PutObject' }), message: /^may be read and written/ },
    'a policy that allows': { build: (stack) => withPolicy(stack, { ...REFUSE, Effect: 'Allow' }), message: /^may be read and written/ },
    'a policy about one role': { build: (stack) => withPolicy(stack, { ...REFUSE, Principal: { AWS: 'arn:aws:iam::111122223333:role/core' } }), message: /^may be read and written/ },
    'a policy about all but one role': {
      build: (stack) => withPolicy(stack, { ...REFUSE, Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/core' } }), message: /^may be read and written/,
    },
    'the other way round': { build: (stack) => withPolicy(stack, { ...REFUSE, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), message: /^may be read and written/ },
    'a second condition': { build: (stack) => withPolicy(stack, { ...REFUSE, Condition: { ...REFUSE.Condition, StringEquals: { 'aws:PrincipalAccount': '1' } } }), message: /^may be read and written/ },
  },
  override: { build: (stack) => withPolicy(stack, REFUSE).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'), message: /^may be read and written/ },
  raw: { build: (stack) => written(stack, 'Raw', BUCKET), message: /^may be read and written/ },
  undecidable: {
    'a policy of the deployment': (stack) => written(stack, 'Policy', 'AWS::S3::BucketPolicy', { Bucket: bucket(stack).ref, PolicyDocument: deployTimeValue(stack) }),
    'a policy of a bucket of the deployment': (stack) => { bucket(stack); written(stack, 'Policy', 'AWS::S3::BucketPolicy', { Bucket: deployTimeValue(stack), PolicyDocument: policyOf(REFUSE) }); },
  },
});

const ALLOW = { Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::core/*' };

describeRule('DAT-6.policy', {
  compliant: {
    'a service that writes': (stack) => withPolicy(stack, ALLOW),
    'everybody of an account': (stack) => withPolicy(stack, { ...ALLOW, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }),
    'nothing but a refusal': (stack) => withPolicy(stack, REFUSE),
  },
  violating: {
    'everybody': { build: (stack) => withPolicy(stack, { ...ALLOW, Principal: '*' }), message: /^lets everybody in/, severity: 'error' },
    'every account': { build: (stack) => withPolicy(stack, { ...ALLOW, Principal: { AWS: '*' } }), message: /^lets everybody in/ },
    'every action': { build: (stack) => withPolicy(stack, { ...ALLOW, Action: 's3:*' }), message: /do everything with the bucket/ },
    'the whole bucket': { build: (stack) => withPolicy(stack, { ...ALLOW, Resource: '*' }), message: /^is everything in the bucket/ },
  },
  override: { build: (stack) => withPolicy(stack, ALLOW).addPropertyOverride('PolicyDocument.Statement.0.Principal', '*'), message: /^lets everybody in/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::S3::BucketPolicy', { PolicyDocument: policyOf({ ...ALLOW, Action: '*' }) }), message: /do everything/ },
  undecidable: {
    'somebody of the deployment': (stack) => withPolicy(stack, { ...ALLOW, Principal: deployTimeValue(stack) }),
    'a document of the deployment': (stack) => written(stack, 'Policy', 'AWS::S3::BucketPolicy', { PolicyDocument: deployTimeValue(stack) }),
  },
});

const owned = (by: unknown) => ({ OwnershipControls: { Rules: [{ ObjectOwnership: by }] } });

describeRule('DAT-6.owner', {
  compliant: { 'nothing said': (stack) => bucket(stack), 'the owner of the bucket': (stack) => bucket(stack, owned('BucketOwnerEnforced')) },
  violating: { 'who writes': { build: (stack) => bucket(stack, owned('ObjectWriter')), message: /^lets who writes an object decide/, severity: 'error' } },
  override: { build: (stack) => bucket(stack, owned('BucketOwnerEnforced')).addPropertyOverride('OwnershipControls.Rules.0.ObjectOwnership', 'BucketOwnerPreferred'), message: /^lets who writes/ },
  raw: { build: (stack) => written(stack, 'Raw', BUCKET, owned('BucketOwnerPreferred')), message: /^lets who writes/ },
  undecidable: (stack) => bucket(stack, owned(deployTimeValue(stack))),
});

describeRule('DAT-6.versioned', {
  compliant: { 'versions': (stack) => bucket(stack) },
  violating: {
    'nothing said': { build: (stack) => new Bucket(stack, 'Bucket'), message: /^is not Enabled, so what is overwritten/, severity: 'error' },
    'versions no more': { build: (stack) => bucket(stack, { VersioningConfiguration: { Status: 'Suspended' } }), message: /^is not Enabled/ },
  },
  override: { build: (stack) => bucket(stack).addPropertyDeletionOverride('VersioningConfiguration'), message: /^is not Enabled/ },
  raw: { build: (stack) => written(stack, 'Raw', BUCKET), message: /^is not Enabled/ },
  undecidable: (stack) => bucket(stack, { VersioningConfiguration: { Status: deployTimeValue(stack) } }),
  notApplicable: {
    'records of a load balancer': (stack) => loadBalancer(stack, { loadBalancerAttributes: [{ key: 'access_logs.s3.bucket', value: bucket(stack, { VersioningConfiguration: undefined }).ref }] }),
  },
});

const byKey = (rule: unknown) => ({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: rule }] } });
const OWN = byKey({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN });
function told(stack: Stack, properties: Readonly<Record<string, unknown>>): CfnResource {
  const assets = bucket(stack, properties);
  task(stack, { environment: [{ name: 'ASSET_BUCKET', value: assets.ref }] });
  return assets;
}

describeRule('DAT-6.encrypted', {
  compliant: { 'a key of somebody\'s own': (stack) => told(stack, OWN), 'two layers': (stack) => told(stack, byKey({ SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: KEY_ARN })) },
  violating: {
    'nothing said': { build: (stack) => told(stack, {}), message: /^is not set, so S3 encrypts/, severity: 'error' },
    'a key of S3': { build: (stack) => told(stack, byKey({ SSEAlgorithm: 'AES256' })), message: /^is not aws:kms/ },
    'a key of AWS': { build: (stack) => told(stack, byKey({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' })), message: /^is not a key of yours/ },
    'no key': { build: (stack) => told(stack, byKey({ SSEAlgorithm: 'aws:kms' })), message: /^is not a key of yours/ },
  },
  override: { build: (stack) => told(stack, OWN).addPropertyDeletionOverride('BucketEncryption'), message: /^is not set/ },
  raw: { build: (stack) => { written(stack, 'Raw', BUCKET, { BucketName: 'core-assets' }); task(stack, { environment: [{ name: 'ASSET_BUCKET', value: 'core-assets' }] }); }, message: /^is not set/ },
  undecidable: (stack) => told(stack, byKey({ SSEAlgorithm: deployTimeValue(stack) })),
  notApplicable: { 'a bucket that no program is told of': (stack) => bucket(stack) },
});
