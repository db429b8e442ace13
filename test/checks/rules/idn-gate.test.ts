import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { type CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { judge } from '../../../src/checks/judge';
import { treeTemplates } from '../../../src/checks/tree-templates';
import type { GateConfiguration } from '../../../src/gate/contract';
import { PINNED_IMAGE } from '../../support/containers';
import { configured, forwardOn, gatedService, GATE, openRule, rawService, registration, targetGroupOf, TOKEN, withHole, withIdentity } from '../../support/gated';
import { deployTimeValue, httpsListener, targetGroup } from '../../support/load-balancing';

/** What IDN-1 finds in a stack. */
function found(build: (stack: Stack) => void, rule = 'IDN-1.authenticated'): string[] {
  const app = new App();
  build(new Stack(app, 'Stack'));
  return judge(treeTemplates(app)).findings.filter((finding) => finding.rule.startsWith(rule)).map(({ severity }) => severity);
}

const OPTIONS = { methods: ['OPTIONS'] };
const HEALTH = { methods: ['GET'], paths: ['/health'] };
const EXACT = { methods: ['POST'], paths: ['/v1/evaluate'] };
const ES256: Partial<GateConfiguration> = withIdentity({ accept: [['token']], tokens: [{ ...TOKEN, algorithms: ['RS256', 'ES256'] }] });
const KEYS: Partial<GateConfiguration> = withIdentity({ accept: [['key']], tokens: [] });

const before = (conditions: Parameters<typeof openRule>[1], changes: Partial<GateConfiguration> = {}, cidr?: string) => (stack: Stack): CfnListenerRule => {
  const rule = openRule(stack, conditions, cidr);
  gatedService(stack, configured(changes));
  return rule;
};

describe('A forward without proof is right before a gate', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['for OPTIONS, where the gate answers browsers', before(OPTIONS)],
    ['for OPTIONS, from the whole internet', before(OPTIONS, {}, '0.0.0.0/0')],
    ['for its public health', before(HEALTH)],
    ['for exact paths, where keys are asked for and callers are known', before(EXACT, KEYS)],
    ['for exact paths, where tokens are asked for', before(EXACT)],
    ['for exact paths, where tokens may be signed by ES256', before(EXACT, ES256)],
    ['for exact paths, where tokens come from two issuers', before(EXACT, withIdentity({ accept: [['token']], tokens: [TOKEN, { ...TOKEN, issuer: 'https://other.example.com' }] }))],
    ['for exact paths, from the internet to a rule that names its callers', before({ ...EXACT, sources: ['10.20.0.0/16'] }, KEYS, '0.0.0.0/0')],
    ['where the issuer is known only to a deployment', (stack) => {
      openRule(stack, EXACT);
      gatedService(stack, withHole(GATE.identity.tokens[0]?.issuer ?? '', deployTimeValue(stack)));
    }],
    ['where a number is known only to a deployment', (stack) => {
      openRule(stack, EXACT);
      gatedService(stack, withHole('512', deployTimeValue(stack)));
    }],
  ])('%s', (_, build) => expect(found(build)).toEqual([]));
});

