import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AuditArchive, AuditPolicy, AuditTrail, ColdStorage, RetentionTiers } from '../../src';
import { DECLARED_ARCHIVE_METADATA, EMPTIED_TAG, POLICY_METADATA } from '../../src/audit/contract';
import { actionsOf, destroyed, type Found, found, type Statement, statements, trailTemplate, type TrailProps } from '../support/audit-template';

describe('The archive of an AuditTrail', () => {
  const archive = (given: Template): Found => found(given, 'AWS::S3::Bucket', 'AuditArchive');
  const policyOf = (given: Template, id = 'AuditArchivePolicy'): Statement[] => statements(found(given, 'AWS::S3::BucketPolicy', id));
  const denied = (given: Template, sid: string, id?: string): Statement | undefined => policyOf(given, id).find(({ Sid }) => Sid === sid);

  test('locks every object against everybody for 180 days, moves it after 30, and lets it go after 180', () => {
    expect(archive(trailTemplate())).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 180 } } },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'Tiers', Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }], ExpirationInDays: 180,
              NoncurrentVersionExpiration: { NoncurrentDays: 1 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            },
            { Id: 'Markers', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
          ],
        },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
      },
    });
  });

  test('follows other tiers', () => {
    const [warm, cold, lock, expiry] = [60, 400, 500, 600].map((days) => Duration.days(days));
    const given = trailTemplate(() => ({ tiers: RetentionTiers.ages({ warm, cold, lockedFor: lock, expiry, coldStorage: ColdStorage.INFREQUENT_ACCESS }) }));
    expect(archive(given).Properties).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 500 } } },
      LifecycleConfiguration: { Rules: [{ Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 60 }], ExpirationInDays: 600 }, {}] },
    });
  });

  test('is locked against all but who empties it, where it goes with its stack', () => {
    expect(archive(trailTemplate(destroyed))).toMatchObject({ DeletionPolicy: 'Delete', Properties: { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 180 } } } } });
  });

  test.each(['AuditArchivePolicy', 'AuditArrivalsPolicy'])('lets nobody delete, shorten or bypass (%s)', (id) => {
    const given = trailTemplate();
    expect(denied(given, 'NobodyDeletes', id)).toEqual({
      Sid: 'NobodyDeletes', Effect: 'Deny', Principal: { AWS: '*' },
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'],
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Audit/), 'Arn'] }, '/*']] },
    });
    expect(found(given, 'AWS::S3::BucketPolicy', id)).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  test('excepts one role where it goes with its stack', () => {
    expect(denied(trailTemplate(destroyed), 'NobodyDeletes')?.Condition).toEqual({ ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [expect.stringMatching(/^AuditEmptyingRole/), 'Arn'] } } });
  });

  test('takes no uploads: records come by replication', () => {
    expect(denied(trailTemplate(), 'NobodyUploads')).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject' });
    expect(denied(trailTemplate(), 'NobodyUploads')?.Condition).toBeUndefined();
  });

  test('is asked for by TLS alone', () => {
    const conditions = policyOf(trailTemplate()).filter(({ Action, Effect }) => Action === 's3:*' && Effect === 'Deny').map(({ Condition }) => Condition);
    expect(conditions).toEqual([{ Bool: { 'aws:SecureTransport': 'false' } }, { NumericLessThan: { 's3:TlsVersion': 1.2 } }]);
  });

  test('is read by whom the account lets, until readers are named, and then by them alone', () => {
    expect(denied(trailTemplate(), 'NobodyElseReads')).toBeUndefined();
    const stack = new Stack();
    const roles = ['A', 'B'].map((id) => new Role(stack, id, { assumedBy: new AccountRootPrincipal() }));
    const trail = new AuditTrail(stack, 'Audit', { readers: roles.slice(0, 1) });
    for (const role of roles) trail.grantRead(role);
    const given = Template.fromStack(stack);
    expect(denied(given, 'NobodyElseReads')).toMatchObject({
      Effect: 'Deny', Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': ['A', 'B'].map((id) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${id}`) as string, 'Arn'] })) } },
    });
    const policies = Object.entries(given.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('AuditReader'));
    expect(policies).toHaveLength(2);
    for (const [, policy] of policies) {
      const actions = actionsOf(policy as Found);
      expect(actions).toContain('s3:GetObject');
      expect(actions.filter((action) => /Delete|Retention|LegalHold|Replicate|PutBucket|\*/.test(action))).toEqual([]);
      const writes = statements(policy as Found).filter(({ Action }) => Action.includes('s3:PutObject'));
      expect(JSON.stringify(writes)).not.toContain('AuditArchive');
    }
  });

  test('states what is decided, on the log group and on the archive', () => {
    const policy = AuditPolicy.of({ document: 'docs/audit_policy.md', owner: 'Platform', erasure: 'The audit key is destroyed on request.' });
    const given = trailTemplate(() => ({ policy }));
    const stated = {
      document: 'docs/audit_policy.md', owner: 'Platform', retention: { hot: 7, warm: 30, cold: 180, lock: 180, expiry: 180 },
      personalData: expect.stringContaining('keyed hash') as string, erasure: 'The audit key is destroyed on request.',
    };
    for (const of of [archive(given), found(given, 'AWS::Logs::LogGroup', 'AuditHot')]) expect(of.Metadata?.[POLICY_METADATA]).toEqual(stated);
    expect(() => AuditPolicy.of({ erasure: 'no' })).toThrow('AuditPolicy.of: erasure is "no". Say it in a sentence');
  });

  test('is emptied before it goes, after nothing writes any more; what outlives its stack has nobody who could', () => {
    const given = trailTemplate(destroyed);
    const [id] = Object.keys(given.findResources('Custom::SecureCoreAuditEmptying'));
    given.hasResourceProperties('Custom::SecureCoreAuditEmptying', { Buckets: ['AuditArrivals', 'AuditArchive', 'AuditTableResults'].map((name) => ({ Ref: Match.stringLikeRegexp(`^${name}`) })) });
    expect(found(given, 'AWS::KinesisFirehose::DeliveryStream', 'AuditDeliveryStream').DependsOn).toContain(id);
    for (const name of ['AuditArrivals', 'AuditArchive', 'AuditTableResults']) expect(found(given, 'AWS::S3::Bucket', name).Properties.Tags).toContainEqual({ Key: EMPTIED_TAG, Value: 'true' });
    const may = statements(found(given, 'AWS::IAM::Policy', 'AuditEmptyingRole')).filter(({ Action }) => JSON.stringify(Action).includes('s3:'));
    expect(may.map(({ Action }) => Action)).toEqual([['s3:ListBucketVersions', 's3:GetBucketTagging'], ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']]);
    const kept = trailTemplate();
    kept.resourceCountIs('Custom::SecureCoreAuditEmptying', 0);
    kept.resourceCountIs('AWS::Lambda::Function', 0);
    expect(JSON.stringify(kept.toJSON())).not.toContain(EMPTIED_TAG);
  });

  test('refuses a removal policy that buckets do not know', () => {
    expect(() => trailTemplate(() => ({ removalPolicy: RemovalPolicy.SNAPSHOT }))).toThrow('Default/Audit: removalPolicy is "snapshot". Name RETAIN or DESTROY');
  });
});

