import type { JsonMap, Template } from '../../../src/checks/template/template';
import { graphsOf } from '../../../src/checks/template/template-graph';
import type { EdgeModel, RuleModel } from '../../../src/drill/edge/model';
import { configurationOf, type GateModel } from '../../../src/drill/gate/model';
import { gateOf, gatesOf, isReached } from '../../../src/drill/gate/translate';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, CORE_KEY_VARIABLE, type GateConfiguration, REDIS_PASSWORD_VARIABLE } from '../../../src/gate/contract';
import { GATE_BYPASSED, METRICS_TARGETED } from '../../../src/drill/gate/saboteurs';
import { sabotaged } from '../../../src/drill/prove';
import { edgeOf } from '../../support/drilled';
import { GATE_CONFIGURATION, gateTemplate } from '../../support/gate-template';

function gatesIn(...templates: readonly Template[]): GateModel[] {
  const [graph] = graphsOf(templates);
  if (graph === undefined) throw new Error('There is no world.');
  return gatesOf(graph);
}

function only<T>([one, ...others]: readonly T[]): T {
  if (one === undefined || others.length > 0) throw new Error('It should be one.');
  return one;
}

/** The template with other properties of some of its resources, or with resources more. */
function altered(template: Template, changes: Readonly<Record<string, JsonMap>>): Template {
  const resources = template.body.Resources as Readonly<Record<string, JsonMap>>;
  const after = Object.entries(changes).map(([id, change]) => [id, 'Type' in change ? change : { ...resources[id], Properties: { ...resources[id]?.Properties as JsonMap, ...change } }] as const);
  return { ...template, body: { Resources: { ...resources, ...Object.fromEntries(after) } } };
}

const rulesOf = ({ listeners }: EdgeModel): Readonly<Record<string, RuleModel>> => Object.fromEntries(listeners.flatMap(({ rules }) => rules).map((rule) => [rule.place.logicalId, rule]));
const ruleIn = (template: Template, logicalId: string): RuleModel => {
  const found = rulesOf(edgeOf([template]))[logicalId];
  if (found === undefined) throw new Error(`There is no rule ${logicalId}.`);
  return found;
};

