import { Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { CognitoIssuer } from '../../src/authorizer/cognito-issuer';
import { JwtAudienceFormat, JwtScopesClaim, JwtSubjectClaim } from '../../src/authorizer/jwt-props';
import type { GateConfiguration } from '../../src/gate/contract';
import { configurationOf } from '../../src/gate/gate-configuration';
import { RatePlan } from '../../src/gate/rate/rate-plan';
import { Callers } from '../../src/ingress/callers';
import { Exposure } from '../../src/ingress/exposure';
import { Ingress } from '../../src/ingress/ingress';
import { Route } from '../../src/ingress/route';
import { TgefdAuth } from '../../src/profiles/tgefd/tgefd-auth';
import { Profile } from '../../src/profiles/profile';
import type { TgefdProfileProps } from '../../src/profiles/tgefd/tgefd-props';
import { TgefdScope } from '../../src/profiles/tgefd/tgefd-scope';
import { faultsIn } from '../../src/profiles/variables/judge';
import { readCredentials } from '../../src/runtime/gate/identity/credentials';
import { passedCredentialOf } from '../../src/runtime/gate/passed-credential';
import { Size } from '../../src/size';
import { TestNetwork } from '../support/ingress';
import { regional } from '../support/network-stack';
import { alarmTopic, certificate } from '../support/remote-core';

const RUNS = 300;

const SCOPES = Object.values(TgefdScope);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const some = (scopes: readonly TgefdScope[]): fc.Arbitrary<TgefdScope[]> => fc.subarray([...scopes], { minLength: 1 });

/** A TGEFD as it may be asked for, as data, so that a failure can be read. */
const DRAW = fc.record({
  auth: fc.oneof(
    fc.record({
      kind: fc.constant('jwt' as const),
      host: fc.domain(),
      audience: fc.stringMatching(/^[a-z][a-z0-9:/._-]{0,40}$/),
      audienceFormat: maybe(fc.constantFrom(...Object.values(JwtAudienceFormat))),
      scopePrefix: maybe(fc.stringMatching(/^[a-z0-9:/._-]{0,20}$/)),
      subjectClaim: maybe(fc.constantFrom(...Object.values(JwtSubjectClaim))),
      scopesClaim: maybe(fc.constantFrom(...Object.values(JwtScopesClaim))),
      rolesClaim: maybe(fc.constantFrom('roles', 'cognito:groups', 'groups')),
      skewSeconds: maybe(fc.integer({ min: 0, max: 60 })),
      roles: maybe(fc.record({ admin: maybe(some(SCOPES)), analyst: maybe(some(SCOPES)), reader: maybe(some([TgefdScope.METRICS, TgefdScope.JOBS])) })),
    }),
    fc.record({ kind: fc.constant('cognito' as const), resourceServer: fc.stringMatching(/^[a-z][a-z0-9:._-]{0,20}$/), callers: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ kind: fc.constant('mtls' as const), scopes: fc.dictionary(fc.stringMatching(/^CN=[a-z]{1,20}(,O=[A-Z][a-z]{1,9})?$/), some(SCOPES), { minKeys: 1, maxKeys: 5 }) }),
  ),
  paths: fc.array(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 12 }),
  identityHeader: maybe(fc.constantFrom('x-auth-request-user', 'X-Client-Id', 'X-Tgefd-User')),
  keySetFetch: maybe(fc.record({
    ttl: maybe(fc.integer({ min: 60, max: 3600 })),
    timeout: maybe(fc.integer({ min: 1, max: 10 })),
    maxAttempts: maybe(fc.integer({ min: 1, max: 5 })),
    backoffMillis: maybe(fc.integer({ min: 1, max: 2000 })),
    maxBackoffMillis: maybe(fc.integer({ min: 2000, max: 60_000 })),
  })),
  heavy: maybe(fc.integer({ min: 1, max: 600 }).chain((heavyPerMinute) => fc.record({
    heavyPerMinute: fc.constant(heavyPerMinute), heavyBurst: maybe(fc.integer({ min: 1, max: Math.min(heavyPerMinute, 20) })),
  }))),
});
type Draw = typeof DRAW extends fc.Arbitrary<infer T> ? T : never;