describe('An archive that is there already', () => {
  const reason = 'The organization locks all logs for a year.';
  const existing = (changes: object = {}): TrailProps => (stack) => ({
    archive: AuditArchive.existing({
      bucket: Bucket.fromBucketName(stack, 'Central', 'central-logs'), encryptionKey: new Key(stack, 'CentralKey'), lockedFor: Duration.days(365), prefix: 'core/', reason, ...changes,
    }),
  });

  test('gets everything under its prefix, and is left as it is', () => {
    const given = trailTemplate(existing());
    expect(Object.keys(given.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('AuditArchive'))).toEqual([]);
    const arrivals = found(given, 'AWS::S3::Bucket', 'AuditArrivals');
    expect(arrivals.Metadata?.[DECLARED_ARCHIVE_METADATA]).toEqual({ reason, lockedForDays: 365 });
    expect(JSON.stringify(arrivals.Properties.ReplicationConfiguration)).toContain(':s3:::central-logs');
    given.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { Prefix: Match.stringLikeRegexp('^core/audit/day='), ErrorOutputPrefix: Match.stringLikeRegexp('^core/failed/') },
    });
    given.hasResourceProperties('AWS::Glue::Table', { TableInput: { StorageDescriptor: { Location: 's3://central-logs/core/audit/' } } });
  });

  test.each([
    ['a lock that is too short', { lockedFor: Duration.days(179) }, 'Default/Audit: archive.lockedFor is "179 days". The bucket has to lock records for 180 days or more'],
    ['a bucket whose key nobody names', { encryptionKey: undefined }, 'Default/Audit: archive.encryptionKey is nothing. Name the key of the bucket'],
    ['no reason', { reason: 'ours' }, 'Default/Audit: archive.reason is "ours". Say why in a sentence'],
  ])('refuses %s', (_, changes, message) => {
    expect(() => trailTemplate(existing(changes))).toThrow(message);
  });
});
