import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { ListenerAction, TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authorizer } from '../../src/authorizer/authorizer';
import { CognitoIssuer } from '../../src/authorizer/cognito-issuer';
import { GateProof } from '../../src/authorizer/gate-proof';
import { type ApiKeyProps, type GateJwtProps, JwtAlgorithm } from '../../src/authorizer/gate-proof-props';
import { JwtScopesClaim, JwtSubjectClaim } from '../../src/authorizer/jwt-props';
import { JWT } from '../support/remote-core';

const newStack = (): Stack => new Stack(new App(), 'Stack');
const TRUST_STORE = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:truststore/callers/0123456789abcdef';
const SUPABASE: GateJwtProps = { issuer: 'https://acme.supabase.co/auth/v1', jwksUri: 'https://acme.supabase.co/auth/v1/.well-known/jwks.json', audience: 'authenticated' };

const certificates = (stack: Stack): Authorizer => Authorizer.trustStore(TrustStore.fromTrustStoreArn(stack, 'Callers', TRUST_STORE));
const KEY = { header: 'x-api-key', prefix: 'ctx_' };
/** What each token of JWT has to be like, for the load balancer and for the gate. */
const TOKEN = {
  issuer: JWT.issuer, jwksUri: JWT.jwksUri, claims: [{ name: 'aud', values: ['core'] }], algorithms: ['RS256'], clockSkewSeconds: 60, subjectClaim: 'sub', scopesClaim: 'scope', rolesClaim: undefined,
};

describe('The gate verifies once more', () => {
  test('tokens, with all that the load balancer asks of them', () => {
    expect(Authorizer.jwt(JWT)._identity).toEqual({ accept: [['token']], tokens: [TOKEN], certificate: false, key: undefined });
    expect(Authorizer.jwt({ ...JWT, scope: 'core/invoke' })._identity.tokens[0]?.claims).toEqual([{ name: 'aud', values: ['core'] }, { name: 'scope', values: ['core/invoke'] }]);
  });

  test('tokens that name their client, who is the caller then', () => {
    const { issuer, jwksUri } = JWT;
    expect(Authorizer.jwtClients({ issuer, jwksUri, clientIds: ['platform', 'batch'] })._identity.tokens).toEqual([
      { ...TOKEN, claims: [{ name: 'client_id', values: ['platform', 'batch'] }, { name: 'token_use', values: ['access'] }], subjectClaim: 'client_id' },
    ]);
    expect(Authorizer.jwtClients({ issuer, jwksUri, clientIds: ['app'], subjectClaim: JwtSubjectClaim.SUB })._identity.tokens[0]?.subjectClaim).toBe('sub');
  });

  test('tokens of Cognito', () => {
    const stack = newStack();
    const issuer = new CognitoIssuer(stack, 'Issuer', { scopes: ['invoke'], callers: [{ name: 'platform' }] });
    expect(Authorizer.cognito(issuer, { scope: 'invoke' })._identity).toEqual({
      accept: [['token']],
      tokens: [{
        ...TOKEN, issuer: issuer.issuer, jwksUri: issuer.jwksUri, subjectClaim: 'client_id',
        claims: [{ name: 'client_id', values: [issuer.client('platform').userPoolClientId] }, { name: 'token_use', values: ['access'] }, { name: 'scope', values: ['core/invoke'] }],
      }],
      certificate: false,
      key: undefined,
    });
  });

  test('certificates, of which the load balancer tells it', () => {
    expect(certificates(newStack())._identity).toEqual({ accept: [['certificate']], tokens: [], certificate: true, key: undefined });
    expect(certificates(newStack()).and(Authorizer.jwt(JWT))._identity).toEqual({ accept: [['certificate', 'token']], tokens: [TOKEN], certificate: true, key: undefined });
  });

  test('tokens by the claims that are named', () => {
    const [token] = Authorizer.jwt({
      ...JWT, subjectClaim: JwtSubjectClaim.USERNAME, scopesClaim: JwtScopesClaim.SCP, rolesClaim: 'cognito:groups', clockSkew: Duration.seconds(0),
    })._identity.tokens;
    expect(token).toMatchObject({ subjectClaim: 'username', scopesClaim: 'scp', rolesClaim: 'cognito:groups', clockSkewSeconds: 0 });
  });

  const USER_WRITABLE = ['custom:role', 'dev:custom:role', 'email', 'name', 'preferred_username', 'user_metadata', 'profile'];
  test.each(USER_WRITABLE)('tokens, but takes no roles from %s, which people write themselves', (rolesClaim) => {
    expect(() => Authorizer.jwt({ ...JWT, rolesClaim })._bind(newStack())).toThrow(`Stack: authorizer.rolesClaim is "${rolesClaim}". Name a claim that only the issuer writes`);
    expect(() => Authorizer.gateOnly(GateProof.jwt({ ...SUPABASE, rolesClaim }))._bind(newStack())).toThrow('Name a claim that only the issuer writes');
  });

  test.each(['sub', 'aud', 'scope', 'client_id', 'jti', 'cognito:username'])('tokens, but takes no roles from %s, which says something else', (rolesClaim) => {
    expect(() => Authorizer.jwt({ ...JWT, rolesClaim })._bind(newStack())).toThrow(`authorizer.rolesClaim is "${rolesClaim}". Name the claim that lists roles`);
  });

  test.each(['', ' ', 'a b', Token.asString({ Ref: 'Claim' })])('tokens, but takes no roles from %p', (rolesClaim) => {
    expect(() => Authorizer.jwt({ ...JWT, rolesClaim })._bind(newStack())).toThrow('Write out one claim of 1 to 256 printable characters');
  });

  test.each([Duration.seconds(61), Duration.millis(1500), Duration.minutes(5)])('tokens, with clocks not %s apart', (clockSkew) => {
    expect(() => Authorizer.jwt({ ...JWT, clockSkew })._bind(newStack())).toThrow(`Stack: authorizer.clockSkew is "${clockSkew.toString()}". Name 0 to 60 whole seconds.`);
  });

  test('tokens, without the load balancer noticing any of it', () => {
    const plain = newStack();
    const detailed = newStack();
    const render = (stack: Stack, authorizer: Authorizer): unknown => stack.resolve(authorizer._bind(stack).guard(ListenerAction.fixedResponse(404)).renderActions());
    expect(render(detailed, Authorizer.jwt({ ...JWT, subjectClaim: JwtSubjectClaim.USERNAME, rolesClaim: 'groups', clockSkew: Duration.seconds(5), scopesClaim: JwtScopesClaim.SCOPES })))
      .toEqual(render(plain, Authorizer.jwt(JWT)));
  });
});

