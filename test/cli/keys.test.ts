import { createHash, createHmac } from 'node:crypto';
import { NO_COLORS } from '../../src/cli/colors';
import { createKey, type CreateOptions } from '../../src/cli/keys/create';
import { importKeys, type ImportOptions } from '../../src/cli/keys/import';
import { listKeys } from '../../src/cli/keys/list';
import { type IdentityOptions, showIdentity } from '../../src/cli/keys/identities';
import { revoke, type RevokeOptions } from '../../src/cli/keys/revoke';
import type { KeysWorld } from '../../src/cli/keys/world';
import { AUDIT_KEY_REFERENCE, deployedConfiguration, gateTask, SERVICE } from '../support/fake-deployed';
import { FakeKeysAws } from '../support/fake-keys-aws';

const OPERATOR = 'arn:aws:iam::111122223333:user/operator';
const NOW = new Date('2030-01-02T03:04:05Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** The shape of a generated key, and no key. */
const madeKey = (seed: string): string => `ctx_${createHash('sha256').update(seed).digest('base64url')}`;

let aws: FakeKeysAws;
let printed: string[];
let said: string[];
let file: string;
beforeEach(() => {
  aws = new FakeKeysAws();
  printed = [];
  said = [];
  file = '[]';
});

function world(more: Partial<KeysWorld> = {}): KeysWorld {
  return {
    aws, now: () => NOW, random: (count) => Buffer.alloc(count, 0xfb), read: () => file, paint: NO_COLORS,
    print: (line) => printed.push(line), say: (line) => said.push(line), ...more,
  };
}

const CREATE: CreateOptions = { owner: 'platform', scope: ['chat'], expires: '90d', prefix: 'ctx_' };
const create = (options: Partial<CreateOptions> = {}): Promise<boolean> => createKey('Core', { ...CREATE, ...options }, world());
const IMPORT: ImportOptions = { scope: ['chat'], expires: '90d', prefix: 'ctx_' };
const importMap = (map: unknown, options: Partial<ImportOptions> = {}): Promise<boolean> => {
  file = typeof map === 'string' ? map : JSON.stringify(map);
  return importKeys('Core', 'keys.json', { ...IMPORT, ...options }, world());
};
const withdraw = (id: string | undefined, options: Partial<RevokeOptions> = {}, more: Partial<KeysWorld> = {}): Promise<boolean> =>
  revoke('Core', id, { for: '90d', yes: true, ...options }, world(more));

describe('keys create', () => {
  test('prints the key alone, once, and keeps nothing but its SHA-256, its owner, scopes, times and maker', async () => {
    expect(await create({ scope: ['chat', 'embeddings', 'chat'] })).toBe(true);
    const key = `ctx_${Buffer.alloc(32, 0xfb).toString('base64url')}`;
    expect(printed).toEqual([key]);
    expect(aws.added).toEqual([{
      table: 'gate-table', digest: sha256(key), owner: 'platform', scopes: ['chat', 'embeddings'], createdAt: NOW, validUntil: new Date(NOW.getTime() + 90 * DAY_MS), createdBy: OPERATOR,
    }]);
    expect(JSON.stringify([said, aws.added])).not.toContain(key.slice(4, 20));
    expect(said.join('\n')).toContain(`Key ${sha256(key).slice(0, 12)} of platform is valid until 2030-04-02T03:04:05.000Z, for chat, embeddings.`);
  });

  test('asks for 32 random bytes', async () => {
    const asked: number[] = [];
    await createKey('Core', CREATE, world({ random: (count) => { asked.push(count); return Buffer.alloc(count); } }));
    expect(asked).toEqual([32]);
  });

  test.each<[string, Partial<CreateOptions>, RegExp]>([
    ['without a scope', { scope: [] }, /No scope is named/],
    ['for everything', { scope: ['*'] }, /--scope "\*"/],
    ['for everything of a kind', { scope: ['chat:*'] }, /--scope "chat:\*"/],
    ['for two scopes in one', { scope: ['chat embeddings'] }, /--scope/],
    ['for an empty scope', { scope: [''] }, /--scope ""/],
    ['for longer than a year', { expires: '366d' }, /--expires 366d: give a period of 365d at most/],
    ['for ever', { expires: 'never' }, /--expires never/],
    ['for no time', { expires: '0d' }, /--expires 0d/],
    ['for a time without a unit', { expires: '90' }, /--expires 90:/],
    ['of nobody', { owner: '' }, /--owner ""/],
    ['of somebody whom no header can carry', { owner: 'a\r\nx-role: admin' }, /--owner/],
    ['with a prefix that no gate has', { prefix: 'CTX' }, /--prefix "CTX"/],
  ])('makes no key %s', async (_, options, message) => {
    await expect(create(options)).rejects.toThrow(message);
    expect([printed, aws.added]).toEqual([[], []]);
  });

  test('takes a year, and keeps to hours', async () => {
    await create({ expires: '365d' });
    await createKey('Core', { ...CREATE, expires: '12h' }, world({ random: (count) => Buffer.alloc(count, 1) }));
    expect(aws.added.map(({ validUntil }) => validUntil.getTime() - NOW.getTime())).toEqual([365 * DAY_MS, DAY_MS / 2]);
  });

  test('makes no key where nobody knows who makes it', async () => {
    aws.callerFailure = new Error('ExpiredToken');
    await expect(create()).rejects.toThrow('ExpiredToken');
    expect([printed, aws.added]).toEqual([[], []]);
  });

  test('prints no key that was not kept', async () => {
    await create();
    printed = [];
    await expect(create()).rejects.toThrow('already');
    expect(printed).toEqual([]);
  });
});

describe('the table of a gate', () => {
  test.each<[string, () => void, RegExp]>([
    ['no stack', () => { aws.resources = undefined; }, /There is no stack Core/],
    ['no table with the tag', () => { aws.tags.clear(); }, /Stack Core has no gate/],
    ['a tagged resource that is no table', () => { aws.resources = [{ type: 'AWS::S3::Bucket', path: 'Core/B', physicalId: 'gate-table' }]; }, /has no gate/],
    ['two gates', () => {
      aws.resources?.push({ type: 'AWS::DynamoDB::GlobalTable', path: 'Core/Other', physicalId: 'other' });
      aws.tags.set('other', new Map([['cdk-secure-core:gate-table', '']]));
    }, /several gates: add --table with one of gate-table, other/],
  ])('is not guessed where there is %s', async (_, bend, message) => {
    bend();
    await expect(create()).rejects.toThrow(message);
    expect(aws.added).toEqual([]);
  });

  test('is the one that is named', async () => {
    aws.resources?.push({ type: 'AWS::DynamoDB::GlobalTable', path: 'Core/Other', physicalId: 'other' });
    aws.tags.set('other', new Map([['cdk-secure-core:gate-table', '']]));
    await create({ table: 'other' });
    expect(aws.added).toMatchObject([{ table: 'other' }]);
    await expect(create({ table: 'plain' })).rejects.toThrow('--table plain: the stack');
  });
});

describe('keys list', () => {
  beforeEach(() => {
    aws.put(sha256('a'), 'platform');
    aws.put(sha256('b'), 'batch', { validUntil: NOW.getTime() / 1000, scopes: ['chat', 'embeddings'] });
    aws.put(sha256('c'), 'zeta', { revokedAt: '2030-01-01T00:00:00.000Z' });
  });

  test('shows id, owner, scopes, times and state, sorted by owner', async () => {
    expect(await listKeys('Core', {}, world())).toBe(true);
    expect(printed).toEqual([
      `${sha256('b').slice(0, 12)}  expired  batch     made 2029-12-01, until 2030-01-02  chat embeddings`,
      `${sha256('a').slice(0, 12)}  valid    platform  made 2029-12-01, until 2030-03-01  chat`,
      `${sha256('c').slice(0, 12)}  revoked  zeta      made 2029-12-01, until 2030-03-01  chat`,
    ]);
  });

  test('prints the same as data', async () => {
    await listKeys('Core', { json: true }, world());
    expect(JSON.parse(printed.join('\n'))).toEqual([
      { id: sha256('b').slice(0, 12), owner: 'batch', scopes: ['chat', 'embeddings'], createdAt: '2029-12-01T00:00:00.000Z', validUntil: '2030-01-02T03:04:05.000Z', state: 'expired' },
      { id: sha256('a').slice(0, 12), owner: 'platform', scopes: ['chat'], createdAt: '2029-12-01T00:00:00.000Z', validUntil: '2030-03-01T00:00:00.000Z', state: 'valid' },
      {
        id: sha256('c').slice(0, 12), owner: 'zeta', scopes: ['chat'], createdAt: '2029-12-01T00:00:00.000Z', validUntil: '2030-03-01T00:00:00.000Z', state: 'revoked',
        revokedAt: '2030-01-01T00:00:00.000Z',
      },
    ]);
  });

  test.each([true, false])('shows no digest in full (json: %s)', async (json) => {
    await listKeys('Core', { json }, world());
    expect(printed.join('\n')).not.toContain(sha256('a').slice(0, 13));
  });

  test('says that there is none, and not where data is asked for', async () => {
    aws.stored.clear();
    await listKeys('Core', {}, world());
    await listKeys('Core', { json: true }, world());
    expect([printed, said]).toEqual([['[]'], ['There is no key.']]);
  });
});

describe('keys revoke', () => {
  const digest = sha256('a');
  beforeEach(() => aws.put(digest, 'platform'));

  test('withdraws a key by its first digits, remembers it for longer than it lives, and says who and how soon', async () => {
    expect(await withdraw(digest.slice(0, 6))).toBe(true);
    expect(aws.revocations).toEqual([{ table: 'gate-table', kind: 'key', value: digest, at: NOW, by: OPERATOR, until: new Date('2030-03-02T00:00:00Z') }]);
    expect(said).toEqual([`Revoked key ${digest.slice(0, 12)} of platform.`, 'Every gate refuses it within 5 seconds, and cuts streams that are open.']);
    expect(printed).toEqual([]);
  });

  test('can be repeated, and then writes the revocation again in case it was lost', async () => {
    await withdraw(digest.slice(0, 12));
    expect(await withdraw(digest.slice(0, 12))).toBe(true);
    expect(aws.revocations).toHaveLength(2);
    expect(said).toContain(`key ${digest.slice(0, 12)} of platform was revoked at 2030-01-02T03:04:05.000Z already, and stays so.`);
  });

  test('withdraws every key of an owner, and no other', async () => {
    aws.put(sha256('b'), 'platform');
    aws.put(sha256('c'), 'platform2');
    await withdraw(undefined, { owner: 'platform' });
    expect(aws.revocations.map(({ value }) => value).sort()).toEqual([digest, sha256('b')].sort());
    await expect(withdraw(undefined, { owner: 'Platform' })).rejects.toThrow('--owner "Platform" has no key');
  });

  test.each<[string, Partial<RevokeOptions>, object]>([
    ['a token', { tokenId: 'abc', issuer: 'https://login.acme.com/' }, { kind: 'jti', value: 'https://login.acme.com/ abc', until: new Date(NOW.getTime() + 90 * DAY_MS) }],
    ['everything of somebody', { subject: 'u1', issuer: 'https://login.acme.com/', for: '3650d' },
      { kind: 'sub', value: 'https://login.acme.com/ u1', until: new Date(NOW.getTime() + 3650 * DAY_MS) }],
  ])('withdraws %s by its issuer and id, for as long as is said', async (_, options, revocation) => {
    await withdraw(undefined, options);
    expect(aws.revocations).toEqual([{ table: 'gate-table', at: NOW, by: OPERATOR, ...revocation }]);
  });

  test('withdraws even where STS does not say who asks', async () => {
    aws.callerFailure = Object.assign(new Error('x'), { name: 'ExpiredTokenException' });
    await withdraw(digest);
    expect(aws.revocations).toMatchObject([{ by: expect.stringMatching(/^unknown: AWS does not accept/) as string }]);
  });

  test.each<[string, string | undefined, Partial<RevokeOptions>, RegExp]>([
    ['nothing is named', undefined, {}, /Say what to revoke/],
    ['two things are named', 'abcdef', { owner: 'platform' }, /one of them only/],
    ['a token has no issuer', undefined, { tokenId: 'abc' }, /--issuer is missing/],
    ['an issuer has no token', 'abcdef', { issuer: 'https://x' }, /--issuer is for tokens/],
    ['an id is too short', sha256('a').slice(0, 5), {}, /not the id of a key/],
    ['there is no such key', 'ffffffffffff', {}, /There is no key/],
    ['the period is none', undefined, { subject: 'u', issuer: 'https://x', for: '0d' }, /--for 0d/],
    ['an issuer holds a blank, at which two values would read alike', undefined, { subject: 'u', issuer: 'https://x y' }, /--issuer/],
  ])('changes nothing where %s', async (_, id, options, message) => {
    await expect(withdraw(id, options)).rejects.toThrow(message);
    expect(aws.revocations).toEqual([]);
  });

  test('repeats no key that is given in place of an id', async () => {
    await expect(withdraw(madeKey('mistaken'))).rejects.toThrow(expect.not.objectContaining({ message: expect.stringContaining(madeKey('mistaken').slice(4)) as string }) as Error);
  });

  test('does not choose between keys that begin alike', async () => {
    aws.put(`${digest.slice(0, 20)}${'0'.repeat(44)}`, 'other');
    await expect(withdraw(digest.slice(0, 12))).rejects.toThrow('stands for 2 keys');
    await withdraw(digest.slice(0, 24));
    expect(aws.revocations.map(({ value }) => value)).toEqual([digest]);
  });

  test('asks first, and changes nothing where nobody confirms', async () => {
    const asked: string[] = [];
    await expect(withdraw(digest, { yes: false })).rejects.toThrow('add --yes');
    await expect(withdraw(digest, { yes: false }, { ask: (question) => { asked.push(question); return Promise.resolve('core'); } })).rejects.toThrow('Nothing was changed');
    expect(asked).toEqual([`This will revoke key ${digest.slice(0, 12)} of platform in Core. Type its name to go on:`]);
    expect(aws.revocations).toEqual([]);
    expect(await withdraw(digest, { yes: false }, { ask: () => Promise.resolve('Core') })).toBe(true);
    expect(aws.revocations).toHaveLength(1);
  });
});

describe('keys import', () => {
  const one = madeKey('one');
  const two = `${madeKey('two')}:with:colons`;

  test('keeps the digests of what stands before the last colon', async () => {
    expect(await importMap([`${one}:alice`, `${two}:bob`])).toBe(true);
    expect(aws.added).toMatchObject([{ digest: sha256(one), owner: 'alice', scopes: ['chat'], createdBy: OPERATOR }, { digest: sha256(two), owner: 'bob' }]);
    expect(JSON.stringify([printed, said, aws.added])).not.toContain(one.slice(4, 20));
    expect(said.at(-1)).toBe('The map holds the keys in plain text: destroy keys.json, and every copy.');
  });

  test('can be repeated, and lets one user have two keys', async () => {
    const map = [`${one}:alice`, `${two}:alice`];
    await importMap(map);
    expect(await importMap(map)).toBe(true);
    expect(aws.added).toHaveLength(2);
    expect(said).toContain(`There already: key ${sha256(one).slice(0, 12)} of alice, valid until 2030-04-02T03:04:05.000Z.`);
  });

  test.each<[string, Parameters<FakeKeysAws['put']>[2], string, RegExp]>([
    ['revoked', { revokedAt: '2030-01-01T00:00:00.000Z' }, 'alice', /was revoked at 2030-01-01T00:00:00.000Z, and stays so/],
    ["somebody else's", {}, 'bob', /belongs to somebody else/],
    ['for other scopes', { scopes: ['embeddings'] }, 'alice', /with other scopes, and stays so: embeddings/],
    ['for more scopes', { scopes: ['chat', 'embeddings'] }, 'alice', /with other scopes/],
  ])('leaves a key as it is that is %s, goes on, and fails', async (_, there, owner, message) => {
    aws.put(sha256(one), owner, there);
    expect(await importMap([`${one}:alice`, `${two}:carol`])).toBe(false);
    expect(said.join('\n')).toMatch(message);
    expect(aws.added).toMatchObject([{ owner: 'carol' }]);
    expect(aws.stored.get(sha256(one))).toMatchObject({ owner, ...there });
  });

  test.each<[string, unknown, RegExp]>([
    ['no JSON', `["${one}:alice"`, /not valid JSON/],
    ['an object', { [one]: 'alice' }, /not a JSON array/],
    ['nothing', [], /empty/],
    ['an entry that is no text', [`${one}:alice`, 7], /entry 2 is not a text/],
    ['an entry without a colon', [one], /entry 1 is not a text of the form key:user/],
    ['an entry without a key', [':alice'], /entry 1 has no key/],
    ['an entry without a user', [`${one}:`], /entry 1 has no user/],
    ['a user with a line break', [`${one}:a\r\nb`], /entry 1 has a user that no header can carry/],
    ['a key twice', [`${one}:alice`, `${two}:bob`, `${one}:carol`], /entry 3 has the key of entry 1/],
    ['a short key', ['ctx_key1:alice'], /entry 1 has a key of fewer than 32 characters/],
    ['a key without the prefix', [`${one.slice(4)}:alice`], /entry 1 has a key that does not begin with ctx_/],
    ['a key of one letter', [`ctx_${'a'.repeat(40)}:alice`], /somebody thought up/],
    ['a repeated word', [`ctx_${'correct-horse-'.repeat(4)}:alice`], /somebody thought up/],
    ['a row of the alphabet', ['ctx_abcdefghijklmnopqrstuvwxyz0123456789:alice'], /somebody thought up/],
    ['a placeholder', ['ctx_your-very-own-strong-key-goes-right-here-2024:alice'], /somebody thought up/],
    ['a key with a blank', [`${one} x:alice`], /the gate does not take/],
    ['a key too long for a header', [`ctx_${Array.from({ length: 8 }, (_, at) => madeKey(String(at))).join('')}:alice`], /the gate does not take/],
  ])('takes nothing of a map with %s, and repeats nothing of it', async (_, map, message) => {
    await expect(importMap(map)).rejects.toThrow(message);
    await expect(importMap(map)).rejects.not.toThrow(/alice|carol|horse|strong/);
    await expect(importMap(map)).rejects.not.toThrow(one.slice(4, 12));
    expect([aws.added, said, printed]).toEqual([[], [], []]);
  });

  test('names every entry that is wrong at once', async () => {
    await expect(importMap([`${one}:`, `${two}:bob`, ':x'])).rejects.toThrow('Nothing was imported: entry 1 has no user; entry 3 has no key.');
  });

  test('takes no map for every scope', async () => {
    await expect(importMap([`${one}:alice`], { scope: [] })).rejects.toThrow('No scope is named');
    expect(aws.added).toEqual([]);
  });
});

describe('the hash by which audit records know a caller', () => {
  const AUDIT_KEY = 'an-audit-key-of-the-tests-that-is-long-enough';
  const hashOf = (...name: string[]): string => createHmac('sha256', AUDIT_KEY).update(JSON.stringify(name)).digest('hex').slice(0, 32);
  const identity = (name: string, options: IdentityOptions = {}): Promise<boolean> => showIdentity('Core', name, options, world());
  const [ALPHA, BETA, GAMMA] = ['a', 'b', 'c'].map((letter) => sha256(letter)) as [string, string, string];

  beforeEach(() => {
    aws.resources?.push(SERVICE);
    aws.tasks.set(SERVICE.physicalId, gateTask());
    aws.auditKeys.set(AUDIT_KEY_REFERENCE, AUDIT_KEY);
    aws.put(ALPHA, 'platform');
    aws.put(BETA, 'platform', { revokedAt: '2030-01-01T00:00:00.000Z' });
    aws.put(GAMMA, 'other');
  });

  test('is listed beside each key, and the key that makes it nowhere', async () => {
    await listKeys('Core', { audit: true, json: true }, world());
    expect(JSON.parse(printed.join('\n'))).toMatchObject([{ owner: 'other', identity: hashOf('other') },
      { owner: 'platform', identity: hashOf('platform') }, { owner: 'platform', identity: hashOf('platform') }]);
    printed = [];
    await listKeys('Core', { audit: true }, world());
    expect(printed.filter((line) => line.includes(`  ${hashOf('platform')}  `))).toHaveLength(2);
    expect(JSON.stringify([printed, said])).not.toContain(AUDIT_KEY);
  });

  test('is that of the name which the Core is told where callers come from several sources', async () => {
    const token = { issuer: 'https://login.acme.com/', claims: [{ name: 'aud', values: ['core'] }], algorithms: ['RS256'], clockSkewSeconds: 60, subjectClaim: 'sub', scopesClaim: 'scope' } as const;
    const keys = { source: 'mirror', uri: 'https://login.acme.com/jwks', ttlSeconds: 300, timeoutSeconds: 3, maxAttempts: 3, backoffSeconds: 0.2, maxBackoffSeconds: 2 } as const;
    aws.tasks.set(SERVICE.physicalId, gateTask({ ...deployedConfiguration({ identity: { accept: [['key'], ['token']], tokens: [{ ...token, keys }] } }), profile: 'remote' }));
    await listKeys('Core', { audit: true, json: true }, world());
    expect(JSON.parse(printed.join('\n'))).toMatchObject([{ identity: hashOf('key:other') }, { identity: hashOf('key:platform') }, { identity: hashOf('key:platform') }]);
  });

  test('is not asked for where nobody wants it: to read that key is a right of its own', async () => {
    aws.auditKeys.clear();
    await listKeys('Core', { json: true }, world());
    expect(printed.join()).not.toContain('identity');
    await expect(listKeys('Core', { audit: true }, world())).rejects.toThrow('not authorized');
  });

  test('is told of a name, and of a name with an end user', async () => {
    await identity('token:https://login.acme.com/#alice');
    await identity('alice', { endUser: 'bob' });
    expect(printed).toEqual([hashOf('token:https://login.acme.com/#alice'), hashOf('alice', 'bob')]);
    await expect(identity('')).rejects.toThrow('The name is empty');
  });

  test('is enough to revoke all keys of whoever has it, and of nobody else', async () => {
    expect(await withdraw(undefined, { identity: hashOf('platform') })).toBe(true);
    expect(aws.revocations.map(({ kind, value }) => [kind, value])).toEqual([['key', ALPHA], ['key', BETA]]);
    expect(said).toContain(`key ${BETA.slice(0, 12)} of platform was revoked at 2030-01-01T00:00:00.000Z already, and stays so.`);
  });

  test.each([
    ['of nobody', () => ({ identity: hashOf('stranger') }), /No key's owner is/], ['that is none', () => ({ identity: 'platform' }), /--identity "platform": give the 32/],
    ['beside an owner', () => ({ identity: hashOf('other'), owner: 'other' }), /one of them only/],
  ])('revokes nothing where it is %s', async (_, options, message) => {
    await expect(withdraw(undefined, options())).rejects.toThrow(message);
    expect(aws.revocations).toEqual([]);
  });

  test('is not made up where no gate decides by the table', async () => {
    aws.tasks.set(SERVICE.physicalId, gateTask(deployedConfiguration({ table: { name: 'another' } })));
    await expect(identity('alice')).rejects.toThrow('No gate of stack Core decides by the table gate-table');
  });
});

describe('the login of an administrator', () => {
  test('is withdrawn for as long as one may last, or for as long as is said', async () => {
    await withdraw(undefined, { admin: '8a1c2d3e', for: undefined });
    await withdraw(undefined, { admin: '8a1c2d3e', for: '1h' });
    expect(aws.revocations.map(({ kind, value, until }) => [kind, value, until.getTime() - NOW.getTime()])).toEqual([['admin', '8a1c2d3e', 8 * 60 * 60 * 1000], ['admin', '8a1c2d3e', 60 * 60 * 1000]]);
    expect(said).toContain('Revoked the login of administrator 8a1c2d3e.');
  });

  test.each([['', /--admin ""/], ['a b', /--admin "a b"/], ['x'.repeat(257), /--admin/]])('is not one that no load balancer would tell: %j', async (admin, message) => {
    await expect(withdraw(undefined, { admin })).rejects.toThrow(message);
    expect(aws.revocations).toEqual([]);
  });

  test('is no token: an issuer says nothing about it', async () => {
    await expect(withdraw(undefined, { admin: 'a', issuer: 'https://a' })).rejects.toThrow('--issuer is for tokens');
  });
});