function propsOf(scope: Construct, { auth, paths, identityHeader, keySetFetch }: Draw): TgefdProfileProps {
  const of = (operation: TgefdScope): Route[] => paths.flatMap((one, index) => (one === operation ? [Route.post(`/v${index}/${operation}`)] : []));
  const routes = { discover: of(TgefdScope.DISCOVER), evaluate: of(TgefdScope.EVALUATE), metrics: of(TgefdScope.METRICS), jobs: of(TgefdScope.JOBS) };
  const common = { routes, identityHeader };
  if (auth.kind === 'mtls') {
    const bucket = Bucket.fromBucketName(scope, 'Authorities', 'acme-authorities');
    return { ...common, auth: TgefdAuth.mtls({ caBundle: { bucket, key: 'ca.pem' }, revocationList: { bucket, key: 'revoked.pem' }, scopes: auth.scopes }) };
  }
  const { ttl, timeout, maxAttempts, backoffMillis, maxBackoffMillis } = keySetFetch ?? {};
  const seconds = (figure: number | undefined): Duration | undefined => (figure === undefined ? undefined : Duration.seconds(figure));
  const millis = (figure: number | undefined): Duration | undefined => (figure === undefined ? undefined : Duration.millis(figure));
  const ofTokens = { ...common, keySetFetch: keySetFetch && { ttl: seconds(ttl), timeout: seconds(timeout), maxAttempts, backoff: millis(backoffMillis), maxBackoff: millis(maxBackoffMillis) } };
  if (auth.kind === 'cognito') {
    const callers = Array.from({ length: auth.callers }, (_, index) => ({ name: `caller-${index}`, scopes: [...SCOPES] }));
    return { ...ofTokens, auth: TgefdAuth.cognito(new CognitoIssuer(scope, 'Issuer', { resourceServer: auth.resourceServer, scopes: [...SCOPES], callers })) };
  }
  const { host, skewSeconds, roles, audience, audienceFormat, scopePrefix, subjectClaim, scopesClaim, rolesClaim } = auth;
  return {
    ...ofTokens,
    auth: TgefdAuth.jwt({
      issuer: `https://${host}/`, jwksUri: `https://${host}/jwks.json`, clockSkew: seconds(skewSeconds), audience, audienceFormat, scopePrefix, subjectClaim, scopesClaim, rolesClaim,
    }),
    ...(rolesClaim !== undefined && { roles }),
  };
}

interface Built {
  readonly gate: GateConfiguration;
  readonly told: Readonly<Record<string, string>>;
  /** As deployed, as far as synthesis knows. */
  readonly resolved: (value: unknown) => string;
}

