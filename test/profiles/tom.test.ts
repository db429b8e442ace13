import { Duration, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Authorizer } from '../../src/authorizer/authorizer';
import { GateProof } from '../../src/authorizer/gate-proof';
import { readKeyMap } from '../../src/cli/keys/key-map';
import { Access } from '../../src/gate/access';
import { Route } from '../../src/ingress/route';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import type { DeviceCredentialProps } from '../../src/broker/device-credentials-props';
import type { TomProfileProps } from '../../src/profiles/tom/tom-props';
import { WorkerPhase } from '../../src/profiles/tom/worker-phase';
import { VARIABLES, variablesOf } from '../../src/profiles/variables';
import { faultsIn } from '../../src/profiles/variables/judge';
import { TrailCoverage } from '../../src/secrets/trail-coverage';
import { Size } from '../../src/size';
import { gateOf } from '../support/gate';
import { findingsOf, type MakeProfile, profiled, templateOf, toldTo } from '../support/profiled-core';
import { brokered, CREDENTIALS, ROUTES, tom } from '../support/tom';

const authenticated = { access: Access.authenticated() };
const mtls: MakeProfile = (stack) => {
  const bucket = Bucket.fromBucketName(stack, 'Ca', 'acme-ca');
  return tom({ edge: Authorizer.mtls({ caBundle: { bucket, key: 'ca.pem' }, revocationList: { bucket, key: 'crl.pem' } }) })(stack);
};

const tomVariablesOf = (template: Template): Record<string, string> => Object.fromEntries(Object.entries(toldTo(template)).filter(([name]) => name.startsWith('TOM_')));

describe('What Profile.tom tells its container', () => {
  test('is what the table asks for, with the shared key of workers', () => {
    const template = templateOf(profiled(tom()));
    const told = tomVariablesOf(template);
    expect(told).toEqual({
      TOM_CORE_AUTH_MODE: 'api_key',
      TOM_CORE_API_KEYS: 'secret',
      TOM_CORE_WORKER_HMAC_SECRET: 'secret',
      TOM_CORE_WORKER_AUTH_REQUIRED: 'true',
      TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED: 'true',
    });
    expect(Object.keys(told)).toEqual(expect.arrayContaining(variablesOf('tom').filter(({ emission }) => emission === 'always').map(({ name }) => name)));
    template.hasResource('AWS::ECS::TaskDefinition', {
      Metadata: { 'cdk-secure-core:profile': { name: 'tom', environment: 'production', container: 'Core', choices: ['checkout'] } },
    });
  });

  test('has no shared key where each worker has one of its own', () => {
    const core = profiled(tom({ workers: WorkerPhase.perWorkerKeys() }));
    const template = templateOf(core);
    expect(tomVariablesOf(template)).not.toHaveProperty('TOM_CORE_WORKER_HMAC_SECRET');
    expect(core.parts.workerKey).toBeUndefined();
    template.hasResource('AWS::ECS::TaskDefinition', { Metadata: { 'cdk-secure-core:profile': Match.objectLike({ choices: ['per-worker-keys'] }) } });
  });

  test.each([WorkerPhase.checkout(), WorkerPhase.perWorkerKeys()])('is right by the judge in either phase', (workers) => {
    const told = new Map(Object.entries(toldTo(templateOf(profiled(tom({ workers }))))).map(([name, text]) => [name, text === 'secret' ? { isSecret: true } : { text, isSecret: false }]));
    expect(faultsIn('tom', told, { choices: workers._choices })).toEqual([]);
  });

  test('names a queue by TLS, and no variable of another document', () => {
    const told = toldTo(templateOf(profiled(tom())));
    expect(told).toMatchObject({ REDIS_TLS: 'true', REDIS_USERNAME: expect.any(String) as string, REDIS_KEY_PREFIX: 'tom:', REDIS_PASSWORD: 'secret' });
    const others = VARIABLES.filter(({ profile }) => profile !== 'tom').map(({ name }) => name);
    expect(Object.keys(told).filter((name) => others.includes(name))).toEqual([]);
  });
});

describe('The key of workers', () => {
  test('is of the environment, for messages that are signed, and renewed', () => {
    const core = profiled(tom());
    templateOf(core).hasResourceProperties('AWS::SecretsManager::Secret', { Name: 'production/Profiled/Core/WorkerKey' });
    templateOf(core).hasResourceProperties('AWS::SecretsManager::RotationSchedule', { SecretId: Stack.of(core).resolve(core.parts.workerKey?.secret.secretArn) as unknown });
    templateOf(core).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ROTATION: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('base64url')])] } } } });
  });
});

