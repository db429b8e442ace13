import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { PrivateNetwork, RotatingSecret, SecretKind, SecureRedis, type SecureRedisProps } from '../../src';
import { ENV } from '../support/network-stack';
import { alarmTopic, remoteCore } from '../support/remote-core';

interface AlarmProperties { readonly AlarmActions?: readonly unknown[]; readonly OKActions?: readonly unknown[] }

/** What alarms under a prefix of logical ids do. */
function actionsOf(stack: Stack, prefix: string): readonly AlarmProperties[] {
  const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return alarms.filter(([id]) => id.startsWith(prefix)).map(([, { Properties }]) => Properties as AlarmProperties);
}

const told = (topic: unknown): AlarmProperties => ({ AlarmActions: [topic], OKActions: [topic] });

function withRedis(props: Partial<SecureRedisProps> = {}): Stack {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  remoteCore(stack, { network, stores: [new SecureRedis(stack, 'Redis', { network, ...props }).addUser('Core', { keyPrefix: 'core', commands: ['get'] })] });
  return stack;
}

describe('What a Core holds tells the Core\'s topic', () => {
  test('of a store that names nobody, when it starts and when it ends', () => {
    const alarms = actionsOf(withRedis(), 'Redis');
    expect(alarms).not.toHaveLength(0);
    for (const alarm of alarms) expect(alarm).toMatchObject(told({ Ref: expect.stringMatching(/^Alarms/) as string }));
  });

  test('but not of a store that names somebody else', () => {
    const alarms = actionsOf(withRedis({ alarmTopic: Topic.fromTopicArn(new Stack(), 'Topic', 'arn:aws:sns:eu-central-1:111122223333:stores') }), 'RedisCore');
    expect(alarms).not.toHaveLength(0);
    for (const alarm of alarms) expect(alarm).toMatchObject(told('arn:aws:sns:eu-central-1:111122223333:stores'));
  });

  test('of a secret that its container is given', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const internal = new RotatingSecret(stack, 'Internal', { network, kind: SecretKind.randomValue() });
    remoteCore(stack, { network, container: { secrets: { INTERNAL_KEY: internal.current } } });
    const alarms = actionsOf(stack, 'Internal');
    expect(alarms).toHaveLength(2);
    for (const alarm of alarms) expect(alarm).toMatchObject(told({ Ref: expect.stringMatching(/^Alarms/) as string }));
  });
});

describe('Of a secret of another stack', () => {
  function apart(topicOf: (core: Stack) => ITopic): readonly AlarmProperties[] {
    const app = new App();
    const [secrets, core] = [new Stack(app, 'Secrets', { env: ENV }), new Stack(app, 'Test', { env: ENV })];
    const network = new PrivateNetwork(secrets, 'Network', { ingressReachesInternet: true });
    const internal = new RotatingSecret(secrets, 'Internal', { network, kind: SecretKind.randomValue() });
    remoteCore(core, { network, alarmTopic: topicOf(core), container: { secrets: { INTERNAL_KEY: internal.current } } });
    return actionsOf(secrets, 'Internal');
  }

  test('a topic beside the Core is not told: the two stacks would need each other', () => {
    expect(apart(alarmTopic)).toEqual([expect.not.objectContaining({ AlarmActions: expect.anything() as unknown }), expect.not.objectContaining({ AlarmActions: expect.anything() as unknown })]);
  });

  test('one that is named by its ARN is', () => {
    const arn = 'arn:aws:sns:eu-central-1:111122223333:oncall';
    for (const alarm of apart((core) => Topic.fromTopicArn(core, 'Topic', arn))) expect(alarm).toMatchObject(told(arn));
  });
});
