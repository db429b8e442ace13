import { Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AfterCheckout } from '../../src/broker/after-checkout';
import { JobBinding } from '../../src/broker/job-binding';
import { LeaseTerms } from '../../src/broker/lease-terms';
import { WorkerJoin } from '../../src/broker/worker-join';
import type { ProfiledCore } from '../../src/profiles/profiled-core';
import type { TomBrokerProps, TomProfileProps } from '../../src/profiles/tom/tom-props';
import { WorkerPhase } from '../../src/profiles/tom/worker-phase';
import { faultsIn } from '../../src/profiles/variables/judge';
import { ROLLOUT_VARIABLE } from '../../src/secrets/contract';
import { TrailCoverage } from '../../src/secrets/trail-coverage';
import { Size } from '../../src/size';
import { configurationOf, inDays, statementsOf, toldTo as functionTold } from '../broker/broker-stack';
import { findingsOf, type MakeProfile, profiled, templateOf, toldTo } from '../support/profiled-core';
import { apiKeysOf, brokered, brokerOf, CREDENTIALS, tom, WORKERS } from '../support/tom';

const STAGE = { environment: 'staging', size: Size.STANDARD };
const pooled = (overrides: Partial<TomProfileProps> = {}): MakeProfile => brokered(overrides, { workers: WORKERS });
const migration = (more: Partial<Parameters<typeof WorkerPhase.migration>[0]> = {}): WorkerPhase => WorkerPhase.migration({ until: inDays(30), ...more });

/** The ids of resources of a type, without the digits of the CDK. */
const idsOf = (template: Template, type: string, props?: object): string[] => Object.keys(template.findResources(type, props)).map((id) => id.replace(/[0-9A-F]{8}$/, ''));

interface Container {
  readonly Name: string;
  readonly Environment: readonly { readonly Name: string }[];
  readonly Secrets?: readonly { readonly Name: string }[];
}

function workerIn(template: Template): Container {
  const tasks = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as { Properties: { ContainerDefinitions: Container[] } }[];
  const worker = tasks.flatMap(({ Properties }) => Properties.ContainerDefinitions).find(({ Name }) => Name === 'Worker');
  if (!worker) throw new Error('There is no worker.');
  return worker;
}

const namesOf = (variables: readonly { readonly Name: string }[] = []): string[] => variables.map(({ Name }) => Name).sort();