describe('What callers have to show', () => {
  test('is a token to the load balancer, and a key beside it to the gate, which passes the key on', () => {
    const { identity, core, policy } = gateOf(templateOf(profiled(tom()))).configuration;
    expect(identity.accept).toEqual([['token', 'key']]);
    expect(identity.key).toEqual({ header: 'x-api-key', prefix: 'tom_', inAuthorization: false });
    expect(core.passes).toEqual({ proof: 'key', header: 'x-api-key' });
    expect(policy.routes.map(({ path, access }) => [path, access])).toEqual([['/api/device', { kind: 'scope', scope: 'device' }], ['/api/job', { kind: 'scope', scope: 'job' }]]);
  });

  test('is a certificate and a key', () => {
    expect(gateOf(templateOf(profiled(mtls))).configuration.identity.accept).toEqual([['certificate', 'key']]);
  });

  test('is a key in the header and with the prefix of one\'s own, which the web ACL hides', () => {
    const template = templateOf(profiled(tom({ apiKeyHeader: 'X-Tom-Key', keyPrefix: 'smykowski_' })));
    const { identity, core } = gateOf(template).configuration;
    expect(identity.key).toMatchObject({ header: 'x-tom-key', prefix: 'smykowski_' });
    expect(core.passes).toEqual({ proof: 'key', header: 'x-tom-key' });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', { RedactedFields: Match.arrayWith([{ SingleHeader: { Name: 'x-tom-key' } }]) });
  });

  test('can be imported from what the program reads, in the form of the document', () => {
    const key = 'tom_bq7Zt0VxK2mLwYf8RcJ5nHdS1uGgE4aPoXi9TkBvQsM';
    expect(readKeyMap(JSON.stringify([`${key}:noc`]), 'tom_')).toEqual([{ key, owner: 'noc' }]);
  });
});

describe('The queue', () => {
  test('takes TLS only, and lets tom use its own keys by single commands', () => {
    const core = profiled(tom({ queue: { keyPrefix: 'jobs', commands: ['lpush', 'brpop'] } }));
    const template = templateOf(core);
    template.allResourcesProperties('AWS::ElastiCache::ReplicationGroup', { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' });
    template.hasResourceProperties('AWS::ElastiCache::User', { AccessString: 'on ~jobs:* resetchannels -@all +lpush +brpop' });
    expect(core.parts.queueUser?.keyPrefix).toBe('jobs');
    expect(core.parts.queue).toBeDefined();
  });

  test('by default is for lists, times, streams and their scripts, and for nothing that lists keys or changes the server', () => {
    const users = Object.values(templateOf(profiled(tom())).findResources('AWS::ElastiCache::User')) as { Properties: { AccessString: string } }[];
    const [rules] = users.map(({ Properties }) => Properties.AccessString).filter((text) => text.includes('~tom:*'));
    expect(rules?.split(' ')).toEqual(expect.arrayContaining(['+blmove', '+zrangebyscore', '+xreadgroup', '+evalsha', '+multi']));
    expect(rules).not.toMatch(/\+(keys|scan|flushall|flushdb|config\S*|acl\S*|debug|@\S+|publish|subscribe)( |$)/);
  });
});

describe('Credentials of devices', () => {
  const AGED = [CREDENTIALS[0], { ...CREDENTIALS[1], maxAge: Duration.days(30) }];

  test('are each an empty secret of the environment under one key, and the broker\'s to read', () => {
    const core = profiled(brokered({ credentials: AGED }));
    const template = templateOf(core);
    for (const [Name, days, kind] of [['production/credentials/core-routers/ssh', 90, 'SSH'], ['production/credentials/access.switches/snmp', 30, 'SNMP']]) {
      template.hasResource('AWS::SecretsManager::Secret', {
        Properties: {
          Name, GenerateSecretString: Match.absent(), SecretString: Match.absent(), KmsKeyId: Match.anyValue(),
          Tags: Match.arrayWith([{ Key: 'cdk-secure-core:device-credential', Value: kind }]),
        },
        Metadata: { 'cdk-secure-core:rotated-by-issuer-days': days },
      });
    }
    const ids = Object.keys(template.findResources('AWS::SecretsManager::Secret', { Properties: { Name: Match.stringLikeRegexp('/credentials/') } }));
    expect(ids).toHaveLength(2);
    const policies = Object.values(template.findResources('AWS::IAM::Policy')) as { Properties: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } } }[];
    const actions = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement).filter(({ Resource }) => ids.some((id) => JSON.stringify(Resource).includes(`"${id}"`)))
      .flatMap(({ Action }) => Action);
    // To tell its age, and to give it out.
    expect([...new Set(actions)].sort()).toEqual(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds']);
    expect(Object.values(toldTo(template)).filter((value) => value === 'secret')).toHaveLength(3);
  });

  test('sound when they are too old or empty, when nobody can tell, and when somebody reads one', () => {
    const template = templateOf(profiled(brokered({ credentials: AGED, queue: {} }), { trail: TrailCoverage.declared('Trail org-main of the audit account.') }));
    const described = (text: string): number =>
      Object.keys(template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmDescription: Match.stringLikeRegexp(text), AlarmActions: Match.anyValue() } })).length;
    expect([described('^Credential core-routers of production is older than 90 days'), described('^Credential access.switches of production is older than 30 days')]).toEqual([1, 1]);
    expect(described('^Nobody can tell how old credentials of production are')).toBe(1);
    expect(described('read a secret of Profiled/Core/Broker: Profiled/Core/Broker/Access')).toBe(1);
    expect(described('read a secret of Profiled/Core: Profiled/Core/UnheldSecrets')).toBe(1);
    template.hasResource('AWS::Events::Rule', {
      Properties: { Description: 'Reads of secrets of Profiled/Core/UnheldSecrets' },
      Metadata: { 'cdk-secure-core:declared-trail': 'Trail org-main of the audit account.' },
    });
  });

  test('are asked for their age by functions of ten each, whose variables have room for no more', () => {
    const many = Array.from({ length: 11 }, (_, index): DeviceCredentialProps => ({ id: `switch-${index}`, kind: DeviceCredentialKind.API_KEY }));
    const template = templateOf(profiled(brokered({ credentials: many })));
    expect(Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('^Tells how old credentials') } }))).toHaveLength(2);
  });

  test.each<[string, DeviceCredentialProps[], string]>([
    ['an id with a slash', [{ id: 'core/routers', kind: DeviceCredentialKind.SSH }], 'profile.credentials[0].id is "core/routers". Begin with a letter or digit'],
    ['an id twice', [CREDENTIALS[0], CREDENTIALS[0]], 'profile.credentials[1].id is "core-routers". Another credential has it'],
    ['half a day', [{ id: 'a', kind: DeviceCredentialKind.SSH, maxAge: Duration.hours(12) }], 'profile.credentials[0].maxAge is "Duration.hours(12)". Name whole days from 1 to 365.'],
    ['two years', [{ id: 'a', kind: DeviceCredentialKind.SSH, maxAge: Duration.days(730) }], 'profile.credentials[0].maxAge is "Duration.days(730)".'],
    ['an unknown kind', [{ id: 'a', kind: JSON.parse('"TELNET"') as DeviceCredentialKind }], 'profile.credentials[0].kind is "TELNET". Name one of SSH, SNMP, API_KEY.'],
  ])('are refused with %s', (_, credentials, message) => {
    expect(() => profiled(tom({ credentials }))).toThrow(`Profiled/Core: ${message}`);
  });
});

