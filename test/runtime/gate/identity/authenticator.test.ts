import type { IdentityConfiguration } from '../../../../src/gate/contract';
import { CorpusKeys, mint } from '../corpora/mint';
import { bearer, CONTEXT, digestOf, headers, JWKS_URI, KEY, NOW, refusalOf, TOKEN, World } from './world';

const keys = new CorpusKeys();
const token = mint(keys, CONTEXT, { name: '' });
const GOOD_KEY = 'ctx_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const SUBJECT = 'CN=platform,O=Acme';
const CERTIFICATE = { subjectHeader: 'x-cert-subject', scopes: { [SUBJECT]: ['machines'] } };

function world(): World {
  const there = new World();
  there.mirrored.set(JWKS_URI, keys.document());
  there.addKey(GOOD_KEY);
  return there;
}

const authorization = (...values: string[]) => headers(['authorization', ...values]);

describe('Authorization', () => {
  const gate = world().authenticator({ tokens: [TOKEN] });

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('takes the scheme %s', async (scheme) => {
    expect(await refusalOf(gate.authenticate(authorization(`${scheme} ${token}`)))).toBe('let in');
  });

  test.each<[string, string]>([
    ['two blanks', `Bearer  ${token}`],
    ['a tab', `Bearer\t${token}`],
    ['a tab and a blank', `Bearer \t${token}`],
    ['no blank', `Bearer${token}`],
    ['a colon', `Bearer: ${token}`],
    ['a blank that is none', `Bearer\u00a0${token}`],
    ['a blank in front', ` Bearer ${token}`],
    ['a blank behind', `Bearer ${token} `],
    ['quotes', `Bearer "${token}"`],
    ['a second token', `Bearer ${token}, Bearer ${token}`],
    ['a parameter', `Bearer ${token},realm=x`],
    ['no scheme', token],
    ['no token', 'Bearer'],
    ['an empty token', 'Bearer '],
    ['nothing', ''],
    ['another scheme', 'Basic YWxpY2U6c2VjcmV0'],
    ['DPoP', `DPoP ${token}`],
    ['a line break', `Bearer ${token}\n`],
  ])('is refused with %s', async (_, value) => {
    expect(await refusalOf(gate.authenticate(authorization(value)))).toBe('unauthenticated authorization-malformed');
  });

  test('is refused twice, even where both are good', async () => {
    expect(await refusalOf(gate.authenticate(authorization(`Bearer ${token}`, `Bearer ${token}`)))).toBe('unauthenticated credential-twice');
  });

  test('is not read where neither tokens nor keys are expected in it', async () => {
    const keyGate = world().authenticator({ accept: [['key']], key: KEY });
    expect(await refusalOf(keyGate.authenticate(headers(['x-api-key', GOOD_KEY], ['authorization', 'Basic YWxpY2U6c2VjcmV0'])))).toBe('let in');
    expect(await refusalOf(keyGate.authenticate(bearer(GOOD_KEY)))).toBe('unauthenticated no-credential');
  });
});

