import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CognitoIssuer } from '../../src/authorizer/cognito-issuer';
import { JwtScopesClaim, JwtSubjectClaim } from '../../src/authorizer/jwt-props';
import { Access } from '../../src/gate/access';
import { RatePlan } from '../../src/gate/rate/rate-plan';
import { Route } from '../../src/ingress/route';
import { Profile } from '../../src/profiles/profile';
import { TgefdAuth } from '../../src/profiles/tgefd/tgefd-auth';
import type { TgefdJwtProps, TgefdMtlsProps, TgefdProfileProps, TgefdRoutes } from '../../src/profiles/tgefd/tgefd-props';
import { TgefdScope } from '../../src/profiles/tgefd/tgefd-scope';
import { variablesOf } from '../../src/profiles/variables';
import { gateOf } from '../support/gate';
import { findingsOf, type MakeProfile, profiled, templateOf, toldTo } from '../support/profiled-core';

const JWT: TgefdJwtProps = { issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/.well-known/jwks.json', audience: 'tgefd' };

const ROUTES: TgefdRoutes = {
  discover: [Route.post('/v1/discover')],
  evaluate: [Route.post('/v1/evaluate', { streams: true })],
  metrics: [Route.get('/v1/metrics')],
  jobs: [Route.get('/v1/jobs'), Route.subtree('/v1/jobs/of', { promptSized: true })],
};

const tokens = (jwt: Partial<TgefdJwtProps> = {}, rest: Partial<TgefdProfileProps> = {}): MakeProfile => () => Profile.tgefd({ auth: TgefdAuth.jwt({ ...JWT, ...jwt }), routes: ROUTES, ...rest });

const cognito: MakeProfile = (stack) => Profile.tgefd({
  auth: TgefdAuth.cognito(new CognitoIssuer(stack, 'Issuer', {
    resourceServer: 'tgefd',
    scopes: Object.values(TgefdScope),
    callers: [{ name: 'platform', scopes: ['discover', 'evaluate'] }, { name: 'dashboard', scopes: ['metrics'] }],
  })),
  routes: ROUTES,
});

const certificates = (scopes: TgefdMtlsProps['scopes'], rest: Partial<TgefdProfileProps> = {}): MakeProfile => (stack) => {
  const bucket = Bucket.fromBucketName(stack, 'Authorities', 'acme-authorities');
  return Profile.tgefd({ auth: TgefdAuth.mtls({ caBundle: { bucket, key: 'ca.pem' }, revocationList: { bucket, key: 'revoked.pem' }, scopes }), routes: ROUTES, ...rest });
};
const PLATFORM = { 'CN=platform,O=Acme': [TgefdScope.DISCOVER, TgefdScope.METRICS] };

const ALWAYS = {
  TGEFD_RBAC_ENABLED: 'true',
  TGEFD_JWT_ALLOWED_ALGS: 'RS256',
  TGEFD_SCOPE_DISCOVER: 'discover',
  TGEFD_SCOPE_EVALUATE: 'evaluate',
  TGEFD_SCOPE_METRICS: 'metrics',
  TGEFD_SCOPE_JOBS: 'jobs',
  TGEFD_API_KEY_SCOPES: 'metrics',
  TGEFD_ROLE_ADMIN_SCOPES: 'discover evaluate jobs metrics',
  TGEFD_ROLE_ANALYST_SCOPES: 'discover evaluate jobs metrics',
  TGEFD_ROLE_READER_SCOPES: 'metrics jobs',
  TGEFD_IDENTITY_HEADER: 'x-auth-request-user',
  TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '60',
  TGEFD_HEAVY_BURST_LIMIT: '10',
};

const OF_TOKENS = {
  TGEFD_AUTH_MODE: 'jwt',
  TGEFD_JWT_HEADER: 'authorization',
  TGEFD_JWT_BEARER_PREFIX: 'bearer ',
  TGEFD_JWT_ISSUER: 'https://login.acme.com/',
  TGEFD_JWT_AUDIENCE: 'tgefd',
  TGEFD_JWT_SUB_CLAIM: 'sub',
  TGEFD_JWT_CLOCK_SKEW_SEC: '60',
  TGEFD_JWT_SCOPES_CLAIM: 'scope',
  TGEFD_JWKS_URL: 'https://login.acme.com/.well-known/jwks.json',
  TGEFD_JWKS_TTL_SEC: '300',
  TGEFD_JWKS_TIMEOUT_SEC: '3',
  TGEFD_JWKS_MAX_ATTEMPTS: '3',
  TGEFD_JWKS_BACKOFF_SEC: '0.2',
  TGEFD_JWKS_MAX_BACKOFF_SEC: '2',
};

describe('Profile.tgefd with tokens', () => {
  const core = profiled(tokens());
  const template = templateOf(core);

  test('tells TGEFD all that the table has of its mode, and nothing else', () => {
    expect(toldTo(template)).toEqual({ ...ALWAYS, ...OF_TOKENS });
    template.hasResource('AWS::ECS::TaskDefinition', {
      Metadata: { 'cdk-secure-core:profile': { name: 'tgefd', environment: 'production', container: 'Core', choices: [] } },
    });
  });

  test('forwards each path for the scope of its operation, and with its budget', () => {
    const { policy } = gateOf(template).configuration;
    expect(policy.routes.map(({ path, access, tier, streams }) => [path, access, tier, streams])).toEqual([
      ['/v1/discover', { kind: 'scope', scope: 'discover' }, 'heavy', false],
      ['/v1/evaluate', { kind: 'scope', scope: 'evaluate' }, 'heavy', true],
      ['/v1/metrics', { kind: 'scope', scope: 'metrics' }, 'light', false],
      ['/v1/jobs', { kind: 'scope', scope: 'jobs' }, 'light', false],
      ['/v1/jobs/of', { kind: 'scope', scope: 'jobs' }, 'light', false],
    ]);
    expect(core.core.ingress.routes.map(({ _options }) => _options.promptSized)).toEqual([true, true, false, false, true]);
    expect(policy.roles).toEqual({});
  });

  test('has the gate check the token and pass it on, since TGEFD checks it too', () => {
    const { core: told, identity } = gateOf(template).configuration;
    expect(identity.accept).toEqual([['token']]);
    expect(told).toMatchObject({ port: 8000, identityHeader: 'x-auth-request-user', passes: { proof: 'token' } });
    expect(told.scopesHeader).toBeUndefined();
  });

  test('lets TGEFD out to the host of the keys alone', () => {
    template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', { RuleGroup: { RulesSource: { RulesSourceList: Match.objectLike({ Targets: ['login.acme.com'] }) } } });
  });

  test('leaves the pack nothing to say', () => {
    expect(findingsOf(core).filter((finding) => !finding.startsWith('info'))).toEqual([]);
  });

  test('takes what the tokens of another issuer are like, and tells gate and TGEFD the same', () => {
    const other = templateOf(profiled(tokens({
      scopePrefix: 'tgefd/', subjectClaim: JwtSubjectClaim.USERNAME, scopesClaim: JwtScopesClaim.SCP, rolesClaim: 'cognito:groups', clockSkew: Duration.seconds(5),
    }, {
      identityHeader: 'X-Client-Id', roles: { analyst: [TgefdScope.EVALUATE, TgefdScope.EVALUATE] }, keySetFetch: { ttl: Duration.minutes(10), backoff: Duration.millis(500) },
    }), { gate: { ratePlan: RatePlan.perCaller({ heavyPerMinute: 30, heavyBurst: 3 }) } }));
    expect(toldTo(other)).toEqual({
      ...ALWAYS,
      ...OF_TOKENS,
      TGEFD_SCOPE_DISCOVER: 'tgefd/discover',
      TGEFD_SCOPE_EVALUATE: 'tgefd/evaluate',
      TGEFD_SCOPE_METRICS: 'tgefd/metrics',
      TGEFD_SCOPE_JOBS: 'tgefd/jobs',
      TGEFD_API_KEY_SCOPES: 'tgefd/metrics',
      TGEFD_ROLE_ADMIN_SCOPES: 'tgefd/discover tgefd/evaluate tgefd/jobs tgefd/metrics',
      TGEFD_ROLE_ANALYST_SCOPES: 'tgefd/evaluate',
      TGEFD_ROLE_READER_SCOPES: 'tgefd/metrics tgefd/jobs',
      TGEFD_IDENTITY_HEADER: 'x-client-id',
      TGEFD_JWT_SUB_CLAIM: 'username',
      TGEFD_JWT_SCOPES_CLAIM: 'scp',
      TGEFD_JWT_CLOCK_SKEW_SEC: '5',
      TGEFD_ROLES_CLAIM: 'cognito:groups',
      TGEFD_JWKS_TTL_SEC: '600',
      TGEFD_JWKS_BACKOFF_SEC: '0.5',
      TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '30',
      TGEFD_HEAVY_BURST_LIMIT: '3',
    });
    const { policy, core: told } = gateOf(other).configuration;
    expect(policy.roles).toEqual({
      admin: ['tgefd/discover', 'tgefd/evaluate', 'tgefd/jobs', 'tgefd/metrics'], analyst: ['tgefd/evaluate'], reader: ['tgefd/metrics', 'tgefd/jobs'],
    });
    expect(told.identityHeader).toBe('x-client-id');
  });
});

describe('Profile.tgefd with tokens of Cognito', () => {
  const core = profiled(cognito);
  const template = templateOf(core);

  test('tells TGEFD the clients as audiences, and scopes as the resource server spells them', () => {
    const { TGEFD_JWT_ISSUER, TGEFD_JWT_AUDIENCE, TGEFD_JWKS_URL, ...known } = toldTo(template);
    expect([TGEFD_JWT_ISSUER, TGEFD_JWT_AUDIENCE, TGEFD_JWKS_URL]).toEqual(['deployed', 'deployed', 'deployed']);
    expect(known).toMatchObject({ TGEFD_AUTH_MODE: 'jwt', TGEFD_SCOPE_JOBS: 'tgefd/jobs', TGEFD_ROLE_READER_SCOPES: 'tgefd/metrics tgefd/jobs', TGEFD_JWT_SUB_CLAIM: 'client_id' });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: Match.arrayWith([Match.objectLike({
        Name: 'Core',
        Environment: Match.arrayWith([{
          Name: 'TGEFD_JWT_AUDIENCE', Value: { 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp('platform') }, ',', { Ref: Match.stringLikeRegexp('dashboard') }]] },
        }]),
      })]),
    });
  });

  test('lets TGEFD out to Cognito of its region', () => {
    template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      RuleGroup: { RulesSource: { RulesSourceList: Match.objectLike({ Targets: ['cognito-idp.eu-central-1.amazonaws.com'] }) } },
    });
  });

  test('leaves the pack nothing to say', () => {
    expect(findingsOf(core).filter((finding) => !finding.startsWith('info'))).toEqual([]);
  });

  test('refuses an issuer without one of the scopes, and one in a region that nobody knows', () => {
    const lacking: MakeProfile = (stack) => Profile.tgefd({
      auth: TgefdAuth.cognito(new CognitoIssuer(stack, 'Issuer', { scopes: ['discover', 'evaluate', 'metrics'], callers: [{ name: 'platform', scopes: ['metrics'] }] })), routes: ROUTES,
    });
    expect(() => profiled(lacking)).toThrow('/Issuer: scope is "jobs". Name one of the issuer\'s scopes: discover, evaluate, metrics.');
    const elsewhere = new Stack();
    expect(() => profiled(() => cognito(elsewhere))).toThrow('/Core: profile.auth is "a Cognito issuer in a region that only a deployment knows". Name the region of its stack');
  });
});

