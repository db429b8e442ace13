import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AuditTrail, SecureCoreChecks } from '../../src';
import { HOT_DAYS } from '../../src/checks/rules/aud';
import { actionsOf, destroyed, type Found, found, statements, trailTemplate } from '../support/audit-template';

describe('The hot tier of an AuditTrail', () => {
  test('keeps records searchable for its days, outlives its stack and cannot be deleted', () => {
    const audit = trailTemplate();
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    expect(found(audit, 'AWS::Logs::LogGroup', 'AuditHot')).toMatchObject({ Properties: { RetentionInDays: HOT_DAYS, DeletionProtectionEnabled: true }, ...kept });
    expect<number>(RetentionDays.ONE_WEEK).toBe(HOT_DAYS);
  });

  test('goes with its stack where asked, which deletion protection would prevent', () => {
    const group = found(trailTemplate(destroyed), 'AWS::Logs::LogGroup', 'AuditHot');
    expect(group).toMatchObject({ DeletionPolicy: 'Delete' });
    expect(group.Properties.DeletionProtectionEnabled).toBeUndefined();
  });

  test('encrypts with a key of its own that is renewed every year', () => {
    const audit = trailTemplate();
    audit.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    audit.resourceCountIs('AWS::KMS::Key', 1);
    expect(found(audit, 'AWS::Logs::LogGroup', 'AuditHot').Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [Object.keys(audit.findResources('AWS::KMS::Key'))[0], 'Arn'] });
  });

  test('encrypts with the key it is given, which lets CloudWatch Logs of this region use it', () => {
    const audit = trailTemplate((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    audit.resourceCountIs('AWS::KMS::Key', 1);
    audit.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } });
    audit.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
        })]),
      }),
    });
  });

  test('masks e-mail addresses and card numbers beside credentials', () => {
    const written = JSON.stringify(found(trailTemplate(), 'AWS::Logs::LogGroup', 'AuditHot').Properties.DataProtectionPolicy);
    for (const identifier of ['EmailAddress', 'CreditCardNumber', 'AwsSecretKey', 'ApiKey']) expect(written).toContain(identifier);
  });

  test('has the queries saved that a review begins with', () => {
    const queries = Object.values(trailTemplate().findResources('AWS::Logs::QueryDefinition')) as Found[];
    expect(queries.map(({ Properties }) => String(Properties.Name).split('/')[1]).sort()).toEqual(['lines-with-auth', 'lines-with-error', 'refusals-by-identity']);
    for (const { Properties } of queries) {
      expect(Properties.LogGroupNames).toEqual([{ Ref: expect.stringMatching(/^AuditHot/) as string }]);
      const commands = String(Properties.QueryString).split('\n| ').map((command) => command.split(' ')[0] ?? '');
      expect(commands.filter((command) => !['fields', 'filter', 'stats', 'sort', 'limit'].includes(command))).toEqual([]);
    }
  });
});