describe('API keys', () => {
  const accepting = { accept: [['key']], key: KEY } satisfies Partial<IdentityConfiguration>;
  const show = (there: World, key: string, key2?: string) => refusalOf(there.authenticator(accepting).authenticate(headers(['x-api-key', key, ...(key2 === undefined ? [] : [key2])])));

  test('say who owns them, what he may and how they are revoked', async () => {
    expect(await world().authenticator(accepting).authenticate(headers(['x-api-key', GOOD_KEY]))).toEqual({
      subject: 'platform', scopes: new Set(['chat']), roles: new Set(), proofs: new Set(['key']), revocableAs: [`key#${digestOf(GOOD_KEY)}`], keyOwner: 'platform',
    });
  });

  test('name their owner wherever they speak, and where something else does, nobody', async () => {
    const there = world();
    there.addKey(GOOD_KEY, { owner: 'platform' });
    const identityOf = (accept: IdentityConfiguration['accept']) =>
      there.authenticator({ accept, key: KEY, certificate: { subjectHeader: 'x-cert', scopes: {} } }).authenticate(headers(['x-api-key', GOOD_KEY], ['x-cert', 'CN=a']));
    expect(await identityOf([['certificate'], ['key']])).toMatchObject({ subject: 'key:platform', keyOwner: 'platform' });
    expect(await identityOf([['certificate']])).not.toHaveProperty('keyOwner');
  });

  test('are looked up by their digest', async () => {
    const there = world();
    await show(there, GOOD_KEY);
    expect(there.lookedUp).toEqual([digestOf(GOOD_KEY)]);
  });

  test.each<[string, string]>([
    ['another prefix', 'sk-0123456789abcdefghijklmnopqrstuvwxyzABCDEFG'],
    ['the prefix in capitals', GOOD_KEY.replace('ctx_', 'CTX_')],
    ['the prefix alone', 'ctx_'],
    ['a blank', `${GOOD_KEY} `],
    ['a scheme', `Bearer ${GOOD_KEY}`],
    ['a letter beyond ASCII', `${GOOD_KEY}ä`],
    ['no end', `ctx_${'a'.repeat(253)}`],
    ['nothing', ''],
  ])('with %s are not even looked up', async (_, key) => {
    const there = world();
    expect(await show(there, key)).toBe('unauthenticated key-malformed');
    expect(there.lookedUp).toEqual([]);
  });

  test('that do not exist, differ in case or in length, are unknown', async () => {
    for (const key of [`${GOOD_KEY}1`, GOOD_KEY.slice(0, -1), GOOD_KEY.toLowerCase()]) expect(await show(world(), key)).toBe('unauthenticated key-unknown');
  });

  test('sent twice are refused', async () => {
    expect(await show(world(), GOOD_KEY, GOOD_KEY)).toBe('unauthenticated credential-twice');
  });

  test('end to the millisecond, without any skew', async () => {
    const there = world();
    there.addKey(GOOD_KEY, { validUntil: NOW + 1 });
    there.nowMs = NOW * 1000 + 999;
    expect(await show(there, GOOD_KEY)).toBe('let in');
    there.nowMs += 1;
    expect(await show(there, GOOD_KEY)).toBe('unauthenticated key-expired');
  });

  test('that are revoked are refused', async () => {
    const there = world();
    there.addKey(GOOD_KEY, { isRevoked: true });
    expect(await show(there, GOOD_KEY)).toBe('unauthenticated key-revoked');
  });

  test.each<[string, object]>([
    ['a wildcard', { scopes: ['*'] }],
    ['scopes in one text', { scopes: ['chat,embeddings'] }],
    ['no owner', { owner: '' }],
    ['an owner that ends a header', { owner: 'a\r\nb' }],
  ])(
    'with a record of %s let nobody in', async (_, record) => {
      const there = world();
      there.addKey(GOOD_KEY, record);
      expect(await show(there, GOOD_KEY)).toBe('unavailable key-record');
    });

  test('let nobody in while the store does not answer, and nothing that it says comes out', async () => {
    const keyStore = { find: () => Promise.reject(new Error('AccessDenied for arn:aws:dynamodb:…:table/secret')) };
    expect(await refusalOf(world().authenticator(accepting, { keys: keyStore }).authenticate(headers(['x-api-key', GOOD_KEY])))).toBe('unavailable key-store');
  });

  test('travel in Authorization where that is said', async () => {
    const gate = world().authenticator({ ...accepting, key: { ...KEY, inAuthorization: true } });
    expect(await refusalOf(gate.authenticate(bearer(GOOD_KEY)))).toBe('let in');
    expect(await refusalOf(gate.authenticate(headers(['x-api-key', GOOD_KEY])))).toBe('let in');
    expect(await refusalOf(gate.authenticate(bearer(token)))).toBe('unauthenticated key-malformed');
    expect(await refusalOf(gate.authenticate(headers(['x-api-key', GOOD_KEY], ['authorization', `Bearer ${GOOD_KEY}`])))).toBe('unauthenticated credential-twice');
  });

  test('and tokens are told apart by the prefix where both may be there', async () => {
    const gate = world().authenticator({ accept: [['key'], ['token']], tokens: [TOKEN], key: { ...KEY, inAuthorization: true } });
    expect((await gate.authenticate(bearer(GOOD_KEY))).subject).toBe('key:platform');
    expect((await gate.authenticate(bearer(token))).subject).toBe('token:https://login.acme.com#alice');
  });

  test('in Authorization are bad tokens where only tokens may be there', async () => {
    const gate = world().authenticator({ accept: [['key'], ['token']], tokens: [TOKEN], key: KEY });
    expect(await refusalOf(gate.authenticate(bearer(GOOD_KEY)))).toBe('unauthenticated token-malformed');
  });
});