describe('What Profile.tom refuses', () => {
  test.each([
    Route.post('/checkout', authenticated), Route.get('/worker/register', authenticated), Route.subtree('/worker', authenticated), Route.post('/Credentials/checkout', authenticated),
    Route.subtree('/credentials', authenticated), Route.subtree('/', authenticated), Route.subtree('/checkout/v2', authenticated),
  ].map((route) => [route._name, route] as const))('a route by which callers would reach what is for workers: %s', (_, route) => {
    expect(() => profiled(tom({ routes: [...ROUTES, route] }))).toThrow(`Profiled/Core: profile.routes[2] is "${route._name}".`);
  });

  test('no route that only looks like one', () => {
    expect(() => profiled(tom({ routes: [Route.get('/workers', authenticated), Route.subtree('/api/worker', authenticated), Route.get('/', authenticated)] }))).not.toThrow();
  });

  test('a key without another proof', () => {
    expect(() => profiled(tom({ edge: Authorizer.gateOnly(GateProof.apiKeys()) }))).toThrow('Profiled/Core: profile.edge is "Authorizer.gateOnly". Name a proof that the load balancer asks for');
  });

  test.each<[string, Partial<TomProfileProps>, string]>([
    ['keys as text', { apiKeys: 'sk-live-1:me' as unknown as TomProfileProps['apiKeys'] }, 'profile.apiKeys is "of type string". Name a secret'],
    ['an edge that is none', { edge: {} as unknown as Authorizer }, 'profile.edge is "object". Name what callers show beside their key'],
    ['workers of a phase that is none', { workers: {} as unknown as WorkerPhase }, 'profile.workers is "object". Name WorkerPhase.checkout()'],
    ['nothing to forward', { routes: [] }, 'profile.routes is []. Declare what is forwarded'],
    ['a key where proxies write', { apiKeyHeader: 'X-Real-IP' }, 'profile.apiKeyHeader is "X-Real-IP". Write out a header'],
    ['a key where tokens are', { apiKeyHeader: 'Authorization' }, 'profile.apiKeyHeader is "Authorization". Write out a header'],
    ['keys that nobody knows when he sees one', { keyPrefix: 'TOM-' }, 'profile.keyPrefix is "TOM-". Name 2 to 16 lower-case letters'],
  ])('%s', (_, overrides, message) => {
    expect(() => profiled(tom(overrides))).toThrow(`Profiled/Core: ${message}`);
  });

  test.each<keyof TomProfileProps>(['apiKeys', 'edge', 'routes'])('a profile without %s', (prop) => {
    expect(() => profiled(tom({ [prop]: undefined }))).toThrow(`Profiled/Core: profile.${prop} is nothing.`);
  });

  test('a variable of its own written by hand', () => {
    expect(() => profiled(tom(), { container: { environment: { TOM_CORE_CREDENTIAL_FILE: 'creds.yml' } } })).toThrow('container.environment.TOM_CORE_CREDENTIAL_FILE');
  });
});

test.each([Size.DEV, Size.PRODUCTION])('the pack has nothing to say of %s', (size) => {
  expect(findingsOf(profiled(tom(), { size }))).toEqual([]);
});
