import * as fc from 'fast-check';
import type { AccessCondition, GateConfiguration } from '../../../src/gate/contract';
import { ConfigurationError, readConfiguration } from '../../../src/runtime/gate/read-configuration';
import { gateConfiguration } from '../../support/gate-server';

const KEYS = { uri: 'https://issuer.test/jwks', source: 'https', ttlSeconds: 300, timeoutSeconds: 3, maxAttempts: 3, backoffSeconds: 0.2, maxBackoffSeconds: 2 } as const;
const TOKEN = {
  issuer: 'https://issuer.test', claims: [{ name: 'aud', values: ['core'] }], algorithms: ['RS256'], clockSkewSeconds: 60,
  subjectClaim: 'sub', scopesClaim: 'scope', keys: KEYS,
} as const satisfies GateConfiguration['identity']['tokens'][number];

const plan = () => ({ general: { requests: 600, windowSeconds: 60, burst: 20 }, heavy: { requests: 60, windowSeconds: 60, burst: 20 }, streams: 5 });

/** All that can be configured, so that each key of the contract is there. */
const FULL: GateConfiguration = {
  ...gateConfiguration(8080),
  port: 8443,
  profile: 'remote',
  core: {
    port: 8080, healthCheckPath: '/health', publicHealth: false, identityHeader: 'x-caller', scopesHeader: 'x-caller-scopes', removedHeaders: ['x-old'], keyHeader: 'authorization',
    passes: { proof: 'key', header: 'x-core-key' },
  },
  policy: {
    routes: [{
      method: 'POST', path: '/v1/chat', subtree: false,
      access: { kind: 'all', of: [{ kind: 'scope', scope: 'chat' }, { kind: 'any', of: [{ kind: 'role', role: 'user' }, { kind: 'authenticated' }] }] },
      tier: 'heavy', streams: true,
    }],
    roles: { user: ['chat'] },
  },
  identity: {
    accept: [['certificate', 'token'], ['token']],
    tokens: [{ ...TOKEN, rolesClaim: 'roles', endUserClaim: 'end_user' }],
    certificate: { subjectHeader: 'x-amzn-mtls-clientcert-subject', scopes: { 'CN=a': ['chat'] } },
    key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false },
    admin: { subjectHeader: 'x-amzn-oidc-identity', cookieName: 'SecureCoreAdmin' },
  },
  cors: { origins: ['https://app.test'], credentials: true, headers: ['x-api-key'], maxAgeSeconds: 600 },
  rate: {
    redis: { host: 'redis.test', port: 6379, user: 'gate', keyPrefix: 'gate', isCluster: true },
    onRedisLost: { kind: 'count', gates: 2 },
    plan: plan(),
    overrides: [{ by: 'key', name: 'platform', plan: plan() }],
  },
  metrics: { namespace: 'Acme/Gate', port: 9464 },
};
/** For those that take no keys. */
const PASSING_NONE = { ...FULL.core, passes: undefined };
const AUDIT_KEY = 'a'.repeat(32);
const SECRETS = { GATE_REDIS_PASSWORD: 'redis-password', GATE_CORE_KEY: 'core-key', GATE_AUDIT_KEY: AUDIT_KEY };

function read(configuration: unknown, variables: Record<string, string> = SECRETS): ReturnType<typeof readConfiguration> {
  return readConfiguration({ PATH: '/bin', GATE_CONFIGURATION: JSON.stringify(configuration), ...variables });
}

function faultOf(configuration: unknown, variables?: Record<string, string>): string {
  try {
    read(configuration, variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
}

/** A copy with one place changed; `undefined` removes it. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(FULL) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

/** Every object of the configuration, by its path. */
function objectsIn(value: unknown, path: readonly string[] = []): { readonly path: readonly string[]; readonly keys: readonly string[] }[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, each]) => objectsIn(each, [...path, name]));
  return Array.isArray(value) ? below : [{ path, keys: Object.keys(value) }, ...below];
}

const OPTIONAL = new Set([
  'core.scopesHeader', 'core.keyHeader', 'core.passes', 'identity.tokens.0.rolesClaim', 'identity.tokens.0.endUserClaim', 'identity.certificate', 'identity.key', 'identity.admin', 'cors', 'rate',
  'metrics.port',
]);
/** Their keys are names of somebody else's. */
const RECORDS = new Set(['policy.roles', 'identity.certificate.scopes']);
const OBJECTS = objectsIn(FULL).filter(({ path }) => !RECORDS.has(path.join('.')));