describe('A forward without proof stays wrong', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['for OPTIONS where the gate answers no browser', before(OPTIONS, { cors: undefined }, '0.0.0.0/0')],
    ['for OPTIONS and another method', before({ methods: ['OPTIONS', 'GET'] })],
    ['for every method', before({})],
    ['for a health that is not public', before(HEALTH, { core: { ...GATE.core, publicHealth: false } }, '0.0.0.0/0')],
    ['for another path than the health', before({ methods: ['GET'], paths: ['/healthz'] }, {}, '0.0.0.0/0')],
    ['for the health and another path', before({ methods: ['GET'], paths: ['/health', '/v1/runs'] }, {}, '0.0.0.0/0')],
    ['for the health by any method', before({ paths: ['/health'] }, {}, '0.0.0.0/0')],
    ['for a pattern of the health', before({ methods: ['GET'], paths: ['/healt?'] }, { core: { ...GATE.core, healthCheckPath: '/healt?' } }, '0.0.0.0/0')],
    ['for a pattern of paths', before({ paths: ['/v1/*'] }, KEYS)],
    ['for an exact path beside a pattern', before({ paths: ['/v1/evaluate', '/v1/?'] }, KEYS)],
    ['where the load balancer could verify the only token that is taken', before(EXACT, withIdentity({ accept: [['token']] }))],
    ['where it could verify the token that is taken with every key', before(EXACT, withIdentity({ accept: [['token', 'key']] }))],
    ['without a path', before({ methods: ['POST'] }, KEYS)],
    ['from the internet', before(EXACT, KEYS, '0.0.0.0/0')],
    ['from a rule that names the internet', before({ ...EXACT, sources: ['10.20.0.0/16', '0.0.0.0/0'] }, KEYS, '0.0.0.0/0')],
    ['where a certificate is enough, which nobody verified', before(EXACT, withIdentity({ accept: [['key'], ['certificate']] }))],
    ['where keys are said to be asked for, and none is taken', before(EXACT, withIdentity({ accept: [['key']], key: undefined }))],
    ['where tokens are said to be asked for, and none is taken', before(EXACT, withIdentity({ accept: [['token']], tokens: [] }))],
    ['where nothing is asked for', before(EXACT, withIdentity({ accept: [[]] }))],
    ['where nobody is let in by any way', before(EXACT, withIdentity({ accept: [] }))],
    ['to a gate of the local profile', before(EXACT, { profile: 'local' })],
    ['to a gate of a version that is not known', before(EXACT, { version: 2 } as unknown as Partial<GateConfiguration>)],
    ['by plain HTTP', (stack) => {
      targetGroup(stack, { protocol: 'HTTP' });
      before(EXACT)(stack);
    }],
    ['to instances, whose ports are the host\'s', (stack) => {
      targetGroup(stack, { targetType: 'instance' });
      before(EXACT)(stack);
    }],
    ['to a gate at another port than it listens on', (stack) => {
      openRule(stack, EXACT);
      gatedService(stack, configured({ port: 9443 }));
    }],
    ['to the Core beside the gate', (stack) => {
      openRule(stack, EXACT);
      gatedService(stack).addPropertyOverride('LoadBalancers.0.ContainerName', 'Core');
    }],
    ['to a gate and something else', (stack) => {
      before(EXACT)(stack);
      rawService(stack, 'core:1', registration(stack));
    }],
    ['to a gate and addresses beside it', (stack) => {
      targetGroup(stack, { targets: [{ id: '10.0.0.7' }] });
      before(EXACT)(stack);
    }],
    ['to a gate and a group of instances', (stack) => {
      before(EXACT)(stack);
      new CfnResource(stack, 'Fleet', { type: 'AWS::AutoScaling::AutoScalingGroup', properties: { TargetGroupARNs: [targetGroupOf(stack)] } });
    }],
    ['to a gate beside a service that may turn out to be there too', (stack) => {
      before(EXACT)(stack);
      new CfnResource(stack, 'Other', { type: 'AWS::ECS::Service', properties: { LoadBalancers: deployTimeValue(stack) } });
    }],
    ['to nobody', (stack) => void openRule(stack, EXACT)],
    ['to a container without a configuration', (stack) => {
      openRule(stack, EXACT);
      gatedService(stack).addPropertyOverride('TaskDefinition', new CfnResource(stack, 'Plain', {
        type: 'AWS::ECS::TaskDefinition', properties: { ContainerDefinitions: [{ Name: 'Gate', Image: PINNED_IMAGE }] },
      }).ref);
    }],
    ['to a gate whose configuration is filled in from elsewhere', (stack) => {
      openRule(stack, EXACT);
      gatedService(stack, deployTimeValue(stack));
    }],
    ['of requests that are rewritten on the way', (stack) => before(HEALTH)(stack).addPropertyOverride('Transforms', [{ Type: 'url-rewrite' }])],
    ['by default', (stack) => {
      httpsListener(stack, { defaultActions: [forwardOn(stack)] });
      gatedService(stack);
    }],
    ['to a second target group that holds no gate', (stack) => {
      const second = new CfnResource(stack, 'Second', { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', properties: { Protocol: 'HTTPS', TargetType: 'ip' } });
      before(EXACT)(stack).addPropertyOverride('Actions.0.ForwardConfig.TargetGroups', [{ TargetGroupArn: second.ref }]);
    }],
  ])('%s', (_, build) => expect(found(build)).toEqual(['fatal']));
});

test('Preflights and public health reach no admin plane, since the gate answers them alone', () => {
  expect(found(before(OPTIONS), 'IDN-10.admin-plane')).toEqual([]);
  expect(found(before({ methods: ['GET'] }), 'IDN-10.admin-plane')).toEqual(['error']);
});