describe('A gate and the TGEFD behind it', () => {
  const stack = regional();
  const network = new TestNetwork(stack, 'Network');
  let built = 0;

  /** The profile by itself, and the very configuration that a gate has of it. */
  function build(draw: Draw): Built {
    built += 1;
    const scope = new Construct(stack, `Run${built}`);
    const ratePlan = RatePlan.perCaller(draw.heavy);
    const profile = Profile.tgefd(propsOf(scope, draw));
    const { authorizer, routes } = profile._needs(scope);
    const parts = profile._bind(scope, {
      network, environment: 'production', size: Size.DEV, exposure: Exposure.ON, alarmTopic: alarmTopic(stack), domainName: 'core.acme.internal', port: profile._port, plan: ratePlan._figures(scope),
    });
    const ingress = Ingress.internal({ domainName: 'core.acme.internal', certificate: certificate(scope), callers: Callers.cidrs('10.20.0.0/16'), routes: [...routes] })
      ._bind(scope, 'Ingress', { network, authorizer, exposure: Exposure.ON, size: Size.DEV });
    const gate = configurationOf(scope, { ...parts.gate, ratePlan, ingress, corePort: profile._port, healthCheckPath: '/health' } as Parameters<typeof configurationOf>[1], {
      port: 8443, table: { name: 'gate', region: 'eu-central-1' }, redis: { host: 'redis', port: 6379, user: 'gate', keyPrefix: 'gate', isCluster: false }, connections: 512, maxTasks: 4,
    });
    return { gate, told: parts.environment, resolved: (value) => JSON.stringify(Stack.of(scope).resolve(value)) };
  }

  test('are told the same, whatever is asked for', () => {
    const kinds = new Set<string>();
    fc.assert(fc.property(DRAW, (draw) => {
      kinds.add(draw.auth.kind);
      const { gate, told, resolved } = build(draw);
      const { core, identity, policy, rate } = gate;
      const [token] = identity.tokens;
      const says = (variable: string, value: unknown): void => expect([variable, resolved(told[`TGEFD_${variable}`])]).toEqual([variable, resolved(value)]);

      says('AUTH_MODE', token ? 'jwt' : 'mtls');
      expect(identity.accept).toEqual([[token ? 'token' : 'certificate']]);
      says('IDENTITY_HEADER', core.identityHeader);
      says('MTLS_IDENTITY_HEADER', token ? undefined : core.identityHeader);
      says('MTLS_SCOPES_HEADER', core.scopesHeader);
      says('JWT_ISSUER', token?.issuer);
      says('JWT_AUDIENCE', token?.claims.find(({ name }) => name === 'aud' || name === 'client_id')?.values.join(','));
      says('JWT_ALLOWED_ALGS', (token?.algorithms ?? ['RS256']).join(','));
      says('JWT_CLOCK_SKEW_SEC', token && String(token.clockSkewSeconds));
      says('JWT_SUB_CLAIM', token?.subjectClaim);
      says('JWT_SCOPES_CLAIM', token?.scopesClaim);
      says('ROLES_CLAIM', token?.rolesClaim);
      says('JWKS_URL', token?.keys.uri);
      says('JWKS_TTL_SEC', token && String(token.keys.ttlSeconds));
      says('JWKS_TIMEOUT_SEC', token && String(token.keys.timeoutSeconds));
      says('JWKS_MAX_ATTEMPTS', token && String(token.keys.maxAttempts));
      says('JWKS_BACKOFF_SEC', token && String(token.keys.backoffSeconds));
      says('JWKS_MAX_BACKOFF_SEC', token && String(token.keys.maxBackoffSeconds));
      for (const role of token?.rolesClaim === undefined ? [] : ['admin', 'analyst', 'reader']) says(`ROLE_${role.toUpperCase()}_SCOPES`, policy.roles[role]?.join(' '));
      for (const { path, access, tier } of policy.routes) {
        const operation = path.split('/')[2] ?? '';
        expect(access).toEqual({ kind: 'scope', scope: told[`TGEFD_SCOPE_${operation.toUpperCase()}`] });
        expect(tier).toBe(operation === 'discover' || operation === 'evaluate' ? 'heavy' : 'light');
      }
      expect(policy.routes).toHaveLength(draw.paths.length);
      const known = SCOPES.map((scope) => told[`TGEFD_SCOPE_${scope.toUpperCase()}`]);
      for (const granted of Object.values(identity.certificate?.scopes ?? {}).flat()) expect(known).toContain(granted);
      expect(rate?.plan.heavy.windowSeconds).toBe(60);
      says('HEAVY_RATE_LIMIT_PER_MINUTE', String(rate?.plan.heavy.requests));
      says('HEAVY_BURST_LIMIT', String(rate?.plan.heavy.burst));
      if (token) {
        // The gate takes what TGEFD is told to expect, and hands it on in that form.
        const sent = new Map([[told.TGEFD_JWT_HEADER ?? '', [`${told.TGEFD_JWT_BEARER_PREFIX ?? ''}a.b.c`]]]);
        expect(readCredentials(sent, identity).get('token')).toBe('a.b.c');
        expect(passedCredentialOf(gate)(sent, { proofs: new Set(['token']) })?.toLowerCase()).toBe('bearer a.b.c');
      }
      const environment = new Map(Object.entries(told).map(([name, value]) => [name, /^"[^$]*"$/.test(resolved(value)) ? { text: value, isSecret: false } : { isSecret: false }]));
      expect(faultsIn('tgefd', environment)).toEqual([]);
    }), { numRuns: RUNS, seed: 20_231_123 });
    expect([...kinds].sort()).toEqual(['cognito', 'jwt', 'mtls']);
  }, 120_000);
});