describe('The way from the hot tier to the archive', () => {
  const audit = trailTemplate();

  test('begins with records and marks alone, and nothing of what the Core says', () => {
    audit.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: { Ref: Match.stringLikeRegexp('^AuditHot') },
      FilterPattern: '{ ($.event = "audit") || ($.event = "audit-mark") }',
      DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditDeliveryStream'), 'Arn'] },
    });
  });

  test('unpacks what CloudWatch Logs packs, collects as much as it may, and puts what fails under a prefix of its own', () => {
    audit.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: Match.anyValue() },
      ExtendedS3DestinationConfiguration: {
        BucketARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditArrivals'), 'Arn'] },
        Prefix: 'audit/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        CompressionFormat: 'GZIP',
        BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: { Ref: Match.stringLikeRegexp('^AuditDeliveryErrors') }, LogStreamName: Match.anyValue() },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            { Type: 'Decompression', Parameters: [{ ParameterName: 'CompressionFormat', ParameterValue: 'GZIP' }] },
            { Type: 'CloudWatchLogProcessing', Parameters: [{ ParameterName: 'DataMessageExtraction', ParameterValue: 'true' }] },
            { Type: 'AppendDelimiterToRecord' },
          ],
        },
      },
    });
  });

  test('lets the stream write where records arrive, and read and delete nothing', () => {
    const policy = found(audit, 'AWS::IAM::Policy', 'AuditDeliveryWrites');
    expect(actionsOf(policy)).toEqual([
      's3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads', 's3:AbortMultipartUpload', 's3:PutObject', 'kms:Decrypt', 'kms:GenerateDataKey', 'logs:PutLogEvents',
    ]);
    expect(JSON.stringify(policy)).not.toContain('AuditArchive');
    expect(found(audit, 'AWS::KinesisFirehose::DeliveryStream', 'AuditDeliveryStream').DependsOn).toContainEqual(expect.stringMatching(/^AuditDeliveryWrites/));
  });

  test('lets CloudWatch Logs of this account hand records on, to this one stream', () => {
    expect(statements(found(audit, 'AWS::IAM::Policy', 'AuditDeliveryHandsOn'))).toEqual([
      { Effect: 'Allow', Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^AuditDeliveryStream/), 'Arn'] } },
    ]);
    audit.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'logs.amazonaws.com' }, Condition: { StringLike: { 'aws:SourceArn': Match.anyValue() } } }] },
    });
  });

  test('ends in the archive by replication, whose role reads what arrived and writes replicas', () => {
    audit.hasResourceProperties('AWS::S3::Bucket', {
      ReplicationConfiguration: {
        Rules: [{
          Id: 'ToArchive', Status: 'Enabled', Filter: { Prefix: '' }, DeleteMarkerReplication: { Status: 'Disabled' },
          Destination: { Bucket: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditArchive'), 'Arn'] }, EncryptionConfiguration: { ReplicaKmsKeyID: Match.anyValue() }, Metrics: { Status: 'Enabled' } },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
        }],
      },
    });
    const policy = found(audit, 'AWS::IAM::Policy', 'AuditReplicationDefaultPolicy');
    const inArchive = statements(policy).filter(({ Resource }) => JSON.stringify(Resource).includes('AuditArchive'));
    expect(inArchive.map(({ Action }) => Action)).toEqual(['s3:ReplicateObject']);
  });

  test.each([
    ['DeliveryToS3.DataFreshness', 'AWS/Firehose', 1800, 'GreaterThanThreshold'],
    ['DeliveryToS3.Success', 'AWS/Firehose', 1, 'LessThanThreshold'],
    ['OutputDecompressedRecords.Failed', 'AWS/Firehose', 0, 'GreaterThanThreshold'],
    ['DeliveryErrors', 'AWS/Logs', 0, 'GreaterThanThreshold'],
    ['OperationsFailedReplication', 'AWS/S3', 0, 'GreaterThanThreshold'],
  ])('has an alarm on %s, which says nothing while there is nothing to deliver', (MetricName, Namespace, Threshold, ComparisonOperator) => {
    audit.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Namespace, Threshold, ComparisonOperator, TreatMissingData: 'notBreaching' });
    audit.resourceCountIs('AWS::CloudWatch::Alarm', 5);
  });

  test('tells a topic when an alarm begins and when it ends', () => {
    const told = trailTemplate((stack) => ({ alarmTopic: new Topic(stack, 'Topic') }));
    const topic = [{ Ref: Match.stringLikeRegexp('^Topic') }];
    told.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: topic, OKActions: topic });
    expect(JSON.stringify(audit.findResources('AWS::CloudWatch::Alarm'))).not.toContain('AlarmActions');
  });

  test('shows what it is measured by', () => {
    const trail = new AuditTrail(new Stack(), 'Audit');
    const metrics = [trail.metricDeliveryAge(), trail.metricDeliverySuccess(), trail.metricUnreadableRecords(), trail.metricLostBatches(), trail.metricUnlockedObjects()];
    const names = metrics.map(({ metricName }) => metricName);
    expect(names).toEqual(['DeliveryToS3.DataFreshness', 'DeliveryToS3.Success', 'OutputDecompressedRecords.Failed', 'DeliveryErrors', 'OperationsFailedReplication']);
    expect(trail.alarms).toHaveLength(5);
  });
});

test('Two trails stand in one stack, and the pack has nothing to say of either but that nobody is told', () => {
  const app = new App();
  const stack = new Stack(app, 'Two');
  new AuditTrail(stack, 'A');
  new AuditTrail(stack, 'B', { removalPolicy: RemovalPolicy.DESTROY });
  const rules = new SecureCoreChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
  expect(rules.filter((rule) => rule !== 'MON-6.actions')).toEqual([]);
});
