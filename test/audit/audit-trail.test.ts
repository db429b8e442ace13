import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuditTrail, type AuditTrailProps } from '../../src';
import { HOT_DAYS } from '../../src/checks/rules/aud';

function template(props: (stack: Stack) => AuditTrailProps = () => ({})): Template {
  const stack = new Stack();
  new AuditTrail(stack, 'Audit', props(stack));
  return Template.fromStack(stack);
}

describe('AuditTrail', () => {
  test('keeps records searchable for the days of the hot tier, and outlives its stack', () => {
    template().hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: HOT_DAYS }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect<number>(RetentionDays.ONE_WEEK).toBe(HOT_DAYS);
  });

  test('goes with its stack where asked', () => {
    template(() => ({ removalPolicy: RemovalPolicy.DESTROY })).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('encrypts with the key it is given, which lets CloudWatch Logs of this region use it', () => {
    const audit = template((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
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
});