describe('a gate as its task definition has it', () => {
  test('is found by its configuration, with its environment, its secrets by name and the target groups of its service', () => {
    const gate = only(gatesIn(gateTemplate()));
    expect(gate).toMatchObject({ place: { stack: 'Gated', logicalId: 'Task' }, container: 'Gate', image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/gate:abc', command: [] });
    expect(configurationOf(gate)).toEqual(GATE_CONFIGURATION);
    expect(gate.secrets.map(({ variable }) => variable)).toEqual([AUDIT_KEY_VARIABLE, REDIS_PASSWORD_VARIABLE, CORE_KEY_VARIABLE]);
    expect(gate.targetGroups).toEqual([expect.objectContaining({ stack: 'Gated', logicalId: 'Targets' })]);
  });

  test('a target group whose targets are its metrics port is told apart, and callers are led there', () => {
    const metered = gateTemplate({ ...GATE_CONFIGURATION, metrics: { namespace: 'Gated', port: 9464 } });
    expect(only(gatesIn(metered)).targetGroups).toEqual([expect.not.objectContaining({ port: expect.anything() as unknown })]);
    const [exposed = metered] = sabotaged([metered], METRICS_TARGETED) ?? [];
    expect(only(gatesIn(exposed)).targetGroups).toEqual([expect.objectContaining({ logicalId: 'Targets', port: 'metrics' })]);
    expect(ruleIn(exposed, 'Routes').actions.at(-1)).toMatchObject({ kind: 'forward', targets: [{ port: 'metrics' }] });
    expect(ruleIn(metered, 'Routes').actions.at(-1)).toMatchObject({ kind: 'forward', targets: [expect.not.objectContaining({ port: expect.anything() as unknown })] });
  });

  test('knows who may log in to its store, and no password', () => {
    const { storeUsers } = only(gatesIn(gateTemplate()));
    expect(storeUsers).toEqual([{ userName: 'gate', keyPrefixes: ['gate:'], accessString: expect.stringMatching(/^on ~gate:\* /) as unknown }]);
  });

  test('a container without the configuration is none', () => {
    expect(gatesIn(altered(gateTemplate(), { Task: { ContainerDefinitions: [{ Name: 'Gate', Image: 'gate', Environment: [{ Name: 'OTHER', Value: '{}' }] }] } }))).toEqual([]);
  });

  test('a configuration that is no JSON stops the drill by name', () => {
    const broken = altered(gateTemplate(), { Task: { ContainerDefinitions: [{ Name: 'Gate', Image: 'gate', Environment: [{ Name: CONFIGURATION_VARIABLE, Value: '{' }] }] } });
    expect(() => gatesIn(broken)).toThrow('GATE_CONFIGURATION of Task is no JSON, so no gate can be started with it.');
  });
});

describe('the store of a gate', () => {
  const user = (UserName: string): JsonMap => ({ Type: 'AWS::ElastiCache::User', Properties: { Engine: 'valkey', UserId: UserName, UserName, AccessString: 'off -@all' } });
  const OTHERS: Readonly<Record<string, JsonMap>> = {
    OtherUser: user('other'),
    OtherUsers: { Type: 'AWS::ElastiCache::UserGroup', Properties: { Engine: 'valkey', UserGroupId: 'others', UserIds: ['other'] } },
    OtherRedis: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { ReplicationGroupDescription: 'others', UserGroupIds: [{ Ref: 'OtherUsers' }] } },
  };

  /** The gate with the host of its store as an expression of CloudFormation. */
  function pointedAt(template: Template, host: JsonMap, configuration: GateConfiguration = GATE_CONFIGURATION): Template {
    const [before = '', after = ''] = JSON.stringify(configuration).split('master.redis.test');
    const Environment = [{ Name: CONFIGURATION_VARIABLE, Value: { 'Fn::Join': ['', [before, host, after]] } }];
    return altered(template, { Task: { ContainerDefinitions: [{ Name: 'Gate', Image: 'gate', Environment }] } });
  }
  const namesOf = ({ storeUsers }: GateModel): string[] => storeUsers.map(({ userName }) => userName);

  test('is the one that its configuration names, among several', () => {
    const host = (id: string): JsonMap => ({ 'Fn::GetAtt': [id, 'PrimaryEndPoint.Address'] });
    const both = altered(gateTemplate(), OTHERS);
    expect(namesOf(only(gatesIn(pointedAt(both, host('Redis')))))).toEqual(['gate']);
    expect(namesOf(only(gatesIn(pointedAt(both, host('OtherRedis')))))).toEqual(['other']);
  });

  test('is the one of its own stack, where another has one of the same name', () => {
    const host = { 'Fn::GetAtt': ['Redis', 'PrimaryEndPoint.Address'] };
    const renamed = altered(pointedAt(gateTemplate(undefined, 'Second'), host), { User: { UserName: 'second', UserId: 'second' }, Users: { UserIds: ['second'], UserGroupId: 'second' } });
    expect(gatesIn(pointedAt(gateTemplate(), host), renamed).map((gate) => [gate.place.stack, ...namesOf(gate)])).toEqual([['Gated', 'gate'], ['Second', 'second']]);
  });

  test('may be any where only an address is given', () => {
    expect(namesOf(only(gatesIn(altered(gateTemplate(), OTHERS))))).toEqual(['gate', 'other']);
  });
});

describe('rules that lead to a gate', () => {
  const edge = edgeOf([gateTemplate()]);

  test('know it by their target group', () => {
    expect(gateOf(rulesOf(edge).Routes ?? edge.listeners[0]?.rules[0] as RuleModel)?.place.logicalId).toBe('Task');
    expect(edge.gates?.map((gate) => isReached(edge, gate))).toEqual([true]);
  });

  test('are told from those to a Core that is registered in its place', () => {
    const bypassed = edgeOf(sabotaged([gateTemplate()], GATE_BYPASSED) ?? []);
    expect(Object.values(rulesOf(bypassed)).map(gateOf)).not.toContainEqual(expect.anything());
    expect(bypassed.gates?.map((gate) => isReached(bypassed, gate))).toEqual([false]);
  });

  test('lead to no one gate where the weight is shared with something else', () => {
    const shared = altered(gateTemplate(), {
      Other: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Protocol: 'HTTP', Port: 8000, TargetType: 'ip', VpcId: 'vpc-1' } },
      Routes: { Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' }, Weight: 1 }, { TargetGroupArn: { Ref: 'Other' }, Weight: 1 }] } }] },
    });
    expect(gateOf(ruleIn(shared, 'Routes'))).toBeUndefined();
  });

  test('are answered by it alone for preflights and the public health check, and for nothing else', () => {
    const answered = Object.entries(rulesOf(edge)).map(([id, { answeredByGate }]) => [id, answeredByGate]);
    expect(answered).toEqual(expect.arrayContaining([['Preflights', 'preflight'], ['Health', 'health'], ['Routes', undefined]]));
  });

  test.each<[string, GateConfiguration, string]>([
    ['preflights where the gate knows no origins', { ...GATE_CONFIGURATION, cors: undefined }, 'Preflights'],
    ['the health check where it is not public', { ...GATE_CONFIGURATION, core: { ...GATE_CONFIGURATION.core, publicHealth: false } }, 'Health'],
    ['another path than the health check\'s', { ...GATE_CONFIGURATION, core: { ...GATE_CONFIGURATION.core, healthCheckPath: '/other' } }, 'Health'],
  ])('are not taken for answered: %s', (_, configuration, logicalId) => {
    expect(ruleIn(gateTemplate(configuration), logicalId).answeredByGate).toBeUndefined();
  });
});