describe('The broker of tom', () => {
  const core = profiled(brokered());
  const template = templateOf(core);

  test('gives out what was declared, each by the name of its secret, to whoever signs with the key of workers', () => {
    const { credentials, phase, host, binding, leases } = configurationOf(template);
    // A text: the name that a deployment gives says id and kind.
    expect(credentials).toEqual([expect.stringContaining('Credentialcorerouters'), expect.stringContaining('Credentialaccessswitches')]);
    expect(phase.kind).toBe('shared-key');
    expect({ host, binding, leases }).toEqual({ host: 'broker.acme.internal', binding: 'assigned', leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' } });
    expect(core.parts.broker?.workerKey).toBe(core.parts.workerKey);
    expect(core.parts.workers).toBeUndefined();
  });

  test('is told of by tom, which writes jobs and reads none', () => {
    expect(toldTo(template)).toMatchObject({ WORKER_BROKER_URL: 'https://broker.acme.internal', WORKER_JOBS_TABLE: 'deployed', TOM_CORE_WORKER_AUTH_REQUIRED: 'true' });
    const ofTables = statementsOf(template, /Task(?!Exec)/).filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
    const ofCore = ofTables.filter(({ Resource }) => JSON.stringify(Resource).includes('Jobs'));
    expect(ofCore.map(({ Action }) => Action)).toEqual([['dynamodb:PutItem', 'dynamodb:DeleteItem']]);
    expect(JSON.stringify(ofTables)).not.toContain('BrokerState');
  });

  test('alone may read the credentials, and what it reads is watched once', () => {
    const readers = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([, { Properties }]) => JSON.stringify(Properties).includes('"CoreCredentialsCredential')
      && JSON.stringify(Properties).includes('GetSecretValue')).map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(readers).toEqual([expect.stringMatching(/^CoreBrokerHandler/)]);
    const watched = Object.values(template.findResources('AWS::Events::Rule')).filter(({ Properties }) => JSON.stringify(Properties).includes('"CoreCredentialsCredentialcorerouters')
      && JSON.stringify(Properties).includes('GetSecretValue')).map(({ Properties }) => (Properties as { Description: string }).Description);
    expect([...new Set(watched)]).toEqual(['Reads of secrets of Profiled/Core/Broker/Access']);
    expect(watched).toHaveLength(2);
  });

  test('has a load balancer of its own, which tom is not let connect to', () => {
    expect(idsOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toHaveLength(2);
    const [group = ''] = Object.keys(template.findResources('AWS::EC2::SecurityGroup')).filter((id) => /^CoreBrokerIngress/.test(id));
    expect(Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).filter(({ Properties }) => JSON.stringify(Properties).includes(`"GroupId":{"Fn::GetAtt":["${group}"`))).toEqual([]);
  });

  test('is told more by props', () => {
    const { binding, leases, requestsPerMinute } = configurationOf(templateOf(profiled(brokered({}, {
      jobs: JobBinding.firstToClaim('Workers pull jobs, and tom does not know which of them will.'), leases: LeaseTerms.of(), requestsPerWorker: 30,
    }))));
    expect([binding, leases.ttlSeconds, requestsPerMinute]).toEqual(['first-to-claim', 300, 30]);
  });
});

describe('Workers of tom', () => {
  const core = profiled(pooled());
  const template = templateOf(core);

  test('are told where queue and broker are, and hold the queue\'s password and the shared key', () => {
    const { Environment, Secrets } = workerIn(template);
    expect(namesOf(Environment)).toEqual(expect.arrayContaining(['REDIS_KEY_PREFIX', 'REDIS_TLS', 'WORKER_BROKER_URL', 'WORKER_ID_PREFIX']));
    expect(namesOf(Environment)).not.toContain('WORKER_JOBS_TABLE');
    expect(namesOf(Secrets)).toEqual(expect.arrayContaining(['REDIS_PASSWORD', 'TOM_CORE_WORKER_HMAC_SECRET']));
    expect(namesOf(Secrets).filter((name) => !name.startsWith('REDIS_'))).toEqual(['TOM_CORE_WORKER_HMAC_SECRET']);
    expect(core.parts.workers).toBeDefined();
  });

  test('run in the cluster of the Core, and are started anew with it when a secret is renewed', () => {
    expect(idsOf(template, 'AWS::ECS::Cluster')).toHaveLength(1);
    const rolled = functionTold(template, ROLLOUT_VARIABLE) as { secrets: { name: string; services: number[] }[] };
    const shared = rolled.secrets.filter(({ services }) => services.length === 2).map(({ name }) => name);
    expect(shared).toEqual(expect.arrayContaining([expect.stringContaining('Queue'), expect.stringContaining('WorkerKey')]));
    expect(shared).toHaveLength(2);
    expect(idsOf(template, 'AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('^Rolls renewed secrets out') } })).toHaveLength(1);
  });

  test('may do nothing by their role', () => {
    expect(statementsOf(template, /^CoreWorkersTaskTaskRole/)).toEqual([]);
  });

  test('join as their tasks where each has a key of its own, and hold none', () => {
    const own = profiled(pooled({ workers: WorkerPhase.perWorkerKeys() }));
    const told = templateOf(own);
    expect(configurationOf(told).phase).toMatchObject({ kind: 'per-worker-keys', own: { tasks: { roles: [expect.any(Object)] } } });
    expect(configurationOf(told).phase).not.toHaveProperty('own.tokenSeconds');
    expect(namesOf(workerIn(told).Secrets).filter((name) => !name.startsWith('REDIS_'))).toEqual([]);
    expect(tomSecrets(own)).not.toContain('TOM_CORE_WORKER_HMAC_SECRET');
  });

  test('join by tokens where they run elsewhere, and as they are told', () => {
    expect(configurationOf(templateOf(profiled(brokered({ workers: WorkerPhase.perWorkerKeys() })))).phase).toMatchObject({ own: { tokenSeconds: 600 } });
    const both = WorkerPhase.perWorkerKeys({ joins: [WorkerJoin.token(), WorkerJoin.task()] });
    expect(configurationOf(templateOf(profiled(pooled({ workers: both })))).phase).toMatchObject({ own: { tokenSeconds: 600, tasks: {} } });
  });
});

const tomSecrets = (core: ProfiledCore): string[] => Object.keys(toldTo(templateOf(core)));

describe('A migration', () => {
  test('takes both kinds of keys until a day that stands in the metadata, and goes on asking for one', () => {
    const until = inDays(30);
    const template = templateOf(profiled(pooled({ workers: WorkerPhase.migration({ until, credentialFile: '/run/creds.yml' }) }), STAGE));
    expect(configurationOf(template).phase).toMatchObject({ kind: 'migration', until, shared: {}, own: { tasks: {} } });
    template.hasResource('AWS::ECS::TaskDefinition', { Metadata: { 'cdk-secure-core:profile': Match.objectLike({ choices: ['migration', `until:${until}`] }) } });
    expect(toldTo(template)).toMatchObject({
      TOM_CORE_CREDENTIAL_FILE: '/run/creds.yml', TOM_CORE_WORKER_AUTH_REQUIRED: 'true', TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED: 'true', TOM_CORE_WORKER_HMAC_SECRET: 'secret',
    });
  });

  test('names a file only where one is named, and a container of workers none', () => {
    const template = templateOf(profiled(pooled({ workers: migration() }), STAGE));
    expect(toldTo(template)).not.toHaveProperty('TOM_CORE_CREDENTIAL_FILE');
    const named = templateOf(profiled(pooled({ workers: migration({ credentialFile: '/run/creds.yml' }) }), STAGE));
    expect(JSON.stringify(workerIn(named))).not.toContain('CREDENTIAL_FILE');
  });

  test('is what the judge asks for before it lets the file pass', () => {
    const told = new Map([['TOM_CORE_CREDENTIAL_FILE', { text: '/run/creds.yml', isSecret: false }]]);
    const said = (choices: string[]): string[] => faultsIn('tom', told, { choices }).filter(({ names }) => names.includes('TOM_CORE_CREDENTIAL_FILE')).map(({ says }) => says);
    expect(said(['migration', 'until:2030-01-01'])).toEqual([]);
    for (const choice of ['checkout', 'per-worker-keys', 'until:2030-01-01']) expect(said([choice])).toEqual(['must not be there']);
  });

  test.each<[string, WorkerPhase, object, string]>([
    ['of a size for production', migration(), { ...STAGE, size: Size.PRODUCTION }, 'profile.workers is "WorkerPhase.migration". Size.PRODUCTION and environments that begin with prod have one phase'],
    ['of an environment for production', migration(), { ...STAGE, environment: 'prod-eu' }, 'profile.workers is "WorkerPhase.migration".'],
    ['that is over', migration({ until: '2026-01-01' }), STAGE, 'phase.until is "2026-01-01". Name a day to come'],
    ['that is far away', migration({ until: inDays(120) }), STAGE, 'at most 90 days away'],
    ['without a day', migration({ until: 'soon' }), STAGE, 'phase.until is "soon"'],
  ])('is refused: one %s', (_, workers, overrides, message) => {
    expect(() => profiled(brokered({ workers }), overrides)).toThrow(message);
  });

  test('is refused without what workers migrate to', () => {
    expect(() => profiled(tom({ workers: migration() }), STAGE)).toThrow('Profiled/Core: profile.broker is nothing. Name what workers migrate to');
  });
});

describe('Credentials that a function changes', () => {
  const rotating: MakeProfile = (stack) => {
    const rotation = new Fn(stack, 'Rotator', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0') });
    return pooled({ credentials: [{ ...CREDENTIALS[0], after: AfterCheckout.rotate(rotation) }, CREDENTIALS[1]] })(stack);
  };

  test('may be read and written by it, and are asked to rotate after their last lease', () => {
    const template = templateOf(profiled(rotating));
    const own = statementsOf(template, /^RotatorServiceRole/);
    expect(own.flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage']));
    expect(JSON.stringify(own)).not.toContain('accessswitches');
    template.hasResourceProperties('AWS::SecretsManager::Secret', { Description: 'SSH credential core-routers of production; changed on the devices once its last lease has ended' });
    template.resourcePropertiesCountIs('AWS::SecretsManager::RotationSchedule', { RotationRules: { AutomaticallyAfterDays: 90 } }, 1);
  });

  test('are nothing that the pack objects to', () => {
    expect(findingsOf(profiled(rotating))).toEqual([]);
  });
});

describe('What Profile.tom refuses of workers', () => {
  test.each<[string, (stack: Stack) => Partial<TomProfileProps>, string]>([
    ['credentials that nothing gives out', () => ({ credentials: CREDENTIALS }), 'profile.broker is nothing. Name what gives the credentials out'],
    ['a broker of nothing', (stack) => ({ broker: brokerOf(stack) }), 'profile.credentials is []. Name what the broker gives out'],
    ['a broker without a door', () => ({ broker: {} as unknown as TomBrokerProps, credentials: CREDENTIALS }), 'profile.broker.ingress is nothing. Name the host name'],
    ['a broker without a name', (stack) => ({ broker: { ingress: { ...brokerOf(stack).ingress, domainName: undefined as unknown as string } }, credentials: CREDENTIALS }),
      'profile.broker.ingress.domainName is nothing.'],
    ['a choice after a checkout that is none', (stack) => ({ broker: brokerOf(stack), credentials: [{ ...CREDENTIALS[0], after: {} as unknown as AfterCheckout }] }),
      'profile.credentials[0].after is "object". Name AfterCheckout.keep() or AfterCheckout.rotate'],
  ])('%s', (_, overrides, message) => {
    expect(() => profiled((stack) => tom(overrides(stack))(stack))).toThrow(`Profiled/Core: ${message}`);
  });
});

describe('The pack has nothing to say', () => {
  const trail = TrailCoverage.declared('Trail org-main of the audit account.');

  test.each<[string, MakeProfile, object]>([
    ['of workers with a shared key', pooled(), {}],
    ['of workers with keys of their own', pooled({ workers: WorkerPhase.perWorkerKeys() }), { size: Size.DEV }],
    ['of workers elsewhere', brokered({ workers: WorkerPhase.perWorkerKeys() }), {}],
    ['of a migration', (stack) => pooled({ workers: migration({ credentialFile: '/run/creds.yml' }), apiKeys: apiKeysOf(stack, 'staging') })(stack), STAGE],
  ])('%s', (_, make, overrides) => {
    expect(findingsOf(profiled(make, { trail, ...overrides }))).toEqual([]);
  });
});

test('A system with workers fits into a stack with room for what else there is', () => {
  const { Resources } = templateOf(profiled(pooled())).toJSON() as { Resources: object };
  expect(Object.keys(Resources).length).toBeLessThan(450);
});