describe('Profile.tgefd with certificates', () => {
  const core = profiled(certificates(PLATFORM));
  const template = templateOf(core);

  test('tells TGEFD whose the headers are that the gate writes', () => {
    expect(toldTo(template)).toEqual({ ...ALWAYS, TGEFD_AUTH_MODE: 'mtls', TGEFD_MTLS_IDENTITY_HEADER: 'x-auth-request-user', TGEFD_MTLS_SCOPES_HEADER: 'x-auth-request-scopes' });
  });

  test('has the load balancer verify certificates, and the gate say what each is good for', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { MutualAuthentication: Match.objectLike({ Mode: 'verify' }) });
    const { core: told, identity } = gateOf(template).configuration;
    expect(told).toMatchObject({ identityHeader: 'x-auth-request-user', scopesHeader: 'x-auth-request-scopes' });
    expect(told.passes).toBeUndefined();
    expect(identity).toMatchObject({ accept: [['certificate']], tokens: [], certificate: { scopes: { 'CN=platform,O=Acme': ['discover', 'metrics'] } } });
  });

  test('lets TGEFD out nowhere', () => {
    template.resourceCountIs('AWS::NetworkFirewall::RuleGroup', 0);
  });

  test('leaves the pack nothing to say', () => {
    expect(findingsOf(core).filter((finding) => !finding.startsWith('info'))).toEqual([]);
  });
});

