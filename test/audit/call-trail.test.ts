import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CallTrail, type CallTrailProps, SecretAccess, TrailCoverage } from '../../src';

function template(props: (stack: Stack) => CallTrailProps = () => ({})): Template {
  const stack = new Stack();
  new CallTrail(stack, 'Calls', props(stack));
  return Template.fromStack(stack);
}

describe('CallTrail', () => {
  test('records all management events of all regions, reads and keys among them, into files that can be vouched for', () => {
    template().hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true,
      KMSKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CallsKey'), 'Arn'] },
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All', ExcludeManagementEventSources: Match.absent() }],
    });
  });

  test('records who reads and writes in the buckets that it is told of', () => {
    template((stack) => ({ watched: [Bucket.fromBucketName(stack, 'Audit', 'audit')] })).hasResourceProperties('AWS::CloudTrail::Trail', {
      EventSelectors: [Match.anyValue(), { IncludeManagementEvents: false, DataResources: [{ Type: 'AWS::S3::Object', Values: [{ 'Fn::Join': ['', Match.arrayWith([':s3:::audit/'])] }] }] }],
    });
  });

  test('locks its records as an audit trail does', () => {
    template().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', Properties: { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 180 } } } } });
    template(() => ({ removalPolicy: RemovalPolicy.DESTROY })).hasResourceProperties('AWS::S3::Bucket', { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE' } } } });
    template().hasResourceProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'NobodyDeletes', Effect: 'Deny' })]) } });
  });

  test('lets trails of this account use its key, and nobody else', () => {
    template().hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({
        Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': Match.anyValue() } },
      })]) },
    });
  });

  test('is what tells SecretAccess of reads', () => {
    const stack = new Stack(new App(), 'Stack');
    const calls = new CallTrail(stack, 'Calls');
    const secrets = [new Secret(stack, 'Secret')];
    new SecretAccess(stack, 'Access', { secrets, readers: [new Role(stack, 'Role', { assumedBy: new AccountRootPrincipal() })], trail: TrailCoverage.trail(calls.trail) });
    Template.fromStack(stack).hasResource('AWS::Events::Rule', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^CallsTrail')]) });
  });

  test('refuses a removal policy that buckets do not know', () => {
    expect(() => template(() => ({ removalPolicy: RemovalPolicy.SNAPSHOT }))).toThrow('Default/Calls: removalPolicy is "snapshot"');
  });
});