describe('a configuration', () => {
  test('is read whole, with its secrets', () => {
    expect(read(FULL)).toEqual({ configuration: FULL, secrets: { redisPassword: 'redis-password', coreKey: 'core-key', auditKey: AUDIT_KEY } });
  });

  test('survives the journey through JSON, whatever it says', () => {
    const text = fc.string({ minLength: 1, maxLength: 20 });
    const issuers = text.filter((each) => !/[\s#]/.test(each));
    const condition: fc.Memo<AccessCondition> = fc.memo((depth) => (depth <= 1
      ? fc.oneof(fc.constant<AccessCondition>({ kind: 'authenticated' }), text.map((scope): AccessCondition => ({ kind: 'scope', scope })))
      : fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(condition(depth - 1), { minLength: 1, maxLength: 3 }) })));
    const configuration = fc.record({
      access: condition(4), scopes: fc.dictionary(text.filter((each) => each !== '__proto__'), fc.array(text)), issuer: issuers, ttlSeconds: fc.integer({ min: 60, max: 3600 }),
      skew: fc.integer({ min: 0, max: 60 }), seconds: fc.double({ min: 0.001, max: 10_000, noNaN: true }), isPublic: fc.boolean(), name: text, hasRate: fc.boolean(),
    }).map(({ access, scopes, issuer, ttlSeconds, skew, seconds, isPublic, name, hasRate }): GateConfiguration => ({
      ...FULL,
      core: { ...FULL.core, publicHealth: isPublic },
      policy: { routes: FULL.policy.routes.map((route) => ({ ...route, access })), roles: scopes },
      identity: { ...FULL.identity, tokens: [{ ...TOKEN, issuer, clockSkewSeconds: skew, keys: { ...KEYS, ttlSeconds } }] },
      limits: { ...FULL.limits, idleTimeoutSeconds: seconds },
      table: { name, region: name },
      rate: hasRate ? FULL.rate : undefined,
    }));
    fc.assert(fc.property(configuration, (each) => {
      const secrets: Record<string, string> = each.rate ? SECRETS : { GATE_CORE_KEY: 'core-key', GATE_AUDIT_KEY: AUDIT_KEY };
      expect(read(each, secrets).configuration).toEqual(JSON.parse(JSON.stringify(each)));
    }));
  });

  test('is refused without any one of its keys, and the place is named', () => {
    fc.assert(fc.property(fc.constantFrom(...OBJECTS.flatMap(({ path, keys }) => keys.map((key) => [...path, key]))), (path) => {
      const at = path.join('.');
      const fault = faultOf(changed(at, undefined));
      if (OPTIONAL.has(at)) expect(fault).not.toContain('is missing: ');
      else expect(fault).toMatch(/^GATE_CONFIGURATION\.[\w.[\]]+: /);
    }), { numRuns: 400 });
  });

  test('is refused with any key that is not known, and the place is named', () => {
    for (const { path } of OBJECTS) {
      const fault = faultOf(changed([...path, 'surprise'].join('.'), 1));
      if (path.at(-1) === 'access' || path.includes('of')) expect(fault).toMatch(/^GATE_CONFIGURATION\.policy\.routes\[0\]\.access/);
      else expect(fault).toBe(`GATE_CONFIGURATION${[...path, 'surprise'].map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('')}: is not known; remove it`);
    }
  });

  test.each([
    ['version', 2, 'GATE_CONFIGURATION.version: must be one of 1'],
    ['port', 8080, 'GATE_CONFIGURATION.port: must not be the port of the Core'],
    ['port', '8443', 'GATE_CONFIGURATION.port: must be of type number'],
    ['core.port', 65_536, 'GATE_CONFIGURATION.core.port: must be at most 65535'],
    ['core.identityHeader', 'X-User', 'GATE_CONFIGURATION.core.identityHeader: must be a header name in lower case, without underscores'],
    ['core.removedHeaders', ['x_user'], 'GATE_CONFIGURATION.core.removedHeaders[0]: must be a header name in lower case, without underscores'],
    ['core.passes', { proof: 'certificate' }, 'GATE_CONFIGURATION.core.passes.proof: must be one of the kinds that the contract names'],
    ['core.passes', { proof: 'token', header: 'x-token' }, 'GATE_CONFIGURATION.core.passes.header: is not known; remove it'],
    ['core.passes', { proof: 'token' }, 'GATE_CONFIGURATION.core.passes: must not go in a header that the Core is told something else in'],
    ['core.passes.header', 'X-Key', 'GATE_CONFIGURATION.core.passes.header: must be a header name in lower case, without underscores'],
    ['core.passes.header', 'x-forwarded-for', 'GATE_CONFIGURATION.core.passes.header: must be a header that says nothing else'],
    ['core.passes.header', 'x-user-id', 'GATE_CONFIGURATION.core.passes.header: must be a header that says nothing else'],
    ['core.passes.header', 'x-caller', 'GATE_CONFIGURATION.core.passes: must not go in a header that the Core is told something else in'],
    ['core.passes.header', 'x-caller-scopes', 'GATE_CONFIGURATION.core.passes: must not go in a header that the Core is told something else in'],
    ['core.passes.header', 'authorization', 'GATE_CONFIGURATION.core.passes: must not go in a header that the Core is told something else in'],
    ['identity.key', undefined, 'GATE_CONFIGURATION.core.passes.proof: must not name key, which is not configured'],
    ['policy.routes.0.path', '/v1/', 'GATE_CONFIGURATION.policy.routes[0].path: must not end with /'],
    ['policy.routes.0.access', { kind: 'all', of: [] }, 'GATE_CONFIGURATION.policy.routes[0].access.of: must not be empty'],
    ['identity.accept', [], 'GATE_CONFIGURATION.identity.accept: must not be empty'],
    ['identity.accept', [[]], 'GATE_CONFIGURATION.identity.accept[0]: must not be empty'],
    ['identity.certificate', undefined, 'GATE_CONFIGURATION.identity.accept[0][0]: must not name certificate, which is not configured'],
    ['identity.key.inAuthorization', true, 'GATE_CONFIGURATION.identity.key.inAuthorization: must be false where tokens are taken'],
    ['identity.tokens.0.clockSkewSeconds', 61, 'GATE_CONFIGURATION.identity.tokens[0].clockSkewSeconds: must be at most 60'],
    ['identity.tokens.0.claims', [{ name: 'azp', values: ['x'] }], 'GATE_CONFIGURATION.identity.tokens[0].claims: must name aud or client_id'],
    ['identity.tokens', [TOKEN, TOKEN], 'GATE_CONFIGURATION.identity.tokens: must name each issuer once'],
    ['identity.tokens.0.algorithms', ['HS256'], 'GATE_CONFIGURATION.identity.tokens[0].algorithms: must be HS256 alone where the source of keys is secret, and never elsewhere'],
    ['identity.tokens.0.keys.ttlSeconds', 59, 'GATE_CONFIGURATION.identity.tokens[0].keys.ttlSeconds: must be at least 60'],
    ['identity.tokens.0.keys.maxAttempts', 6, 'GATE_CONFIGURATION.identity.tokens[0].keys.maxAttempts: must be at most 5'],
    ['identity.tokens.0.keys.maxBackoffSeconds', 0.1, 'GATE_CONFIGURATION.identity.tokens[0].keys.maxBackoffSeconds: must be at least backoffSeconds'],
    ['identity.tokens.0.keys.uri', 'http://issuer.test/jwks', 'GATE_CONFIGURATION.identity.tokens[0].keys.uri: must be an https URL'],
    ['identity.tokens.0.keys.backoffSeconds', 0, 'GATE_CONFIGURATION.identity.tokens[0].keys.backoffSeconds: must be more than 0'],
    ['identity.tokens.0.issuer', 'https://issuer.test/#a', 'GATE_CONFIGURATION.identity.tokens[0].issuer: must hold neither blanks nor #'],
    ['cors.origins', ['*'], 'GATE_CONFIGURATION.cors.origins[0]: must be as browsers spell it: https://host[:port]'],
    ['limits.maxBodyBytes', 1.5, 'GATE_CONFIGURATION.limits.maxBodyBytes: must be of type int'],
  ])('with %s as %j is refused', (path, value, message) => {
    expect(faultOf(changed(path, value))).toBe(message);
  });

  test('passes no token where none is taken', () => {
    const identity = { accept: [['key']], tokens: [], key: FULL.identity.key };
    expect(faultOf({ ...FULL, core: { ...FULL.core, keyHeader: undefined, passes: { proof: 'token' } }, identity }, { ...SECRETS, GATE_CORE_KEY: '' }))
      .toBe('GATE_CONFIGURATION.core.passes.proof: must not name token, which is not configured');
  });

  test.each(['certificate', 'admin'] as const)('takes no word of a load balancer about %s in the local profile, which has none', (name) => {
    const { [name]: claimed } = FULL.identity;
    const identity = { accept: [['token']], tokens: [TOKEN], [name]: claimed };
    expect(faultOf({ ...FULL, profile: 'local', core: PASSING_NONE, identity }))
      .toBe(`GATE_CONFIGURATION.identity.${name}: must not be there in the local profile, where no load balancer writes its header`);
    expect(faultOf({ ...FULL, core: PASSING_NONE, identity })).toBe('accepted');
  });

  test('takes a shared secret in the local profile alone', () => {
    const tokens = [{ ...TOKEN, algorithms: ['HS256'], keys: { ...KEYS, source: 'secret' } }];
    const identity = { accept: [['token']], tokens };
    const secrets = { ...SECRETS, GATE_SHARED_SECRET: 'x'.repeat(32) };
    const core = PASSING_NONE;
    expect(faultOf({ ...FULL, profile: 'local', core, identity }, secrets)).toBe('accepted');
    expect(faultOf({ ...FULL, profile: 'remote', core, identity }, secrets)).toBe('GATE_CONFIGURATION.identity.tokens[0].algorithms: must not hold HS256 outside of the local profile');
    expect(faultOf({ ...FULL, profile: 'local', core, identity }, { ...SECRETS, GATE_SHARED_SECRET: 'x'.repeat(31) })).toBe('GATE_SHARED_SECRET: must hold at least 32 bytes');
  });

  test('has its secrets where it needs them, and nowhere else', () => {
    expect(faultOf(FULL, { GATE_CORE_KEY: 'k' })).toBe('GATE_REDIS_PASSWORD: is missing, but the configuration needs it');
    expect(faultOf(FULL, { ...SECRETS, GATE_AUDIT_KEY: '' })).toBe('GATE_AUDIT_KEY: is missing, but the configuration needs it');
    expect(faultOf({ ...FULL, rate: undefined }, { GATE_CORE_KEY: 'k' })).toBe('GATE_AUDIT_KEY: is missing, but the configuration needs it');
    expect(faultOf(FULL, { ...SECRETS, GATE_AUDIT_KEY: 'a'.repeat(31) })).toBe('GATE_AUDIT_KEY: must hold at least 32 bytes');
    expect(faultOf(FULL, { ...SECRETS, GATE_CORE_KEY: '' })).toBe('GATE_CORE_KEY: is missing, but the configuration needs it');
    expect(faultOf(FULL, { ...SECRETS, GATE_CORE_KEY: 'a\nb' })).toBe('GATE_CORE_KEY: must be printable ASCII without blanks, since it travels in a header');
    expect(faultOf(FULL, { ...SECRETS, GATE_SHARED_SECRET: 's' })).toBe('GATE_SHARED_SECRET: is set, but nothing in the configuration uses it; remove it');
    expect(faultOf(FULL, { ...SECRETS, GATE_DEBUG: 'canary' })).toBe('GATE_DEBUG: is no variable of the gate; remove it');
  });

  test('never says what it met, which may be a secret in the wrong place', () => {
    const canary = 'canary-5f3a';
    for (const { path, keys } of OBJECTS) for (const key of keys) {
      expect(faultOf(changed([...path, key].join('.'), { [`${canary} \n`]: canary }))).not.toContain(canary);
      expect(faultOf(changed([...path, `${canary} \n`].join('.'), canary))).not.toContain(canary);
    }
    const broken = (): unknown => readConfiguration({ GATE_CONFIGURATION: `{"${canary}": ` });
    expect(broken).toThrow('GATE_CONFIGURATION: must be JSON');
    expect(() => readConfiguration({})).toThrow('GATE_CONFIGURATION: is missing');
  });
});
