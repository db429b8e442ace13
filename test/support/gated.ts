import { CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnService, type CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { type CfnListenerRule, type CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CONFIGURATION_VARIABLE, type GateConfiguration, type TokenConfiguration } from '../../src/gate/contract';
import type { PlanConfiguration, RateConfiguration } from '../../src/gate/rate/contract';
import { forward, ISSUER, listenerRule } from './actions';
import { PINNED_IMAGE, task } from './containers';
import { httpsListener, loadBalancer, targetGroup } from './load-balancing';

export const GATE_PORT = 8443;

export const TOKEN: TokenConfiguration = {
  issuer: ISSUER,
  claims: [{ name: 'aud', values: ['core'] }],
  algorithms: ['RS256'],
  clockSkewSeconds: 60,
  subjectClaim: 'sub',
  scopesClaim: 'scope',
  keys: { source: 'mirror', uri: `${ISSUER}/jwks.json`, ttlSeconds: 300, timeoutSeconds: 3, maxAttempts: 3, backoffSeconds: 0.2, maxBackoffSeconds: 2 },
};

/** Where the gate shows what it measures. */
export const METRICS_PORT = 9464;

/** What the construct grants unless it is asked for something else. */
export const PLAN: PlanConfiguration = { general: { requests: 600, windowSeconds: 60, burst: 20 }, heavy: { requests: 60, windowSeconds: 60, burst: 10 }, streams: 5 };

/** A gate that takes tokens and keys, with nothing to be said against it. */
export const GATE: GateConfiguration = {
  version: 1,
  profile: 'remote',
  port: GATE_PORT,
  core: { port: 8000, healthCheckPath: '/health', publicHealth: true, identityHeader: 'x-auth-request-user', removedHeaders: ['x-tenant'] },
  policy: {
    routes: [
      { method: 'POST', path: '/v1/evaluate', subtree: false, access: { kind: 'scope', scope: 'core/evaluate' }, tier: 'heavy', streams: true },
      { method: 'GET', path: '/v1/runs', subtree: true, access: { kind: 'authenticated' }, tier: 'light', streams: false },
    ],
    roles: { reader: ['core/metrics'], admin: ['core/evaluate', 'core/metrics'] },
  },
  identity: { accept: [['token'], ['key']], tokens: [TOKEN], key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false } },
  limits: { maxBodyBytes: 1_048_576, headersTimeoutSeconds: 10, requestTimeoutSeconds: 60, idleTimeoutSeconds: 900, keepAliveSeconds: 960, maxConnections: 512, drainSeconds: 110 },
  cors: { origins: ['https://app.example.com'], credentials: true, headers: ['authorization'], maxAgeSeconds: 600 },
  table: { name: 'gate', region: 'eu-central-1' },
  rate: {
    redis: { host: 'master.redis.example.com', port: 6379, user: 'gate', keyPrefix: 'gate', isCluster: false },
    onRedisLost: { kind: 'refuse' },
    plan: PLAN,
    overrides: [{ by: 'role', name: 'admin', plan: { ...PLAN, streams: 20 } }],
  },
  metrics: { namespace: 'SecureCore/Gate', port: METRICS_PORT },
};

/** The gate with another way to prove who calls, or with changes to the only issuer. */
export const withIdentity = (identity: Partial<GateConfiguration['identity']>): Partial<GateConfiguration> => ({ identity: { ...GATE.identity, ...identity } });
export const withToken = (token: Partial<TokenConfiguration>): Partial<GateConfiguration> => withIdentity({ tokens: [{ ...TOKEN, ...token }] });
export const withKeySet = (keys: Partial<TokenConfiguration['keys']>): Partial<GateConfiguration> => withToken({ keys: { ...TOKEN.keys, ...keys } });

/** The gate with other limits: of all callers, or of those whom its one override names. */
export const withRate = (rate: Partial<RateConfiguration>): Partial<GateConfiguration> => (GATE.rate ? { rate: { ...GATE.rate, ...rate } } : {});
export const withPlan = (plan: Partial<PlanConfiguration>): Partial<GateConfiguration> => withRate({ plan: { ...PLAN, ...plan } });
export const withOverride = (plan: Partial<PlanConfiguration>): Partial<GateConfiguration> => withRate({ overrides: [{ by: 'key', name: 'acme', plan: { ...PLAN, ...plan } }] });

export const configured = (changes: Partial<GateConfiguration> = {}): string => JSON.stringify({ ...GATE, ...changes });