test('The two modes tell TGEFD every variable that is ever written, and none that never is', () => {
  const told = [tokens({ rolesClaim: 'roles' }), certificates(PLATFORM)].flatMap((make) => Object.keys(toldTo(templateOf(profiled(make)))));
  const written = variablesOf('tgefd').filter(({ emission }) => emission !== 'never').map(({ name }) => name);
  expect([...new Set(told)].sort()).toEqual([...written].sort());
});

describe('What Profile.tgefd refuses', () => {
  const CLAIMED = { rolesClaim: 'roles' };

  test.each<[string, MakeProfile, string]>([
    ['no auth', tokens({}, { auth: undefined }), 'profile.auth is nothing. Say how callers prove who they are'],
    ['no routes', tokens({}, { routes: undefined }), 'profile.routes is nothing. Name the paths of each operation'],
    ['an operation that is left out', tokens({}, { routes: { ...ROUTES, jobs: undefined } as unknown as TgefdRoutes }),
      'profile.routes.jobs is nothing. Name the paths of this operation'],
    ['a route that says who may', tokens({}, { routes: { ...ROUTES, metrics: [Route.get('/m', { access: Access.authenticated() })] } }),
      'profile.routes.metrics[0].access is "given". Take it out'],
    ['a route that says what it costs', tokens({}, { routes: { ...ROUTES, discover: [Route.get('/a'), Route.get('/b', { heavy: false })] } }),
      'profile.routes.discover[1].heavy is "given". Take it out'],
    ['a path of two operations', tokens({}, { routes: { ...ROUTES, metrics: [Route.get('/v1/jobs')] } }), 'It is declared twice'],
    ['several audiences in one', tokens({ audience: 'tgefd,core' }), 'profile.auth.audience is "tgefd,core". Name one audience'],
    ['a wildcard for an audience', tokens({ audience: '*' }), 'profile.auth.audience is "*". Name one audience'],
    ['keys in clear', tokens({ jwksUri: 'http://login.acme.com/jwks' }), 'profile.auth.jwksUri is "http://login.acme.com/jwks". Name an https URL'],
    ['keys on a port that no way leads to', tokens({ jwksUri: 'https://login.acme.com:8443/jwks' }), 'profile.auth.jwksUri is "https://login.acme.com:8443/jwks". Name an address on port 443'],
    ['keys at an address without a name', tokens({ jwksUri: 'https://198.51.100.7/jwks' }), 'profile.auth.jwksUri is "https://198.51.100.7/jwks". Name a host'],
    ['a prefix with a blank', tokens({ scopePrefix: 'tgefd ' }), 'profile.auth.scopePrefix is "tgefd ". Name what tokens have in front of a scope'],
    ['a skew beyond what the gate allows', tokens({ clockSkew: Duration.seconds(61) }), 'profile.auth.clockSkew is "Duration.seconds(61)"'],
    ['an auth that is none', tokens({}, { auth: {} as unknown as TgefdAuth }), 'Profiled/Core: profile.auth is "object". Say how callers prove who they are'],
    ['no path of any operation', tokens({}, { routes: { discover: [], evaluate: [], metrics: [], jobs: [] } }), 'Profiled/Core: profile.routes is {'],
    ...['X-Forwarded-For', 'forwarded', 'baggage', 'sec-websocket-key', 'x-amzn-trace-id', 'x-api-key', 'origin'].map((name): [string, MakeProfile, string] => [
      `a header that says something else: ${name}`, tokens({}, { identityHeader: name }), `profile.identityHeader is "${name}". Write out a header that carries nothing else`,
    ]),
    ['a header of another meaning', tokens({}, { identityHeader: 'Authorization' }), 'profile.identityHeader is "Authorization". Write out a header that carries nothing else'],
    ['a header that is none', tokens({}, { identityHeader: 'x_user' }), 'profile.identityHeader is "x_user". Write out a header'],
    ['roles that nothing names', tokens({}, { roles: {} }), 'profile.roles is "given". No credential names a role'],
    ['a reader who evaluates', tokens(CLAIMED, { roles: { reader: [TgefdScope.EVALUATE] } }), 'profile.roles.reader is "evaluate". Name some of metrics, jobs.'],
    ['a role of nothing', tokens(CLAIMED, { roles: { admin: [] } }), 'profile.roles.admin is []. Name some of discover, evaluate, metrics, jobs.'],
    ['a role of everything', tokens(CLAIMED, { roles: { analyst: ['*'] as unknown as TgefdScope[] } }), 'profile.roles.analyst is "*". Name some of'],
    ['keys that are kept too long', tokens({}, { keySetFetch: { ttl: Duration.hours(2) } }), 'keySetFetch.ttl is "Duration.hours(2)". Name whole seconds from 60 to 3600.'],
    ['certificates of nobody', certificates({}), 'profile.auth.scopes is {}. Name the subjects of callers\' certificates'],
    ['a certificate of no name', certificates({ ' ': [TgefdScope.JOBS] }), 'profile.auth.scopes is " ". Name the subject of a certificate'],
    ['a certificate for nothing', certificates({ 'CN=idle': [] }), 'profile.auth.scopes.CN=idle is []. Name some of discover, evaluate, metrics, jobs.'],
    ['keys to ask for beside certificates', certificates(PLATFORM, { keySetFetch: {} }), 'profile.keySetFetch is "given". Take it out'],
    ['scopes in the header of the name', certificates(PLATFORM, { identityHeader: 'x-auth-request-scopes' }), 'profile.identityHeader is "x-auth-request-scopes". Write out a header'],
  ])('%s', (_, make, message) => {
    expect(() => profiled(make)).toThrow(message);
  });

  test.each(['x-client-id', 'X-Auth-Request-Subject', 'x-tgefd-caller'])('no header that is there to name callers: %s', (identityHeader) => {
    expect(toldTo(templateOf(profiled(tokens({}, { identityHeader }))))).toMatchObject({ TGEFD_IDENTITY_HEADER: identityHeader.toLowerCase() });
  });
});