describe('Authorizer.gateOnly', () => {
  test('asks the load balancer for nothing', () => {
    const stack = newStack();
    const authorizer = Authorizer.gateOnly(GateProof.apiKeys(), GateProof.jwt(SUPABASE));
    const proof = authorizer._bind(stack);
    const next = ListenerAction.fixedResponse(404);
    expect(proof.guard(next)).toBe(next);
    expect(proof.mutualAuthentication).toBeUndefined();
    expect(authorizer._isGateOnly).toBe(true);
    expect(authorizer.fetchesKeysFromInternet).toBe(false);
    expect(stack.node.children).toEqual([]);
  });

  test('takes any one of its proofs', () => {
    expect(Authorizer.gateOnly(GateProof.apiKeys(), GateProof.jwt(SUPABASE))._identity).toEqual({
      accept: [['key'], ['token']],
      tokens: [{ ...TOKEN, issuer: SUPABASE.issuer, jwksUri: SUPABASE.jwksUri, claims: [{ name: 'aud', values: ['authenticated'] }], algorithms: ['RS256', 'ES256'] }],
      certificate: false,
      key: { ...KEY, inAuthorization: false },
    });
  });

  test('takes tokens of several issuers', () => {
    const { audience, ...issuer } = SUPABASE;
    const authorizer = Authorizer.gateOnly(GateProof.jwt(JWT), GateProof.jwtClients({ ...issuer, clientIds: [audience], algorithms: [JwtAlgorithm.ES256] }));
    expect(authorizer._identity.accept).toEqual([['token']]);
    expect(authorizer._identity.tokens.map(({ issuer: name, algorithms, subjectClaim }) => [name, algorithms, subjectClaim])).toEqual([
      [JWT.issuer, ['RS256', 'ES256'], 'sub'], [SUPABASE.issuer, ['ES256'], 'client_id'],
    ]);
  });

  test('takes keys as bearer tokens only where no other bearer token is expected (design 5b)', () => {
    const keys = GateProof.apiKeys();
    expect(Authorizer.gateOnly(keys)._identity.key).toEqual({ ...KEY, inAuthorization: true });
    expect(certificates(newStack()).withGateProof(keys)._identity.key).toEqual({ ...KEY, inAuthorization: true });
    expect(Authorizer.jwt(JWT).withGateProof(keys)._identity.key).toEqual({ ...KEY, inAuthorization: false });
    expect(certificates(newStack()).and(Authorizer.jwt(JWT)).withGateProof(keys)._identity.key).toEqual({ ...KEY, inAuthorization: false });
  });

  test.each<[string, Authorizer, string]>([
    ['keys twice', Authorizer.gateOnly(GateProof.apiKeys(), GateProof.apiKeys({ header: 'X-Key' })), 'authorizer is ["x-api-key","x-key"]. Name GateProof.apiKeys once'],
    ['what the load balancer could verify', Authorizer.gateOnly(GateProof.jwt({ ...SUPABASE, algorithms: [JwtAlgorithm.RS256] })),
      'authorizer is "Authorizer.gateOnly with RS256 tokens of one issuer alone". Name Authorizer.jwt'],
    ['an issuer twice', Authorizer.gateOnly(GateProof.jwt(SUPABASE), GateProof.jwt({ ...SUPABASE, audience: 'other' })), `authorizer is "${SUPABASE.issuer}". Name an issuer once`],
  ])('refuses %s', (_, authorizer, message) => {
    expect(() => authorizer._bind(newStack())).toThrow(`Stack: ${message}`);
  });
});