describe('certificates', () => {
  const gate = (scopes = CERTIFICATE.scopes) => world().authenticator({ accept: [['certificate']], certificate: { ...CERTIFICATE, scopes } });
  const show = (...values: string[]) => gate().authenticate(headers(['x-cert-subject', ...values]));

  test('have the scopes of their subject and are not revoked here', async () => {
    expect(await show(SUBJECT)).toEqual({ subject: SUBJECT, scopes: new Set(['machines']), roles: new Set(), proofs: new Set(['certificate']), revocableAs: [] });
  });

  test.each(['CN=Platform,O=Acme', 'O=Acme,CN=platform', 'CN=platform', 'constructor', '__proto__'])('of %s have none, since only the exact subject has some', async (subject) => {
    expect((await show(subject)).scopes).toEqual(new Set());
  });

  test.each<[string, string]>([
    ['nothing', ''], ['a blank behind', `${SUBJECT} `], ['a tab', 'CN=a\tb'], ['a letter beyond ASCII', 'CN=ä'], ['no end', `CN=${'a'.repeat(1022)}`],
  ])('with %s are refused', async (_, subject) => {
    expect(await refusalOf(show(subject))).toBe('unauthenticated certificate-malformed');
  });

  test('sent twice are refused', async () => {
    expect(await refusalOf(show(SUBJECT, SUBJECT))).toBe('unauthenticated credential-twice');
  });

  test('are nothing where none is configured', async () => {
    const tokenGate = world().authenticator({ tokens: [TOKEN] });
    expect(await refusalOf(tokenGate.authenticate(headers(['x-cert-subject', SUBJECT])))).toBe('unauthenticated no-credential');
  });
});

describe('several proofs', () => {
  const all = { tokens: [TOKEN], key: KEY, certificate: CERTIFICATE };
  const shown = { token: ['authorization', `Bearer ${token}`], key: ['x-api-key', GOOD_KEY], certificate: ['x-cert-subject', SUBJECT] } as const;
  const speaker = async (accept: IdentityConfiguration['accept'], ...kinds: readonly (keyof typeof shown)[]) => {
    const answer = world().authenticator({ ...all, accept }).authenticate(headers(...kinds.map((kind) => shown[kind])));
    const refusal = await refusalOf(answer);
    if (refusal !== 'let in') return refusal;
    const { subject, scopes, proofs } = await answer;
    return `${subject}: ${[...scopes].join(' ')} by ${[...proofs].sort().join(' ')}`;
  };

  test('nothing shown is nothing', async () => {
    expect(await speaker([['token']])).toBe('unauthenticated no-credential');
    expect(await speaker([])).toBe('unauthenticated no-credential');
  });

  test('a second factor vouches and adds no scope: the key speaks, then the token, then the certificate', async () => {
    expect(await speaker([['token', 'key']], 'token', 'key')).toBe('platform: chat by key token');
    expect(await speaker([['certificate', 'key']], 'certificate', 'key')).toBe('platform: chat by certificate key');
    expect(await speaker([['certificate', 'token']], 'certificate', 'token')).toBe('alice: chat embeddings by certificate token');
    expect(await speaker([['certificate', 'token', 'key']], 'certificate', 'token', 'key')).toBe('platform: chat by certificate key token');
  });

  test('a second factor that is missing is missing', async () => {
    for (const kind of ['token', 'key'] as const) expect(await speaker([['token', 'key']], kind)).toBe('unauthenticated credential-missing');
    expect(await speaker([['certificate']], 'token', 'key')).toBe('unauthenticated credential-missing');
  });

  test('one alternative is enough', async () => {
    expect(await speaker([['token'], ['key']], 'token')).toBe('token:https://login.acme.com#alice: chat embeddings by token');
    expect(await speaker([['token'], ['key']], 'key')).toBe('key:platform: chat by key');
  });

  test('who shows two alternatives gets one of them and not their union', async () => {
    expect(await speaker([['token'], ['key']], 'token', 'key')).toBe('key:platform: chat by key token');
  });

  test('what is not to be believed alone does not speak beside another alternative', async () => {
    expect(await speaker([['token'], ['certificate', 'key']], 'token', 'key')).toBe('token:https://login.acme.com#alice: chat embeddings by key token');
  });

  test('all that is shown can be revoked', async () => {
    const { revocableAs } = await world().authenticator({ ...all, accept: [['token']] }).authenticate(headers(shown.token, shown.key));
    expect(revocableAs).toEqual(expect.arrayContaining([`key#${digestOf(GOOD_KEY)}`, 'sub#https://login.acme.com alice']));
  });

  test('one bad one spoils the good one beside it', async () => {
    const gate = world().authenticator({ ...all, accept: [['token'], ['key'], ['certificate']] });
    const bad = { token: ['authorization', `Bearer ${token.slice(0, -2)}`], key: ['x-api-key', `${GOOD_KEY}x`], certificate: ['x-cert-subject', ''] } as const;
    const reasons = { token: 'token-signature', key: 'key-unknown', certificate: 'certificate-malformed' };
    for (const wrong of ['token', 'key', 'certificate'] as const) {
      for (const right of (['token', 'key', 'certificate'] as const).filter((kind) => kind !== wrong)) {
        expect([wrong, right, await refusalOf(gate.authenticate(headers(shown[right], bad[wrong])))]).toEqual([wrong, right, `unauthenticated ${reasons[wrong]}`]);
      }
    }
  });
});

