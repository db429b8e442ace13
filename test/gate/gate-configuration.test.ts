import { Duration, Fn, Size as ByteSize, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import {
  Access, type AddressBudget, Authorizer, type CorsOptions, GateProof, HttpsOrigin, type IIngress, JwtAlgorithm, JwtScopesClaim, JwtSubjectClaim, KeySetSource,
  PassedProof, RateOverride, RatePlan, RedisLoss, Route,
} from '../../src';
import type { GateConfiguration } from '../../src/gate/contract';
import { checkConfigurationSize, checkGate, checkSurroundings } from '../../src/gate/gate-checks';
import { configurationOf } from '../../src/gate/gate-configuration';
import type { GateOptions, GateProps } from '../../src/gate/gate-props';
import { createAuthenticator } from '../../src/runtime/gate/identity/authenticator';
import { readConfiguration } from '../../src/runtime/gate/read-configuration';
import { compilePolicy } from '../../src/runtime/gate/policy';
import { JWT } from '../support/remote-core';

const PORT = 8443;
const SURROUNDINGS = {
  port: PORT,
  table: { name: 'table', region: 'eu-central-1' },
  redis: { host: 'redis', port: 6379, user: 'gate', keyPrefix: 'gate', isCluster: false },
  connections: 512,
  maxTasks: 10,
};

const ROUTES = [Route.get('/v1/models', { access: Access.authenticated() })];

interface Given {
  readonly authorizers: (stack: Stack) => Authorizer[];
  readonly routes?: Route[];
  readonly options?: GateOptions;
  readonly corePort?: number;
  readonly healthCheckPath?: string;
  readonly adminCookieName?: string;
  readonly addressBudget?: AddressBudget;
}

/** As the construct comes to it, without what the configuration does not depend on. */
function configured({ authorizers, routes = ROUTES, options = {}, corePort = 8000, healthCheckPath = '/health', adminCookieName, addressBudget }: Given): GateConfiguration {
  const stack = new Stack();
  const listeners = authorizers(stack);
  const ingress = { authorizers: listeners, routes, adminCookieName, addressBudget, streamIdleTimeout: Duration.minutes(15) } as unknown as IIngress;
  listeners.forEach((authorizer, index) => authorizer._bind(new Stack(undefined, `Listener${index}`)));
  const props = { ...options, ingress, corePort, healthCheckPath } as unknown as GateProps;
  checkGate(stack, props);
  checkSurroundings(stack, props, PORT);
  const configuration = configurationOf(stack, props, SURROUNDINGS);
  checkConfigurationSize(stack, configuration);
  return stack.resolve(configuration) as GateConfiguration;
}

const mtls = (stack: Stack): Authorizer => {
  const bucket = Bucket.fromBucketName(stack, `Ca${stack.node.children.length}`, 'acme-ca');
  return Authorizer.mtls({ caBundle: { bucket, key: 'ca.pem' }, revocationList: { bucket, key: 'crl.pem' } });
};
const OTHER = { issuer: 'https://login.other.example/', jwksUri: 'https://login.other.example/jwks', audience: 'core' };

/** Starts what the service is made of, as far as a configuration decides it. */
function start(configuration: GateConfiguration): void {
  const needsKey = configuration.core.keyHeader !== undefined;
  const read = readConfiguration({ GATE_CONFIGURATION: JSON.stringify(configuration), GATE_REDIS_PASSWORD: 'x'.repeat(40), GATE_AUDIT_KEY: 'x'.repeat(64), ...(needsKey && { GATE_CORE_KEY: 'key' }) });
  compilePolicy(read.configuration.policy);
  createAuthenticator(read.configuration.identity, {
    keys: { find: () => Promise.resolve(undefined) },
    keySets: { read: () => Promise.resolve(undefined) },
    clock: Date.now,
    log: { info: () => undefined, warn: () => undefined },
    profile: read.configuration.profile,
  });
}

describe('whatever the construct accepts, the service starts with', () => {
  /** Mostly what is right, so that a good part is accepted, and now and then anything. */
  const mostly = <T>(right: fc.Arbitrary<T>, ...wild: fc.Arbitrary<T>[]) => fc.oneof({ weight: 30, arbitrary: right }, ...wild.map((arbitrary) => ({ weight: 1, arbitrary })));
  const name = mostly(fc.constantFrom('X-Client-Id', 'x-scopes', 'x-tenant', 'X-Real-Ip', 'x-9'), fc.constantFrom('authorization', 'x_user', 'Host', 'x-é', 'x.y'), fc.string({ maxLength: 12 }));
  const word = mostly(fc.constantFrom('chat', 'core/evaluate', 'metrics', '__proto__'), fc.constantFrom('*', 'a b', ''), fc.string({ maxLength: 8 }));
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
  const access = fc.letrec<{ access: Access }>((tie) => ({
    access: fc.oneof({ maxDepth: 3 }, fc.constant(Access.authenticated()), word.map((scope) => Access.scope(scope)), fc.constantFrom('admin', 'reader').map((role) => Access.role(role)),
      fc.array(tie('access'), { minLength: 1, maxLength: 3 }).map((parts) => Access.allOf(...parts)), fc.array(tie('access'), { maxLength: 3 }).map((parts) => Access.anyOf(...parts))),
  })).access;
  const path = mostly(fc.constantFrom('/', '/v1', '/v2/chat', '/v3/a.b', '/health', '/v4/$x'), fc.constantFrom('/.gate/x', '/admin', '/v1/'), fc.string({ maxLength: 8 }).map((text) => `/${text}`));
  const kind = fc.constantFrom({}, { heavy: true }, { streams: true });
  const route = fc.tuple(fc.constantFrom('get' as const, 'post' as const, 'delete' as const, 'subtree' as const), path, access, kind)
    .map(([make, at, who, more]) => Route[make](at, { access: who, ...more }));
  const proofs = fc.constantFrom<(stack: Stack) => Authorizer[]>(
    () => [],
    () => [Authorizer.jwt(JWT)],
    () => [Authorizer.jwt({ ...JWT, scope: 'core/invoke', rolesClaim: 'cognito:groups', clockSkew: Duration.seconds(5), scopesClaim: JwtScopesClaim.SCP, subjectClaim: JwtSubjectClaim.USERNAME })],
    () => [Authorizer.jwtClients({ ...JWT, clientIds: ['one', 'two'] }).withGateProof(GateProof.apiKeys({ header: 'X-Key', prefix: 'acme_' }))],
    () => [Authorizer.gateOnly(GateProof.apiKeys())],
    () => [Authorizer.gateOnly(GateProof.jwt({ ...JWT, algorithms: [JwtAlgorithm.ES256] }), GateProof.apiKeys(), GateProof.jwt(OTHER))],
    (stack) => [mtls(stack)],
    (stack) => [mtls(stack).withGateProof(GateProof.apiKeys())],
    (stack) => [Authorizer.jwt(JWT), mtls(stack)],
    (stack) => [Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys()), mtls(stack).and(Authorizer.jwt(JWT))],
    (stack) => [Authorizer.jwt(JWT), mtls(stack).and(Authorizer.jwt(OTHER))],
    (stack) => [mtls(stack), mtls(stack)],
  );
  const origin = mostly(
    fc.constantFrom('https://app.acme.com', 'https://app.acme.com:8443', 'https://xn--bcher-kva.example'),
    fc.constantFrom('https://*.acme.com', 'https://app_1.acme.com', 'https://App.acme.com', 'https://[::1]'),
    fc.webUrl(),
  ).map((text) => HttpsOrigin.of(text));
  const cors = fc.record({
    origins: fc.uniqueArray(origin, { minLength: 1, maxLength: 2 }),
    allowCredentials: optional(fc.boolean()),
    allowedHeaders: optional(fc.array(name, { maxLength: 2 })),
    maxAge: optional(fc.integer({ min: 0, max: 90_000 }).map((seconds) => Duration.seconds(seconds))),
  }) satisfies fc.Arbitrary<CorsOptions>;
  const limits = {
    perSecond: optional(mostly(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 1100 }))),
    burst: optional(mostly(fc.integer({ min: 20, max: 10_000 }), fc.integer({ min: 0, max: 11_000 }))),
    window: optional(mostly(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 3700 })).map((seconds) => Duration.seconds(seconds))),
    heavyPerMinute: optional(mostly(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 0, max: 700 }))),
    heavyBurst: optional(mostly(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 700 }))),
    streams: optional(mostly(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 110 }))),
  };
  const override = fc.tuple(fc.constantFrom('forKeyOwner' as const, 'forRole' as const), mostly(fc.constantFrom('batch', 'premium'), fc.constant(''), fc.string({ maxLength: 8 })), fc.record(limits))
    .map(([make, whom, other]) => RateOverride[make](whom, other));
  const ratePlan = fc.record({
    ...limits,
    endUserClaim: optional(mostly(fc.constantFrom('act_sub', 'sub', '__proto__'), fc.constantFrom('email', 'jti', ''))),
    overrides: optional(fc.array(override, { maxLength: 2 })),
    onRedisLost: optional(fc.constantFrom(RedisLoss.refuse(), RedisLoss.countLocally(), RedisLoss.countLocally({ gates: 300 }), RedisLoss.countLocally({ gates: 0 }))),
  }).map((props) => RatePlan.perCaller(props));
  const seconds = (min: number, max: number) => optional(mostly(fc.integer({ min, max }), fc.integer({ min: 0, max: 4000 })).map((most) => Duration.seconds(most)));
  const keySetFetch = fc.record({
    ttl: seconds(60, 3600),
    timeout: seconds(1, 10),
    maxAttempts: optional(mostly(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 6 }))),
    backoff: optional(mostly(fc.integer({ min: 1, max: 2000 }), fc.constant(0)).map((most) => Duration.millis(most))),
    maxBackoff: seconds(2, 60),
  });
  const options = fc.record({
    identityHeader: optional(name),
    scopesHeader: optional(name),
    removedHeaders: optional(fc.array(name, { maxLength: 2 })),
    roles: optional(fc.record({ admin: fc.array(word, { minLength: 1, maxLength: 2 }), reader: fc.array(word, { minLength: 1, maxLength: 2 }) })),
    certificateScopes: optional(fc.dictionary(mostly(fc.constant('CN=platform,O=Acme'), fc.constant('')), fc.array(word, { maxLength: 2 }))),
    cors: optional(cors),
    publicHealth: optional(fc.boolean()),
    maxBody: optional(mostly(fc.integer({ min: 1, max: 2 ** 30 }), fc.constantFrom(0, 2 ** 31)).map((bytes) => ByteSize.bytes(bytes))),
    requestTimeout: optional(fc.integer({ min: 0, max: 4000 }).map((seconds) => Duration.seconds(seconds))),
    passes: optional(fc.oneof(fc.constant(PassedProof.token()), fc.constant(PassedProof.key()), fc.constant(PassedProof.key('Authorization')), name.map((header) => PassedProof.key(header)))),
    keySets: fc.constantFrom(KeySetSource.MIRROR, KeySetSource.ISSUER),
    keySetFetch: optional(keySetFetch),
    ratePlan: optional(ratePlan),
    metrics: optional(fc.record({ namespace: optional(mostly(fc.constantFrom('Acme/Core', 'acme.core:1'), fc.constantFrom('AWS/ECS', ':x', ''), fc.string({ maxLength: 8 }))) })),
    drainTimeout: optional(fc.integer({ min: 0, max: 120 }).map((seconds) => Duration.seconds(seconds))),
  });
  const given = fc.record({
    authorizers: proofs,
    routes: fc.array(route, { minLength: 1, maxLength: 2 }),
    addressBudget: fc.constantFrom(undefined, { perMinute: 6000, heavyPerMinute: 600 }, { perMinute: 600, heavyPerMinute: 10 }),
    options: fc.oneof(fc.constant({}), options),
    corePort: mostly(fc.constantFrom(8000, 1024), fc.constant(PORT)),
    healthCheckPath: mostly(fc.constantFrom('/health', '/%C3%BC', '/-/healthy'), fc.constantFrom('/gesundheit-ü', '/a b'), path),
    adminCookieName: fc.constantFrom(undefined, 'SecureCoreAdmin', 'Acme_Admin-1'),
  });

  test('in any combination', () => {
    let accepted = 0;
    fc.assert(fc.property(given, (each) => {
      let configuration: GateConfiguration;
      try {
        configuration = configured(each);
      } catch (error) {
        // Refused before anything is deployed: by our words, with what to do.
        expect(String(error)).toMatch(/^Error: (Default|Listener\d): [\w. ()/\-$]+.* is /s);
        return;
      }
      accepted += 1;
      start(configuration);
    }), { numRuns: 400 });
    // Else the property would hold of nothing.
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('the construct refuses', () => {
  const jwt = () => [Authorizer.jwt(JWT)];

  test('a Core on the port of the gate, which would meet in one task', () => {
    expect(() => configured({ authorizers: jwt, corePort: PORT })).toThrow('Default: corePort is 8443. The gate listens there');
  });

  test.each(['/gesundheit-ü', '/a b', 'health', ''])('the health check path %j', (healthCheckPath) => {
    expect(() => configured({ authorizers: jwt, healthCheckPath })).toThrow('Default: healthCheckPath is ');
  });

  test('an ingress that asks nobody who they are', () => {
    expect(() => configured({ authorizers: () => [] })).toThrow('Default: ingress.authorizers is []');
  });

  test('scopes of certificates that nobody shows', () => {
    expect(() => configured({ authorizers: jwt, options: { certificateScopes: { 'CN=a': ['chat'] } } }))
      .toThrow('Default: gate.certificateScopes is {"CN=a":["chat"]}. No listener asks for certificates');
  });

  test('more than a task definition holds', () => {
    const certificateScopes = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`CN=machine-${index}`, ['core/evaluate']]));
    expect(() => configured({ authorizers: (stack) => [mtls(stack)], options: { certificateScopes } })).toThrow(/gate is "a configuration of \d+ bytes"\. Shorten certificateScopes/);
  });

  test('certificates on two listeners: one without a key would open the one that demands a key', () => {
    expect(() => configured({ authorizers: (stack) => [mtls(stack).withGateProof(GateProof.apiKeys()), mtls(stack)] })).toThrow('Default: authorizer is "by certificates on two listeners"');
  });

  test.each<[string, (stack: Stack) => Authorizer[]]>([
    ['where strangers reach the gate', (stack) => [Authorizer.gateOnly(GateProof.jwt(OTHER)), mtls(stack).and(Authorizer.jwt(JWT))]],
    ['beside a key', (stack) => [Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys()), mtls(stack).withGateProof(GateProof.jwt(OTHER))]],
  ])('a token that is to come with a certificate, and would be taken without it, %s', (_, authorizers) => {
    expect(() => configured({ authorizers })).toThrow(/^Default: authorizer is "tokens of .* on one listener and of .* on another"\. The gate cannot tell which listener/);
  });

  test('nothing of one issuer on two listeners, however often it is referred to', () => {
    const issuer = (): string => Fn.importValue('Issuer');
    const { identity } = configured({ authorizers: (stack) => [Authorizer.jwt({ ...JWT, issuer: issuer() }), mtls(stack).and(Authorizer.jwt({ ...JWT, issuer: issuer() }))] });
    expect(identity.tokens).toHaveLength(1);
    expect(identity.accept).toEqual([['token'], ['certificate', 'token']]);
  });
});