describe('A second proof', () => {
  test('is asked for by the gate, on top of what the load balancer asks for', () => {
    const stack = newStack();
    const authorizer = Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys());
    expect(authorizer._identity.accept).toEqual([['token', 'key']]);
    expect(authorizer._isGateOnly).toBe(false);
    expect(authorizer._hosts).toEqual(['login.acme.com']);
    expect(stack.resolve(authorizer._bind(stack).guard(ListenerAction.fixedResponse(404)).renderActions())).toEqual([
      expect.objectContaining({ type: 'jwt-validation' }), expect.objectContaining({ type: 'fixed-response' }),
    ]);
  });

  test('leaves the demand for certificates where it was', () => {
    const stack = newStack();
    const authorizer = certificates(stack).withGateProof(GateProof.jwt(SUPABASE));
    expect(authorizer._identity).toMatchObject({ accept: [['certificate', 'token']], certificate: true });
    expect(authorizer._bind(stack).mutualAuthentication).toMatchObject({ mutualAuthenticationMode: 'verify' });
    expect(authorizer._isGateOnly).toBe(false);
    expect(authorizer.fetchesKeysFromInternet).toBe(false);
  });

  test('may be one of several', () => {
    const stack = newStack();
    const authorizer = certificates(stack).and(Authorizer.gateOnly(GateProof.apiKeys(), GateProof.jwt(SUPABASE)));
    expect(authorizer._identity.accept).toEqual([['certificate', 'key'], ['certificate', 'token']]);
    expect(authorizer._isGateOnly).toBe(false);
  });

  test('may be a key beside a token that the gate alone verifies', () => {
    const authorizer = Authorizer.gateOnly(GateProof.jwt(SUPABASE)).withGateProof(GateProof.apiKeys());
    expect(authorizer._identity.accept).toEqual([['token', 'key']]);
    expect(authorizer._isGateOnly).toBe(true);
  });

  test('is one of another kind', () => {
    expect(() => Authorizer.jwt(JWT).withGateProof(GateProof.jwt(SUPABASE))._bind(newStack())).toThrow('Stack: authorizer is ["token","token"]. Combine proofs of different kinds');
  });

  test('is looked at like the first', () => {
    expect(() => Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys({ prefix: '' }))._bind(newStack())).toThrow('Stack: authorizer.prefix is "".');
    expect(() => certificates(newStack()).withGateProof(GateProof.jwt({ ...SUPABASE, issuer: 'http://x.com' }))._bind(newStack())).toThrow('Stack: authorizer.issuer is "http://x.com".');
  });
});

