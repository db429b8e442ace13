import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { type CoreContainerProps, PrivateNetwork, RotatingSecret, SecretKind, TrailCoverage } from '../../src';
import { SecureCoreChecks } from '../../src/checks/secure-core-checks';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const app = (): Stack => new Stack(new App(), 'Test', { env: ENV });

interface Pattern { readonly requestParameters?: { readonly secretId: readonly unknown[] }; readonly errorMessage?: unknown }

/** What the rules on unexpected reads look for, as text. */
function watched(stack: Stack): string {
  const rules = Object.entries(Template.fromStack(stack).findResources('AWS::Events::Rule')).filter(([id]) => id.includes('SecretAccess'));
  return JSON.stringify(rules.map(([, { Properties }]) => (Properties as { EventPattern: { detail: Pattern } }).EventPattern.detail));
}

const withSecrets = (stack: Stack, secrets: CoreContainerProps['secrets']): void => {
  remoteCore(stack, { container: { secrets } });
};

describe('A Core whose secrets are read', () => {
  test('watches its gate\'s password and key and the password of the user who is off, and is not surprised by its tasks and by what renews', () => {
    const stack = app();
    const core = remoteCore(stack);
    expect(core.secretAccess.node.path).toBe('Test/Core/SecretAccess');
    expect(core.secretAccess.alarms).toHaveLength(2);
    for (const id of ['GateRedisGatePassword', 'GateAuditKeySecret', 'GateRedisDefaultUserPassword']) expect(watched(stack)).toMatch(new RegExp(`"Ref":"CoreService${id}[0-9A-F]{8}"`));
    const named = [...watched(stack).matchAll(/"Fn::GetAtt":\["(\w+)","Arn"\]/g)].map(([, id]) => id);
    expect(named).toEqual([expect.stringMatching(/^CoreServiceTaskExecutionRole/), expect.stringMatching(/^CoreServiceGateRedisGateRotationHandlerRole/)]);
  });

  test('watches what its container takes, brought by ARN and with a field, and no parameter', () => {
    const stack = app();
    withSecrets(stack, {
      KEY: ecs.Secret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Whole', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:whole-AbCdEf'), 'field'),
      HALF: ecs.Secret.fromSecretsManager(Secret.fromSecretPartialArn(stack, 'Half', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:half')),
      OWN: ecs.Secret.fromSecretsManagerVersion(new Secret(stack, 'Own'), { versionStage: 'AWSCURRENT' }, 'field'),
      PARAMETER: ecs.Secret.fromSsmParameter(StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: 'parameter' })),
    });
    expect(watched(stack)).toContain('"arn:aws:secretsmanager:eu-central-1:111122223333:secret:whole-AbCdEf","whole"');
    expect(watched(stack)).toContain('{"prefix":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:half-"}');
    expect(watched(stack)).toMatch(/"Ref":"Own[0-9A-F]{8}"/);
    expect(watched(stack)).not.toContain('parameter/');
    expect(watched(stack)).not.toContain('field');
  });

  test('takes a secret of another stack without the two needing each other', () => {
    const shared = app();
    const ring = new RotatingSecret(shared, 'Ring', { kind: SecretKind.randomValue(), network: new PrivateNetwork(shared, 'Network') });
    remoteCore(shared, { container: { secrets: { INTERNAL_VLLM_API_KEY: ring.current } } });
    const stack = new Stack(shared.node.scope, 'Other', { env: ENV });
    withSecrets(stack, { INTERNAL_VLLM_API_KEY: ring.current });
    expect(() => (shared.node.root as App).synth()).not.toThrow();
    expect(stack.dependencies).toContain(shared);
    expect(shared.dependencies).not.toContain(stack);
    expect(watched(stack)).toContain('RingSecret');
  });

  test('tells whom it is given, whose trail it is, and leaves nothing for the pack to find', () => {
    const stack = app();
    remoteCore(stack, { alarmTopic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111122223333:alarms'), trail: TrailCoverage.declared('The trail of the organization.') });
    const template = Template.fromStack(stack);
    for (const name of ['UnexpectedReads', 'DeniedReads', 'RolloutFailures']) {
      const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:alarms'] } }));
      expect(alarms.filter(([id]) => id.includes(name))).toHaveLength(1);
    }
    template.hasResource('AWS::Events::Rule', { Metadata: Match.objectLike({ 'cdk-secure-core:declared-trail': 'The trail of the organization.' }) });
    expect(new SecureCoreChecks(stack).validateScope(stack).violations).toEqual([]);
  });
});
