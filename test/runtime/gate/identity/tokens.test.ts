import { createHmac } from 'node:crypto';
import { CorpusKeys, mint } from '../corpora/mint';
import { TOKENS } from '../corpora/tokens';
import { bearer, CONTEXT, headers, JWKS_URI, NOW, refusalOf, TOKEN, World } from './world';

const keys = new CorpusKeys();

function world(): World {
  const there = new World();
  there.mirrored.set(JWKS_URI, keys.document());
  return there;
}

describe('the corpus of tokens', () => {
  const gate = world().authenticator({ tokens: [TOKEN] });
  test.each(TOKENS.map((token) => [token.name, token] as const))('%s', async (_, token) => {
    expect(await refusalOf(gate.authenticate(bearer(mint(keys, CONTEXT, token))))).toBe(token.isGood ? 'let in' : `unauthenticated ${token.reason ?? 'for a reason that the corpus states'}`);
  });

  test('has no case twice', () => {
    expect(new Set(TOKENS.map(({ name }) => name)).size).toBe(TOKENS.length);
  });
});

describe('what a token says', () => {
  const identityOf = (claims: Record<string, unknown>, configuration = TOKEN) =>
    world().authenticator({ tokens: [configuration] }).authenticate(bearer(mint(keys, CONTEXT, { name: '', claims: () => claims })));

  test('is its subject, its scopes and how it is revoked', async () => {
    expect(await identityOf({ jti: 'j1' })).toEqual({
      subject: 'alice', scopes: new Set(['chat', 'embeddings']), roles: new Set(), proofs: new Set(['token']),
      revocableAs: ['sub#https://login.acme.com alice', 'jti#https://login.acme.com j1'],
    });
  });

  test('is revoked by the subject that logs show as well as by its sub', async () => {
    const identity = await identityOf({ client_id: 'c1' }, { ...TOKEN, subjectClaim: 'client_id' });
    expect([identity.subject, ...identity.revocableAs]).toEqual(['c1', 'sub#https://login.acme.com alice', 'sub#https://login.acme.com c1']);
  });

  test('needs the claim that names the subject', async () => {
    expect(await refusalOf(identityOf({}, { ...TOKEN, subjectClaim: 'username' }))).toBe('unauthenticated token-subject');
  });

  test('has no scopes and no roles where it names none', async () => {
    expect(await identityOf({ scope: undefined }, { ...TOKEN, rolesClaim: 'cognito:groups' })).toMatchObject({ scopes: new Set(), roles: new Set() });
  });

  test.each<[string, 'scope' | 'scp' | 'scopes', unknown, readonly string[] | undefined]>([
    ['scp as Entra writes it', 'scp', 'a b', ['a', 'b']],
    ['scp as Okta writes it', 'scp', ['a', 'b'], ['a', 'b']],
    ['scopes as a list', 'scopes', ['a', 'b/c:d'], ['a', 'b/c:d']],
    ['an empty list', 'scopes', [], []],
    ['scopes as text', 'scopes', 'a b', undefined],
    ['a list with a blank in an entry', 'scp', ['a b'], undefined],
    ['a list with a comma in an entry', 'scp', ['a,b'], undefined],
    ['a list with a wildcard', 'scopes', ['*'], undefined],
    ['a list with a number', 'scopes', ['a', 1], undefined],
    ['a list in a list', 'scopes', [['a']], undefined],
  ])('%s', async (_, scopesClaim, value, expected) => {
    const answer = identityOf({ [scopesClaim]: value }, { ...TOKEN, scopesClaim });
    if (expected) expect([...(await answer).scopes]).toEqual(expected);
    else expect(await refusalOf(answer)).toBe('unauthenticated token-scopes');
  });

  test.each<[unknown, readonly string[] | undefined]>([
    ['analyst', ['analyst']],
    [['analyst', 'reader'], ['analyst', 'reader']],
    ['analyst,reader', ['analyst,reader']],
    [['Prüfer'], ['Prüfer']],
    ['analyst reader', undefined],
    [['analyst', ''], undefined],
    [['analyst', null], undefined],
    [{ analyst: true }, undefined],
    [7, undefined],
    [['a'.repeat(129)], undefined],
  ])('roles of %j', async (roles, expected) => {
    const answer = identityOf({ 'cognito:groups': roles }, { ...TOKEN, rolesClaim: 'cognito:groups' });
    if (expected) expect([...(await answer).roles]).toEqual(expected);
    else expect(await refusalOf(answer)).toBe('unauthenticated token-roles');
  });

  test.each<[unknown, string]>([
    ['user-1', 'user-1'], ['Jane Doe', 'Jane Doe'],
    ['', 'refused'], [' user', 'refused'], ['user\n', 'refused'], ['Jürgen', 'refused'], [7, 'refused'], [['user'], 'refused'], [null, 'refused'], ['u'.repeat(256), 'refused'],
  ])('names an end user as it would a subject, or is refused: %j', async (endUser, expected) => {
    const answer = identityOf({ end_user: endUser }, { ...TOKEN, endUserClaim: 'end_user' });
    if (expected === 'refused') expect(await refusalOf(answer)).toBe('unauthenticated token-end-user');
    else expect((await answer).endUser).toBe(expected);
  });

  test('names no end user where it has no such claim, or nobody asked for it', async () => {
    expect(await identityOf({}, { ...TOKEN, endUserClaim: 'end_user' })).not.toHaveProperty('endUser');
    expect(await identityOf({ end_user: 'user-1' })).not.toHaveProperty('endUser');
    expect(await identityOf({}, { ...TOKEN, endUserClaim: 'constructor' })).not.toHaveProperty('endUser');
  });

  test('has every claim that is demanded, each with one of its values; scope is split at blanks', async () => {
    const demanding = { ...TOKEN, claims: [{ name: 'client_id', values: ['a', 'b'] }, { name: 'token_use', values: ['access'] }, { name: 'scope', values: ['embeddings'] }] };
    expect(await refusalOf(identityOf({ client_id: 'b', token_use: 'access' }, demanding))).toBe('let in');
    expect(await refusalOf(identityOf({ client_id: 'b', token_use: 'id' }, demanding))).toBe('unauthenticated token-claims');
    expect(await refusalOf(identityOf({ client_id: 'c', token_use: 'access' }, demanding))).toBe('unauthenticated token-claims');
    expect(await refusalOf(identityOf({ client_id: 'b', token_use: 'access', scope: 'chat' }, demanding))).toBe('unauthenticated token-claims');
    expect(await refusalOf(identityOf({ client_id: 'b' }, demanding))).toBe('unauthenticated token-claims');
  });

  test('does not have a claim that every object inherits', async () => {
    expect(await refusalOf(identityOf({}, { ...TOKEN, claims: [...TOKEN.claims, { name: 'constructor', values: ['x'] }] }))).toBe('unauthenticated token-claims');
  });
});