describe('GateProof.apiKeys', () => {
  test('may stand in another header and begin with another prefix', () => {
    expect(Authorizer.gateOnly(GateProof.apiKeys({ header: 'X-Acme-Key', prefix: 'acme_' }))._identity.key).toEqual({ header: 'x-acme-key', prefix: 'acme_', inAuthorization: true });
  });

  test.each<[ApiKeyProps, string]>([
    [{ header: '' }, 'authorizer.header is "". Write out a header'],
    [{ header: 'x_api_key' }, 'authorizer.header is "x_api_key". Write out a header'],
    [{ header: Token.asString({ Ref: 'Header' }) }, 'authorizer.header is a token. Write out a header'],
    [{ header: 'Authorization' }, 'authorizer.header is "Authorization". Name a header that carries nothing else'],
    [{ header: 'Cookie' }, 'Name a header that carries nothing else'],
    [{ header: 'X-Forwarded-For' }, 'Name a header that carries nothing else'],
    [{ header: 'x-amzn-mtls-clientcert-subject' }, 'Name a header that carries nothing else'],
    [{ header: 'X-Auth-Request-User' }, 'Name a header that carries nothing else'],
    [{ prefix: '' }, 'authorizer.prefix is "". Name 2 to 16'],
    [{ prefix: 'ctx' }, 'authorizer.prefix is "ctx".'],
    [{ prefix: 'eyJ' }, 'authorizer.prefix is "eyJ".'],
    [{ prefix: '_' }, 'authorizer.prefix is "_".'],
    [{ prefix: 'c tx_' }, 'authorizer.prefix is "c tx_".'],
  ])('is refused as %j', (props, message) => {
    expect(() => Authorizer.gateOnly(GateProof.apiKeys(props))._bind(newStack())).toThrow(message);
  });
});

describe('GateProof.jwt', () => {
  test.each<[Partial<GateJwtProps>, string]>([
    [{ issuer: 'http://acme.supabase.co' }, 'authorizer.issuer is "http://acme.supabase.co". Name an https URL'],
    [{ jwksUri: 'https://localhost/jwks' }, 'authorizer.jwksUri is "https://localhost/jwks". The keys are fetched from the public internet'],
    [{ audience: '' }, 'authorizer.audience is "". Name a value'],
    [{ scope: 'a b' }, 'authorizer.scope is "a b". Name one scope'],
    [{ algorithms: [] }, 'authorizer.algorithms is []. Name JwtAlgorithm.RS256'],
    [{ algorithms: [JwtAlgorithm.ES256, JwtAlgorithm.ES256] }, 'authorizer.algorithms is ["ES256","ES256"].'],
    [{ clockSkew: Duration.minutes(2) }, 'authorizer.clockSkew is "Duration.minutes(2)".'],
  ])('is refused with %j', (props, message) => {
    expect(() => Authorizer.gateOnly(GateProof.jwt({ ...SUPABASE, ...props }))._bind(newStack())).toThrow(`Stack: ${message}`);
  });

  test('demands a scope where one is named', () => {
    const [token] = Authorizer.gateOnly(GateProof.jwt({ ...SUPABASE, scope: 'core/invoke' }))._identity.tokens;
    expect(token?.claims).toEqual([{ name: 'aud', values: ['authenticated'] }, { name: 'scope', values: ['core/invoke'] }]);
  });

  test('refuses no clients', () => {
    const { issuer, jwksUri } = SUPABASE;
    expect(() => Authorizer.gateOnly(GateProof.jwtClients({ issuer, jwksUri, clientIds: [] }))._bind(newStack())).toThrow('authorizer.clientIds is []. Name 1 to 10 values');
  });
});
