import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AssetBucket, type AssetBucketProps, type ICoreStore, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { containersIn } from '../support/gate';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const BUCKET = 'AWS::S3::Bucket';
const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';

function made(props: (stack: Stack) => AssetBucketProps = () => ({})): Template {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  new AssetBucket(stack, 'Assets', props(stack));
  return Template.fromStack(stack);
}

/** A Core that uses a store, and the statements of its task's role. */
function using(store: (stack: Stack) => ICoreStore): { readonly template: Template; readonly statements: () => readonly Record<string, unknown>[] } {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  remoteCore(stack, { stores: [store(stack)] });
  const template = Template.fromStack(stack);
  const statements = (): Record<string, unknown>[] => Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith('CoreServiceTaskTaskRole'))
    .flatMap(([, { Properties }]) => (Properties as { PolicyDocument: { Statement: Record<string, unknown>[] } }).PolicyDocument.Statement);
  return { template, statements };
}

describe('AssetBucket', () => {
  test('is private in all four ways, and knows no owner but its own', () => {
    made().hasResourceProperties(BUCKET, {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      AccessControl: Match.absent(),
      WebsiteConfiguration: Match.absent(),
    });
  });

  test('is encrypted with a key that is renewed, or with yours', () => {
    const encryption = (key: unknown): object => ({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } }] },
    });
    made().hasResourceProperties(BUCKET, encryption({ 'Fn::GetAtt': [Match.stringLikeRegexp('^AssetsKey'), 'Arn'] }));
    made().hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    const given = made((stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Given', KEY_ARN) }));
    given.hasResourceProperties(BUCKET, encryption(KEY_ARN));
    given.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('keeps versions for a while, and nothing that nobody finished', () => {
    made().hasResourceProperties(BUCKET, {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        ExpirationInDays: Match.absent() }] },
    });
    made(() => ({ keepOldVersions: Duration.days(90), expireAfter: Duration.days(365) })).hasResourceProperties(BUCKET, {
      LifecycleConfiguration: { Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 90 }, ExpirationInDays: 365 })] },
    });
  });

  test('refuses everybody who comes without TLS, or with one older than 1.2', () => {
    const denied = (Condition: object): object => ({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^AssetsBucket'), 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^AssetsBucket'), 'Arn'] }, '/*']] }],
      Condition,
    });
    made().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: [denied({ Bool: { 'aws:SecureTransport': 'false' } }), denied({ NumericLessThan: { 's3:TlsVersion': 1.2 } })] },
    });
  });

  test('lets nobody in by its own policy', () => {
    const [policy] = Object.values(made().findResources('AWS::S3::BucketPolicy')) as { Properties: { PolicyDocument: { Statement: { Effect: string }[] } } }[];
    expect(policy?.Properties.PolicyDocument.Statement.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny']);
  });

  test.each([[Size.DEV, 'Delete', 1], [Size.STANDARD, 'Delete', 1], [Size.PRODUCTION, 'Retain', 0]])('outlives its stack as %s says', (size, policy, emptied) => {
    const template = made(() => ({ size }));
    template.hasResource(BUCKET, { DeletionPolicy: policy, UpdateReplacePolicy: policy });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: policy });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', emptied);
  });

  test('logs where it is told to', () => {
    made().hasResourceProperties(BUCKET, { LoggingConfiguration: Match.absent() });
    made((stack) => ({ accessLogs: Bucket.fromBucketName(stack, 'Logs', 'acme-access-logs') })).hasResourceProperties(BUCKET, { LoggingConfiguration: { DestinationBucketName: 'acme-access-logs' } });
  });

  test('keeps its logical ids: another one would be another bucket', () => {
    expect(Object.keys(made().toJSON().Resources as object).filter((id) => id.startsWith('Assets')).sort()).toEqual(['AssetsBucket252B3DF7', 'AssetsBucketPolicy75E1DDEC', 'AssetsKey3C0C85BF']);
  });

  test.each([
    ['keepOldVersions', { keepOldVersions: Duration.hours(12) }, 'Test/Assets: keepOldVersions is "12 hours". Name whole days, 1 or more: S3 counts in days.'],
    ['expireAfter', { expireAfter: Duration.hours(36) }, 'Test/Assets: expireAfter is "1 day 12 hours". Name whole days'],
    ['expireAfter of nothing', { expireAfter: Duration.days(0) }, 'Test/Assets: expireAfter is "0 days". Name whole days'],
  ])('refuses %s that S3 does not count in', (_, props, message) => {
    expect(() => made(() => props)).toThrow(message);
  });

  test('refuses a log of another region', () => {
    const logs = (stack: Stack): AssetBucketProps => ({ accessLogs: Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'logs', region: 'us-east-1' }) });
    expect(() => made(logs)).toThrow('Test/Assets: accessLogs is "of us-east-1". This stack is in eu-central-1');
  });

  test('our own pack and AwsSolutions have nothing to say of it', () => {
    const app = new App();
    new AssetBucket(new Stack(app, 'Test', { env: ENV }), 'Assets');
    expect(judge(treeTemplates(app)).findings.filter(({ logicalId }) => logicalId.startsWith('Assets'))).toEqual([]);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('A Core with an AssetBucket', () => {
  const { template, statements } = using((stack) => new AssetBucket(stack, 'Assets'));

  test('is told where it is, and has no keys to it', () => {
    const { Environment = [], Secrets = [] } = containersIn(template).Core ?? {};
    expect(Environment).toEqual([
      { Name: 'ASSET_BUCKET', Value: { Ref: expect.stringMatching(/^AssetsBucket/) as string } },
      { Name: 'S3_REGION', Value: 'eu-central-1' },
      { Name: 'S3_ENDPOINT_URL', Value: { 'Fn::Join': ['', ['https://s3.eu-central-1.', { Ref: 'AWS::URLSuffix' }]] } },
    ]);
    expect(Secrets).toEqual([]);
    template.resourceCountIs('AWS::IAM::AccessKey', 0);
  });

  test('may read, write and delete its objects, and use its key for that, and nothing else', () => {
    expect(statements().filter(({ Action }) => /s3:|kms:/.test(JSON.stringify(Action))).filter((statement) => JSON.stringify(statement).includes('Assets'))).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^AssetsBucket/), 'Arn'] }, '/*']] },
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^AssetsKey/), 'Arn'] },
        Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
      },
    ]);
  });

  test('reaches it privately: the network\'s own way to S3 lets through what was granted', () => {
    const policies = JSON.stringify(Object.values(template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Gateway' } })));
    expect(policies).toContain('s3:AbortMultipartUpload');
  });

  test('needs no authorities beside those of its image', () => {
    expect(Object.keys(containersIn(template))).toEqual(['Core', 'Gate']);
  });
});

describe('A bucket that exists already', () => {
  test('is used as it is, its key where that is known', () => {
    const { template, statements } = using((stack) => AssetBucket.fromBucket(Bucket.fromBucketAttributes(stack, 'Bucket', {
      bucketName: 'acme-assets', encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    })));
    expect(containersIn(template).Core?.Environment).toContainEqual({ Name: 'ASSET_BUCKET', Value: 'acme-assets' });
    expect(statements()).toContainEqual(expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY_ARN }));
    expect(template.findResources(BUCKET, { Properties: { BucketName: 'acme-assets' } })).toEqual({});
  });

  test('is refused in another region, where no endpoint leads', () => {
    expect(() => using((stack) => AssetBucket.fromBucket(Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'acme-assets', region: 'us-east-1' }))))
      .toThrow('Test/Core/Service: stores is "of us-east-1". This stack is in eu-central-1: name one of that region.');
  });
});