/** The same configuration, with a hole where a text stands. */
export function withHole(text: string, hole: string, changes: Partial<GateConfiguration> = {}): string {
  const [before = '', ...rest] = configured(changes).split(text);
  return Fn.join('', [before, hole, rest.join(text)]);
}

type Container = CfnTaskDefinition.ContainerDefinitionProperty;

/** A task of a gate and what it protects. */
export function gateTask(stack: Stack, configuration: string = configured(), core: Partial<Container> = {}, gate: Partial<Container> = {}): CfnTaskDefinition {
  const made = stack.node.tryFindChild('Task');
  if (made) return made as CfnTaskDefinition;
  return task(stack, {}, {
    containerDefinitions: [
      { name: 'Gate', image: PINNED_IMAGE, environment: [{ name: CONFIGURATION_VARIABLE, value: configuration }], portMappings: [{ containerPort: GATE_PORT, name: 'gate' }], ...gate },
      { name: 'Core', image: PINNED_IMAGE, ...core },
    ],
  });
}

/** A container's task as it stands in a hand-written template. */
export function rawGateTask(stack: Stack, configuration: object, properties: object = {}, core: object = {}): CfnResource {
  return new CfnResource(stack, 'RawTask', {
    type: 'AWS::ECS::TaskDefinition',
    properties: {
      NetworkMode: 'awsvpc',
      ContainerDefinitions: [{ Name: 'Gate', Environment: [{ Name: CONFIGURATION_VARIABLE, Value: JSON.stringify(configuration) }] }, { Name: 'Core', ...core }],
      ...properties,
    },
  });
}

/** A service as it stands in a hand-written template. */
export const rawService = (stack: Stack, taskDefinition: string, registration: object, id = 'RawService'): CfnResource =>
  new CfnResource(stack, id, { type: 'AWS::ECS::Service', properties: { TaskDefinition: taskDefinition, LoadBalancers: [registration] } });

/** The registration of a gate in the one target group of the stack. */
export const registration = (stack: Stack): object => ({ ContainerName: 'Gate', ContainerPort: GATE_PORT, TargetGroupArn: targetGroupOf(stack) });

/** Where the configuration stands in the task, as a path for `addPropertyOverride`. */
export const CONFIGURATION = 'ContainerDefinitions.0.Environment.0.Value';

type ServiceProps = Partial<ConstructorParameters<typeof CfnService>[2]>;

/** A service that registers its gate in the target group that the actions of the stack forward to. */
export function gatedService(stack: Stack, configuration: string = configured(), props: ServiceProps = {}, groupArn?: string): CfnService {
  return new CfnService(stack, 'Service', {
    taskDefinition: gateTask(stack, configuration).ref,
    loadBalancers: [{ containerName: 'Gate', containerPort: GATE_PORT, targetGroupArn: groupArn ?? targetGroupOf(stack) }],
    ...props,
  });
}

export function targetGroupOf(stack: Stack): string {
  const made = stack.node.tryFindChild('TargetGroup') as CfnResource | undefined;
  return (made ?? targetGroup(stack)).ref;
}

/** A forward to the one target group of the stack, whether or not that is made already. */
export const forwardOn = (stack: Stack): ReturnType<typeof forward> => ({ type: 'forward', order: 2, targetGroupArn: targetGroupOf(stack) });

interface Condition {
  readonly methods?: string[];
  readonly paths?: string[];
  readonly sources?: string[];
}

/** A load balancer that takes callers of these networks. */
export function doorFor(stack: Stack, cidrIp: string): CfnLoadBalancer {
  const group = new CfnSecurityGroup(stack, 'Door', { groupDescription: 'door', securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp }] });
  return loadBalancer(stack, { securityGroups: [group.attrGroupId] });
}

/** A rule that forwards to the gate with nothing in front, for requests of one kind. */
export function openRule(stack: Stack, { methods, paths, sources }: Condition, cidrIp = '10.20.0.0/16'): CfnListenerRule {
  const listener = httpsListener(stack, { loadBalancerArn: doorFor(stack, cidrIp).ref });
  const rule = listenerRule(stack, listener.ref, [forwardOn(stack)]);
  rule.conditions = [
    { field: 'host-header', hostHeaderConfig: { values: ['core.example.com'] } },
    ...(methods ? [{ field: 'http-request-method', httpRequestMethodConfig: { values: methods } }] : []),
    ...(paths ? [{ field: 'path-pattern', pathPatternConfig: { values: paths } }] : []),
    ...(sources ? [{ field: 'source-ip', sourceIpConfig: { values: sources } }] : []),
  ];
  return rule;
}