describe('who may sign', () => {
  test('an issuer of its own keys alone', async () => {
    const there = world();
    there.mirrored.set('https://b.example/jwks', keys.document(keys.jwk('stranger')));
    const other = { ...TOKEN, issuer: 'https://b.example', keys: { ...TOKEN.keys, uri: 'https://b.example/jwks' } };
    const gate = there.authenticator({ tokens: [TOKEN, other] });
    const by = (issuer: string, signer: 'published' | 'stranger') => refusalOf(gate.authenticate(bearer(mint(keys, { ...CONTEXT, issuer }, { name: '', signer, header: { kid: signer } }))));
    expect(await by(TOKEN.issuer, 'published')).toBe('let in');
    expect(await by(other.issuer, 'stranger')).toBe('let in');
    expect(await by(other.issuer, 'published')).toBe('unauthenticated token-key-unknown');
    expect(await by(TOKEN.issuer, 'stranger')).toBe('unauthenticated token-key-unknown');
  });

  test('by the algorithms that are listed, before any key is looked for', async () => {
    const there = world();
    const gate = there.authenticator({ tokens: [{ ...TOKEN, algorithms: ['ES256'] }] });
    expect(await refusalOf(gate.authenticate(bearer(mint(keys, CONTEXT, { name: '' }))))).toBe('unauthenticated token-algorithm');
    expect(there.read).toEqual([]);
    expect(await refusalOf(gate.authenticate(bearer(mint(keys, CONTEXT, { name: '', header: { alg: 'ES256', kid: 'published-ec' }, signer: 'published-ec' }))))).toBe('let in');
  });

  test('without a kid where there is one key', async () => {
    const there = new World();
    there.mirrored.set(JWKS_URI, keys.document(keys.jwk('published', { kid: undefined })));
    const gate = there.authenticator({ tokens: [TOKEN] });
    expect(await refusalOf(gate.authenticate(bearer(mint(keys, CONTEXT, { name: '', header: { kid: undefined } }))))).toBe('let in');
    expect(await refusalOf(gate.authenticate(bearer(mint(keys, CONTEXT, { name: '', header: { kid: undefined }, signer: 'stranger' }))))).toBe('unauthenticated token-signature');
  });

  test('with a shared secret on a machine of one\'s own', async () => {
    const sharedSecret = 'a secret that nobody has to guess';
    const gate = new World().authenticator({ tokens: [{ ...TOKEN, algorithms: ['HS256'], keys: { ...TOKEN.keys, source: 'secret' } }] }, { profile: 'local', sharedSecret });
    const signed = (secret: string, alg = 'HS256'): string => {
      const input = [{ alg }, { iss: TOKEN.issuer, aud: 'core', sub: 'alice', exp: NOW + 60 }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    };
    expect(await refusalOf(gate.authenticate(bearer(signed(sharedSecret))))).toBe('let in');
    expect(await refusalOf(gate.authenticate(bearer(signed('a secret that somebody else made up'))))).toBe('unauthenticated token-signature');
    expect(await refusalOf(gate.authenticate(bearer(signed(sharedSecret, 'RS256'))))).toBe('unauthenticated token-algorithm');
  });
});

test('a token in any other header is not read', async () => {
  const gate = world().authenticator({ tokens: [TOKEN] });
  const token = mint(keys, CONTEXT, { name: '' });
  for (const name of ['x-authorization', 'x-amzn-oidc-accesstoken', 'proxy-authorization', 'cookie', 'x-api-key']) {
    expect(await refusalOf(gate.authenticate(headers([name, `Bearer ${token}`])))).toBe('unauthenticated no-credential');
  }
});
