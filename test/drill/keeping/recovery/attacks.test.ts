import type { Resource } from '../../../../src/checks/template/resource';
import type { Json, JsonMap, Template } from '../../../../src/checks/template/template';
import type { AttackResult, Saboteur } from '../../../../src/drill/attack';
import { toApiWords } from '../../../../src/drill/emulator/api-words';
import type { Deployment } from '../../../../src/drill/emulator/deploy';
import { ground } from '../../../../src/drill/emulator/ground';
import { Ledger, resolveLoosely } from '../../../../src/drill/emulator/ledger';
import { onlyGraph } from '../../../../src/drill/emulator/only-graph';
import { COMING_BACK_ATTACKS, type KeepingAttack } from '../../../../src/drill/keeping';
import type { KeepingTarget } from '../../../../src/drill/keeping/attack';
import { openKeepingScene, type SceneParts } from '../../../../src/drill/keeping/scene';
import { changed, omit, saboteur } from '../../../../src/drill/saboteurs';
import { backedTemplate } from '../../../e2e/drill/fixtures/backed';
import { clientsThat } from '../stand-in';

const SOMEWHERE = { account: '111122223333', region: 'eu-central-1', parameters: new Map<string, string>() };

/** How AWS calls what others name by its ARN. */
const ARNS: Readonly<Record<string, (id: string) => string>> = {
  'AWS::Backup::BackupVault': (id) => `arn:aws:backup:eu-central-1:111122223333:backup-vault:${id}`,
  'AWS::DynamoDB::Table': (id) => `arn:aws:dynamodb:eu-central-1:111122223333:table/${id}`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id}`,
};

/** Attacks that ask the emulator nothing that it decides: the others are carried out in `test/e2e/drill/coming-back.test.ts`. */
const PLAYED = COMING_BACK_ATTACKS.filter(({ id }) => !['BDR-1.jobs-fail', 'BDR-2.taken-away', 'BDR-2.read', 'BDR-2.whose-key', 'CTR-6.killed'].includes(id));

/** As if deployed; Amazon ECS answers with what stands in the template. */
function sceneOn(template: Template, transcript: string[] = []) {
  const graph = onlyGraph([ground(template, SOMEWHERE)]);
  const ledger = new Ledger();
  for (const { type, logicalId, template: { name } } of graph.types.flatMap((one) => graph.ofType(one))) {
    const id = type === 'AWS::ECS::Service' ? `arn:aws:ecs:eu-central-1:111122223333:service/cluster/${logicalId}` : `real-${logicalId.toLowerCase()}`;
    const arn = ARNS[type]?.(id) ?? `arn:${id}`;
    ledger.record({ template: name, logicalId }, id, { Arn: arn, BackupVaultArn: arn });
  }
  const shown = (type: string, id: unknown): JsonMap => {
    const found = graph.ofType(type).find((one) => ledger.of(one) === id);
    return found ? toApiWords(resolveLoosely(ledger, found.evaluateAll().value, found.template.name)) as JsonMap : {};
  };
  const aws = clientsThat(({ name, input }) => (name === 'DescribeTaskDefinitionCommand'
    ? { taskDefinition: shown('AWS::ECS::TaskDefinition', input.taskDefinition) } : { services: [shown('AWS::ECS::Service', (input.services as readonly string[])[0])] }));
  const unasked = (): never => {
    throw new Error('nobody asked for this');
  };
  const deployment = { graph, ledger, stacks: new Map(), emulator: { endpoint: 'http://127.0.0.1:1', ...SOMEWHERE } } as unknown as Deployment;
  return openKeepingScene({ deployment, aws, stores: {} as SceneParts['stores'], as: unasked, elsewhere: unasked, run: unasked, serve: unasked, ask: unasked }, transcript);
}

const good = backedTemplate();
const targetsOf = (attack: KeepingAttack): readonly KeepingTarget[] => attack.targets({ graph: onlyGraph([ground(good, SOMEWHERE)]) });

async function on(template: Template, attack: KeepingAttack, isMeant: (resource: Resource) => boolean = () => true): Promise<AttackResult[]> {
  return Promise.all(targetsOf(attack).filter(({ resource }) => isMeant(resource)).map((target) => attack.run(target, sceneOn(template))));
}

function named(id: string): KeepingAttack {
  const found = PLAYED.find((attack) => attack.id === id);
  if (!found) throw new Error(`There is no attack ${id}.`);
  return found;
}

function weakened(by: Saboteur): Template {
  const body = by.sabotage(good.body);
  if (body === undefined) throw new Error(`${by.name} finds nothing.`);
  return { ...good, body };
}

/** With properties of one resource changed, or left out where they are null. */
const having = (logicalId: string, properties: Readonly<Record<string, Json>>): Template => weakened({
  name: logicalId,
  sabotage: (body) => {
    const resources = body.Resources as unknown as Readonly<Record<string, { readonly Properties: JsonMap }>>;
    const Properties = Object.fromEntries(Object.entries({ ...resources[logicalId]?.Properties, ...properties }).filter(([, value]) => value !== null));
    return { ...body, Resources: { ...resources, [logicalId]: { ...resources[logicalId], Properties } } as unknown as JsonMap };
  },
});

const verdicts = async (...of: Parameters<typeof on>): Promise<string[]> => (await on(...of)).map(({ verdict }) => verdict);

test.each(PLAYED.map((attack) => [attack.id, attack] as const))('%s is withstood by what is backed up by hand', async (_, attack) => {
  const results = await on(good, attack);
  expect(results.filter(({ verdict }) => verdict !== 'withstood')).toEqual([]);
  expect(results).not.toHaveLength(0);
});

test.each(PLAYED.flatMap((attack) => attack.saboteurs.map((by) => [attack.id, by.name, attack, by] as const)))('%s succeeds where %s', async (_, __, attack, by) => {
  await expect(verdicts(weakened(by), attack)).resolves.toContain('succeeded');
});

describe('BDR-1.missed-late', () => {
  const attack = named('BDR-1.missed-late');

  test('a plan alone brings back what no store keeps by itself', async () => {
    const alone = having('Database', { BackupRetentionPeriod: 1 });
    await expect(verdicts(alone, attack, ({ logicalId }) => logicalId === 'Database')).resolves.toEqual(['withstood']);
  });

  test('of a bucket it is the plan that needs versions, and without both it is lost', async () => {
    const [result] = await on(having('Assets', { VersioningConfiguration: null }), attack, ({ logicalId }) => logicalId === 'Assets');
    expect(result).toEqual({ verdict: 'succeeded', saw: 'What was overwritten at 2028-01-15T00:00:00.000Z and missed 7 days later is gone: nothing is kept of it.' });
  });

  test('what a vault\'s lock refuses is never made', async () => {
    const locked = having('Vault', { LockConfiguration: { MinRetentionDays: 40 } });
    const table = { ...locked, body: having('Table', { PointInTimeRecoverySpecification: null }).body };
    await expect(verdicts(table, attack, ({ logicalId }) => logicalId === 'Table')).resolves.toEqual(['withstood']);
    const both = { ...good, body: { ...locked.body, Resources: { ...locked.body.Resources as JsonMap, Table: (table.body.Resources as JsonMap).Table ?? null } } };
    await expect(verdicts(both, attack, ({ logicalId }) => logicalId === 'Table')).resolves.toEqual(['succeeded']);
  });

  test('a store of which the templates say why is no target', () => {
    const exempt = { ...good, body: { ...good.body, Resources: { Table: { Type: 'AWS::DynamoDB::Table', Metadata: { 'cdk-secure-core:backup-exempt': 'a cache' }, Properties: {} } } } };
    expect(attack.targets({ graph: onlyGraph([ground(exempt, SOMEWHERE)]) })).toEqual([]);
  });
});

describe('BDR-3, zones', () => {
  const [stores, tasks] = [named('BDR-3.zone-lost'), named('BDR-3.zone-of-tasks-lost')];
  const of = (logicalId: string) => (resource: Resource): boolean => resource.logicalId === logicalId;

  test.each<[string, Readonly<Record<string, Json>>]>([
    ['Cache', { AutomaticFailoverEnabled: false }], ['Cache', { MultiAZEnabled: 'false' }], ['Cache', { NumCacheClusters: 1 }], ['Database', { MultiAZ: null }],
    ['Service', { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'First' }] } } }],
  ])('%s with %j goes with its zone', async (logicalId, properties) => {
    await expect(verdicts(having(logicalId, properties), logicalId === 'Service' ? tasks : stores, of(logicalId))).resolves.toEqual(['succeeded']);
  });

  test.each(['Database', 'Cache', 'Service'])('two subnets in one zone are one zone to the %s', async (store) => {
    const one = weakened(saboteur('one zone', ['AWS::EC2::Subnet'], (properties) => ({ ...properties, AvailabilityZone: 'eu-central-1a' })));
    await expect(verdicts(one, store === 'Service' ? tasks : stores, of(store))).resolves.toEqual(['succeeded']);
  });
});

test('BDR-3.region-lost: a copy that expires before the next one sets out is no copy', async () => {
  const rule = { RuleName: 'Weekly', TargetBackupVault: { Ref: 'Vault' }, ScheduleExpression: 'cron(0 1 ? * MON *)', Lifecycle: { DeleteAfterDays: 35 } };
  const copied = (DeleteAfterDays: number): Template => having('Plan', {
    BackupPlan: { BackupPlanRule: [{ ...rule, CopyActions: [{ DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies', Lifecycle: { DeleteAfterDays } }] }] },
  });
  await expect(verdicts(copied(7), named('BDR-3.region-lost'))).resolves.toEqual(['withstood']);
  await expect(verdicts(copied(6), named('BDR-3.region-lost'))).resolves.toEqual(['succeeded']);
});

test('BDR-3.never-tried asks for each store by its kind', async () => {
  const without = having('TestS3', { ProtectedResourceType: 'EBS' });
  const [result] = await on(without, named('BDR-3.never-tried'));
  expect(result).toEqual({ verdict: 'succeeded', saw: expect.stringContaining('no restore of Assets is tried') as string });
});

test('BDR-2.lock-lifted: a lock that can be lifted for months is not final', async () => {
  await expect(verdicts(having('Vault', { LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 90 } }), named('BDR-2.lock-lifted'))).resolves.toEqual(['succeeded']);
});

describe('CTR-6', () => {
  const containers = (alter: (container: JsonMap) => JsonMap | undefined): Template => weakened(saboteur('containers', ['AWS::ECS::TaskDefinition'], (properties) => {
    const after = changed(properties.ContainerDefinitions as readonly JsonMap[], alter);
    return after && { ...properties, ContainerDefinitions: after };
  }));
  const ended = named('CTR-6.ended-or-hung');

  test('a container that others wait for may end, and one that is restarted need not be essential', async () => {
    const restarted = containers((container) => (container.Name === 'beside' ? { ...container, Essential: false, RestartPolicy: { Enabled: true } } : undefined));
    await expect(verdicts(restarted, ended)).resolves.toEqual(['withstood']);
    const prepared = containers((container) => (container.Name === 'beside' ? { ...container, Essential: false } : { ...container, DependsOn: [{ ContainerName: 'beside', Condition: 'SUCCESS' }] }));
    await expect(verdicts(prepared, ended)).resolves.toEqual(['withstood']);
  });

  test('a container without a check hangs unnoticed, unless a load balancer asks it', async () => {
    const unasked = containers((container) => (container.Name === 'core' ? omit(container, 'HealthCheck') : undefined));
    await expect(verdicts(unasked, ended)).resolves.toEqual(['succeeded']);
    const resources = unasked.body.Resources as unknown as Readonly<Record<string, { readonly Properties: JsonMap }>>;
    const asked = (HealthCheckEnabled: boolean): Template => ({
      ...unasked,
      body: {
        Resources: {
          ...resources,
          Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { HealthCheckEnabled } },
          Service: { ...resources.Service, Properties: { ...resources.Service?.Properties, LoadBalancers: [{ ContainerName: 'core', ContainerPort: 8000, TargetGroupArn: { Ref: 'Group' } }] } },
        },
      },
    });
    await expect(verdicts(asked(true), ended)).resolves.toEqual(['withstood']);
    await expect(verdicts(asked(false), ended)).resolves.toEqual(['succeeded']);
  });

  test('NONE is no check', async () => {
    await expect(verdicts(containers((container) => ({ ...container, HealthCheck: { Command: ['NONE'] } })), ended)).resolves.toEqual(['succeeded']);
  });
});