describe('what callers are called', () => {
  const OTHER = 'https://login.other.example';
  const aliceOf = (issuer: string) => bearer(mint(keys, CONTEXT, { name: '', claims: () => ({ iss: issuer }) }));
  const nameIn = async (identity: Partial<IdentityConfiguration>, shown: ReturnType<typeof headers>, there = world()) => (await there.authenticator(identity).authenticate(shown)).subject;

  test('is their own name where all names come from one source', async () => {
    expect(await nameIn({ tokens: [TOKEN] }, bearer(token))).toBe('alice');
    expect(await nameIn({ accept: [['token', 'key'], ['certificate', 'key']], tokens: [TOKEN], key: KEY, certificate: CERTIFICATE },
      headers(['authorization', `Bearer ${token}`], ['x-api-key', GOOD_KEY]))).toBe('platform');
  });

  test('lets nobody pass for another: a key, a certificate and the subjects of two issuers of one name are four callers', async () => {
    const there = world();
    there.addKey(GOOD_KEY, { owner: 'alice' });
    const identity = { accept: [['token'], ['key'], ['certificate']], tokens: [TOKEN, { ...TOKEN, issuer: OTHER }], key: KEY, certificate: CERTIFICATE } satisfies Partial<IdentityConfiguration>;
    const names = await Promise.all([aliceOf(TOKEN.issuer), aliceOf(OTHER), headers(['x-api-key', GOOD_KEY]), headers(['x-cert-subject', 'alice'])].map((shown) => nameIn(identity, shown, there)));
    expect(names).toEqual(['token:https://login.acme.com#alice', 'token:https://login.other.example#alice', 'key:alice', 'certificate:alice']);
  });

  test('says which issuer where there are two, also without keys', async () => {
    expect(await nameIn({ tokens: [TOKEN, { ...TOKEN, issuer: OTHER }] }, aliceOf(OTHER))).toBe(`token:${OTHER}#alice`);
  });

  test('is never that of somebody who logged in to the admin plane', async () => {
    const there = world();
    there.addKey(GOOD_KEY, { owner: 'admin:8a1c' });
    const shown = headers(['x-api-key', GOOD_KEY]);
    const admin = { subjectHeader: 'x-amzn-oidc-identity', cookieName: 'SecureCoreAdmin' };
    expect(await refusalOf(there.authenticator({ accept: [['key']], key: KEY, admin }).authenticate(shown))).toBe('unauthenticated subject-reserved');
    expect(await nameIn({ accept: [['key'], ['token']], key: KEY, tokens: [TOKEN], admin }, shown, there)).toBe('key:admin:8a1c');
    expect(await nameIn({ accept: [['key']], key: KEY }, shown, there)).toBe('admin:8a1c');
  });
});

