import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Access, Authorizer, Ingress, PrivateNetwork, Route, SecureCore, type SecureCoreProps } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import type { AlarmName } from '../../src/observability/alarm-facts';
import { oneInStack } from '../../src/observability/standing-alarms';
import { alarmTopic, image, JWT, remoteCore } from '../support/remote-core';

const TOPICS = ['One', 'Two'].map((name) => `arn:aws:sns:eu-central-1:111122223333:${name}`);
const LOAD_BALANCER = 'app/shared/0123456789abcdef';

interface Alarm {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Properties: { readonly AlarmActions: readonly unknown[]; readonly OKActions: readonly unknown[]; readonly Threshold: number };
}

type Lay = (place: Construct, index: number) => Partial<SecureCoreProps>;

/** Two Cores of one stack, with whatever a test lays over each. */
function two(make: (place: Construct, network: PrivateNetwork, index: number) => unknown): { readonly app: App; readonly template: Template } {
  const app = new App();
  const stack = new Stack(app, 'Test');
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  ['One', 'Two'].forEach((id, index) => make(new Construct(stack, id), network, index));
  return { app, get template() { return Template.fromStack(stack); } };
}

/** At one load balancer that is there already. */
const atOneLoadBalancer = (lay: Lay = () => ({})): ReturnType<typeof two> => two((place, network, index) => {
  const arn = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(place, 'Shared', { loadBalancerArn: `${arn}:loadbalancer/${LOAD_BALANCER}`, securityGroupId: 'sg-0' });
  const listener = ApplicationListener.fromApplicationListenerAttributes(place, 'Https', {
    listenerArn: `${arn}:listener/${LOAD_BALANCER}/fedcba9876543210`, securityGroup: SecurityGroup.fromSecurityGroupId(place, 'Group', 'sg-0'),
  });
  const routes = [Route.subtree('/', { access: Access.authenticated() })];
  new SecureCore(place, 'Core', {
    container: { image: image(place), port: 8000, healthCheckPath: '/health' },
    ingress: Ingress.existing({ loadBalancer, listener, domainName: `core-${index}.acme.com`, routes, priorityBase: 1 + index * 10_000 }),
    authorizer: Authorizer.jwt(JWT),
    alarmTopic: alarmTopic(Stack.of(place)),
    network,
    ...lay(place, index),
  });
});

function alarms(template: Template, name: AlarmName): [string, Alarm][] {
  const all = Object.entries(template.findResources('AWS::CloudWatch::Alarm')) as [string, Alarm][];
  return all.filter(([, { Metadata }]) => Metadata?.['cdk-secure-core:alarm'] === name);
}

const written = (template: Template, type: string, id: RegExp): string[] => Object.entries(template.findResources(type)).filter(([name]) => id.test(name)).map(([, one]) => JSON.stringify(one));

describe('Two Cores at one load balancer', () => {
  const { app, template } = atOneLoadBalancer();

  test('have one alarm on what it answers itself, and each its own on what is its own', () => {
    expect(['EdgeClientErrors', 'EdgeServerErrors'].map((name) => alarms(template, name as AlarmName).length)).toEqual([1, 1]);
    expect(['TargetClientErrors', 'TargetServerErrors', 'GateSilent', 'AuthFailures', 'IdentityRefusals'].map((name) => alarms(template, name as AlarmName).length)).toEqual([2, 2, 2, 2, 2]);
    expect(judge(treeTemplates(app)).findings.filter(({ control }) => control === 'MON-1')).toEqual([]);
  });

  test.each([['EdgeClientErrors', /UnderAttack/], ['EdgeServerErrors', /Unhealthy/]] as const)('both take %s for a sign, and show it', (name, composite) => {
    const logicalId = String(alarms(template, name)[0]?.[0]);
    for (const one of [...written(template, 'AWS::CloudWatch::CompositeAlarm', composite), ...written(template, 'AWS::CloudWatch::Dashboard', /./)]) expect(one).toContain(`"${logicalId}"`);
    expect(written(template, 'AWS::CloudWatch::CompositeAlarm', composite)).toHaveLength(2);
    expect(written(template, 'AWS::CloudWatch::Dashboard', /./)).toHaveLength(2);
  });

  test('tell one topic once, and two topics both', () => {
    const topic = { Ref: expect.stringMatching(/^Alarms/) as string };
    expect(alarms(template, 'EdgeServerErrors')).toMatchObject([[expect.anything(), { Properties: { AlarmActions: [topic], OKActions: [topic] } }]]);
    const apart = atOneLoadBalancer((place, index) => ({ alarmTopic: Topic.fromTopicArn(place, 'Topic', TOPICS[index] ?? '') })).template;
    expect(alarms(apart, 'EdgeServerErrors')).toMatchObject([[expect.anything(), { Properties: { AlarmActions: TOPICS, OKActions: TOPICS } }]]);
    expect(alarms(apart, 'TargetServerErrors').map(([, { Properties }]) => Properties.AlarmActions)).toEqual(TOPICS.map((arn) => [arn]));
  });

  test('have two where they sound from another figure on', () => {
    const other = atOneLoadBalancer((_, index) => ({ alarmThresholds: { serverErrorPercent: index + 1 } })).template;
    expect(alarms(other, 'EdgeServerErrors').map(([, { Properties }]) => Properties.Threshold).sort()).toEqual([1, 2]);
    expect(alarms(other, 'EdgeClientErrors')).toHaveLength(1);
  });
});

test('Two Cores with one certificate have one alarm on it', () => {
  const { app, template } = two((place, network) => remoteCore(place, { network }));
  expect(alarms(template, 'CertificateExpiry')).toHaveLength(1);
  expect(alarms(template, 'EdgeServerErrors')).toHaveLength(2);
  expect(judge(treeTemplates(app)).findings.filter(({ control }) => control === 'MON-1')).toEqual([]);
});

test('Of two stacks, resources with one logical id have an alarm each', () => {
  const app = new App();
  const own = new Stack(app, 'Own');
  const [one, other] = ['First', 'Second'].map((id) => {
    const metric = new Topic(new Stack(app, id), 'Topic').metricNumberOfNotificationsFailed();
    const alarm = oneInStack(own, { name: 'TaskFailures', metric, threshold: 1 }, () => metric.createAlarm(own, id, { threshold: 1, evaluationPeriods: 1 }));
    expect(oneInStack(own, { name: 'TaskFailures', metric, threshold: 1 }, () => { throw new Error('There is one.'); })).toBe(alarm);
    return alarm;
  });
  expect(one).not.toBe(other);
});