describe('a gate does not start', () => {
  const hs256 = { ...TOKEN, algorithms: ['HS256' as const], keys: { ...TOKEN.keys, source: 'secret' as const } };
  const start = (identity: Partial<IdentityConfiguration>, parts: object = {}) => () => new World().authenticator({ tokens: [TOKEN], ...identity }, parts);

  test.each<[string, RegExp, () => unknown]>([
    ['with an alternative of no proof', /alternative without a proof/, start({ accept: [[]] })],
    ['with a proof that nothing verifies', /"key", and nothing says how/, start({ accept: [['token'], ['key']] })],
    ['with tokens of nobody', /"token", and nothing says how/, start({ tokens: [] })],
    ['with an issuer twice', /issuer twice/, start({ tokens: [TOKEN, { ...TOKEN, algorithms: ['ES256'] }] })],
    ['with a shared secret behind a load balancer', /only the profile "local"/, start({ tokens: [hs256] }, { sharedSecret: 's'.repeat(32) })],
    ['with a short secret', /at least 32 bytes/, start({ tokens: [hs256] }, { profile: 'local', sharedSecret: 's'.repeat(31) })],
    ['without its secret', /at least 32 bytes/, start({ tokens: [hs256] }, { profile: 'local' })],
    ['with HS256 by published keys', /mixes a shared secret/, start({ tokens: [{ ...TOKEN, algorithms: ['HS256'] }] }, { profile: 'local', sharedSecret: 's'.repeat(32) })],
    ['with HS256 beside RS256', /mixes a shared secret/, start({ tokens: [{ ...hs256, algorithms: ['HS256', 'RS256'] }] }, { profile: 'local', sharedSecret: 's'.repeat(32) })],
    ['with RS256 by a secret', /mixes a shared secret/, start({ tokens: [{ ...TOKEN, keys: { ...TOKEN.keys, source: 'secret' } }] }, { profile: 'local', sharedSecret: 's'.repeat(32) })],
    ['without an algorithm', /names no algorithm/, start({ tokens: [{ ...TOKEN, algorithms: [] }] })],
    ['with keys by http', /not reached by https/, start({ tokens: [{ ...TOKEN, keys: { ...TOKEN.keys, source: 'https', uri: 'http://login.acme.com/jwks' } }] })],
    ['with keys by http on loopback, behind a load balancer', /not reached by https/, start({ tokens: [{ ...TOKEN, keys: { ...TOKEN.keys, source: 'https', uri: 'http://127.0.0.1/jwks' } }] })],
    ['with keys by http from elsewhere, on a machine of one\'s own', /not reached by https/, start({ tokens: [{ ...TOKEN, keys: { ...TOKEN.keys, uri: 'http://127.0.0.1.evil.example/jwks' } }] }, { profile: 'local' })],
    ['with an issuer that has no end', /a blank or a #/, start({ tokens: [{ ...TOKEN, issuer: 'https://login.acme.com#a' }] })],
    ['with certificates that nobody verifies', /identity\.certificate is believed behind a load balancer only/, start({ certificate: CERTIFICATE }, { profile: 'local' })],
    ['with logins that nobody demands', /identity\.admin is believed behind a load balancer only/, start({ admin: { subjectHeader: 'x-amzn-oidc-identity', cookieName: 'SecureCoreAdmin' } }, { profile: 'local' })],
    ['with clocks too far apart', /60 seconds apart/, start({ tokens: [{ ...TOKEN, clockSkewSeconds: 61 }] })],
    ['with clocks that are no number', /60 seconds apart/, start({ tokens: [{ ...TOKEN, clockSkewSeconds: NaN }] })],
    ['with tokens for anybody', /neither "aud" nor "client_id"/, start({ tokens: [{ ...TOKEN, claims: [{ name: 'token_use', values: ['access'] }] }] })],
  ])('%s', (_, message, starting) => {
    expect(starting).toThrow(message);
  });

  test('and never says its secret', () => {
    expect(start({ tokens: [hs256] }, { profile: 'local', sharedSecret: 'short-and-secret' })).toThrow(/^(?!.*short-and-secret)/);
  });
});
