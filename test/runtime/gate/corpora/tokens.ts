/** What is signed, before a case changes it; times in seconds since 1970. */
export interface TokenContext {
  readonly now: number;
  readonly issuer: string;
  readonly audience: string;
}

/** Who signs. `published…` are in the issuer's key set, `short` (RSA 1024) and `stranger` are not; `pem` is the published key's PEM as a shared secret; `nobody` leaves the signature empty. */
export type TokenSigner = 'published' | 'published-ec' | 'short' | 'stranger' | 'stranger-ec' | 'pem' | 'nobody';

/** A token of the corpus. It is RS256, of the published key, with good claims, but for what it says. */
export interface TokenCase {
  readonly name: string;
  /** Whether it lets somebody in. */
  readonly isGood?: true;
  /** What is in the log where it is refused. */
  readonly reason?: string;
  /** Merged into the header; undefined removes a member. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Merged into the claims; undefined removes one. */
  readonly claims?: (context: TokenContext) => Readonly<Record<string, unknown>>;
  readonly signer?: TokenSigner;
  /** Changes the text of the header or the claims before it is signed. */
  readonly rewriteHeader?: (json: string) => string;
  readonly rewriteClaims?: (json: string) => string;
  /** Changes the signed token. */
  readonly rewrite?: (token: string) => string;
  /** Judged rightly only where the clock stands still. */
  readonly isToTheSecond?: true;
}

const times = (members: (now: number) => Readonly<Record<string, unknown>>): Pick<TokenCase, 'claims'> => ({ claims: ({ now }) => members(now) });
const claims = (members: Readonly<Record<string, unknown>>): Pick<TokenCase, 'claims'> => ({ claims: () => members });
const addFirst = (member: string) => (json: string): string => json.replace('{', `{${member},`);
const segment = (index: number, change: (text: string) => string) => (token: string): string => token.split('.').map((text, at) => (at === index ? change(text) : text)).join('.');

/** Bits that a lenient decoder drops: another text for the same bytes. */
function otherSpelling(text: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + (letters[letters.indexOf(text.slice(-1)) + 1] ?? '_');
}

const GOOD: readonly TokenCase[] = ([
  { name: 'a plain one' },
  { name: 'one of ES256', header: { alg: 'ES256', kid: 'published-ec' }, signer: 'published-ec' },
  { name: 'one without typ', header: { typ: undefined } },
  { name: 'an access token by its typ', header: { typ: 'at+jwt' } },
  { name: 'the typ in full', header: { typ: 'application/at+jwt' } },
  { name: 'an audience among several', claims: ({ audience }) => ({ aud: ['other', audience] }) },
  { name: 'exp as a fraction', ...times((now) => ({ exp: now + 60.5 })) },
  { name: 'exp 59 seconds ago', ...times((now) => ({ exp: now - 59 })), isToTheSecond: true },
  { name: 'exp 59.9 seconds ago', ...times((now) => ({ exp: now - 59.9 })), isToTheSecond: true },
  { name: 'nbf in 60 seconds', ...times((now) => ({ nbf: now + 60 })), isToTheSecond: true },
  { name: 'iat in 60 seconds', ...times((now) => ({ iat: now + 60 })), isToTheSecond: true },
  { name: 'no nbf and no iat', ...claims({ nbf: undefined, iat: undefined }) },
  { name: 'a claim that looks like a member of every object', rewriteClaims: addFirst('"__proto__":{"sub":"root"}') },
  { name: 'a member that is inside twice, in two objects', ...claims({ a: { x: 1 }, b: { x: '"x":1' } }) },
  { name: 'a jti', ...claims({ jti: '6f1b9c1e' }) },
] satisfies readonly TokenCase[]).map((good: TokenCase) => ({ ...good, isGood: true }));

const ALGORITHMS: readonly TokenCase[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): TokenCase => ({ name: `alg ${JSON.stringify(alg)}, unsigned`, reason: 'token-malformed', header: { alg }, signer: 'nobody' })),
  { name: 'alg none with a signature', reason: 'token-algorithm', header: { alg: 'none' } },
  { name: 'no alg', reason: 'token-algorithm', header: { alg: undefined } },
  { name: 'alg as a list', reason: 'token-algorithm', header: { alg: ['RS256'] } },
  { name: 'alg null', reason: 'token-algorithm', header: { alg: null } },
  { name: 'alg in lower case', reason: 'token-algorithm', header: { alg: 'rs256' } },
  { name: 'alg with a blank', reason: 'token-algorithm', header: { alg: 'RS256 ' } },
  ...['HS256', 'HS384', 'HS512'].map((alg): TokenCase => ({ name: `${alg} with the public key as the secret`, reason: 'token-algorithm', header: { alg }, signer: 'pem' })),
  { name: 'RS512', reason: 'token-algorithm', header: { alg: 'RS512' } },
  { name: 'PS256', reason: 'token-algorithm', header: { alg: 'PS256' } },
  { name: 'EdDSA', reason: 'token-algorithm', header: { alg: 'EdDSA' } },
  { name: 'ES256 by an RSA key\'s name', reason: 'token-key-unknown', header: { alg: 'ES256' }, signer: 'published-ec' },
  { name: 'RS256 by an EC key\'s name', reason: 'token-key-unknown', header: { kid: 'published-ec' } },
];

const KEYS: readonly TokenCase[] = [
  { name: 'another key under the published name', reason: 'token-signature', signer: 'stranger' },
  { name: 'another EC key under the published name', reason: 'token-signature', header: { alg: 'ES256', kid: 'published-ec' }, signer: 'stranger-ec' },
  { name: 'a short RSA key', reason: 'token-key-unknown', header: { kid: 'short' }, signer: 'short' },
  { name: 'no kid where there are two keys', reason: 'token-key-unknown', header: { kid: undefined } },
  { name: 'an unknown kid', reason: 'token-key-unknown', header: { kid: 'stranger' }, signer: 'stranger' },
  ...['../../../../dev/null', 'published\' UNION SELECT 1 --', 'published;id', '__proto__', 'constructor', 'PUBLISHED', 'published '].map((kid): TokenCase => ({
    name: `kid ${kid}`, reason: 'token-key-unknown', header: { kid }, signer: 'stranger',
  })),
  { name: 'an empty kid', reason: 'token-header', header: { kid: '' } },
  { name: 'kid as a list', reason: 'token-header', header: { kid: ['published'] } },
  { name: 'kid with a null', reason: 'token-header', header: { kid: 'published\u0000' } },
  { name: 'an endless kid', reason: 'token-header', header: { kid: 'k'.repeat(257) } },
  { name: 'its own key in the header', reason: 'token-header', header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, signer: 'stranger' },
  { name: 'its own key set', reason: 'token-header', header: { jku: 'https://evil.example/jwks.json' }, signer: 'stranger' },
  { name: 'its own certificate', reason: 'token-header', header: { x5c: ['MIIB'] }, signer: 'stranger' },
  { name: 'a place of its own certificate', reason: 'token-header', header: { x5u: 'https://evil.example/cert.pem' }, signer: 'stranger' },
];

const HEADERS: readonly TokenCase[] = [
  { name: 'a critical extension', reason: 'token-header', header: { crit: ['exp'], exp: 0 } },
  { name: 'an empty crit', reason: 'token-header', header: { crit: [] } },
  { name: 'an unencoded payload', reason: 'token-header', header: { b64: false } },
  { name: 'a compressed payload', reason: 'token-header', header: { zip: 'DEF' } },
  ...['logout+jwt', 'dpop+jwt', 'JWT ', '', 'jwe'].map((typ): TokenCase => ({ name: `typ ${JSON.stringify(typ)}`, reason: 'token-type', header: { typ } })),
  { name: 'typ as a number', reason: 'token-type', header: { typ: 1 } },
  { name: 'alg twice', reason: 'token-malformed', rewriteHeader: addFirst('"alg":"none"') },
  { name: 'alg twice, once escaped', reason: 'token-malformed', rewriteHeader: addFirst('"\\u0061lg":"none"') },
  { name: 'a header that is a list', reason: 'token-malformed', rewriteHeader: (json) => `[${json}]` },
];

const CLAIMS: readonly TokenCase[] = [
  { name: 'iss with a slash at the end', reason: 'token-issuer', claims: ({ issuer }) => ({ iss: `${issuer}/` }) },
  { name: 'iss in capitals', reason: 'token-issuer', claims: ({ issuer }) => ({ iss: issuer.toUpperCase() }) },
  { name: 'iss that begins so', reason: 'token-issuer', claims: ({ issuer }) => ({ iss: `${issuer}.evil.example` }) },
  { name: 'iss as a list', reason: 'token-issuer', claims: ({ issuer }) => ({ iss: [issuer] }) },
  { name: 'another issuer', reason: 'token-issuer', ...claims({ iss: 'https://evil.example' }) },
  { name: 'no iss', reason: 'token-issuer', ...claims({ iss: undefined }) },
  { name: 'a sister\'s audience', reason: 'token-claims', ...claims({ aud: 'sister' }) },
  { name: 'a list of others\' audiences', reason: 'token-claims', ...claims({ aud: ['sister', 'other'] }) },
  { name: 'an empty list of audiences', reason: 'token-claims', ...claims({ aud: [] }) },
  { name: 'no audience', reason: 'token-claims', ...claims({ aud: undefined }) },
  { name: 'an audience that begins so', reason: 'token-claims', claims: ({ audience }) => ({ aud: `${audience}-2` }) },
  { name: 'audiences in one text', reason: 'token-claims', claims: ({ audience }) => ({ aud: `${audience} other` }) },
  { name: 'an audience in an object', reason: 'token-claims', claims: ({ audience }) => ({ aud: { [audience]: true } }) },
  { name: 'an audience beside a number', reason: 'token-claims', claims: ({ audience }) => ({ aud: [audience, 7] }) },
  { name: 'no sub', reason: 'token-subject', ...claims({ sub: undefined }) },
  ...['', ' ', ' alice', 'alice ', 'al\u0000ice', 'al\r\nx-admin: 1', 'älice', '\u202ealice', 'a'.repeat(256)].map((sub): TokenCase => ({
    name: `sub ${JSON.stringify(sub).slice(0, 30)}`, reason: 'token-subject', ...claims({ sub }),
  })),
  ...[7, null, true, ['alice'], { name: 'alice' }].map((sub): TokenCase => ({ name: `sub ${JSON.stringify(sub)}`, reason: 'token-subject', ...claims({ sub }) })),
  { name: 'jti as a number', reason: 'token-subject', ...claims({ jti: 7 }) },
  { name: 'sub twice', reason: 'token-malformed', rewriteClaims: addFirst('"sub":"root"') },
  { name: 'exp twice', reason: 'token-malformed', rewriteClaims: addFirst('"exp":9999999999') },
  { name: 'a member twice, deep inside', reason: 'token-malformed', rewriteClaims: addFirst('"act":{"sub":"a","sub":"b"}') },
];

const TIMES: readonly TokenCase[] = [
  { name: 'exp 60 seconds ago', reason: 'token-expired', ...times((now) => ({ exp: now - 60 })) },
  { name: 'exp 61 seconds ago', reason: 'token-expired', ...times((now) => ({ exp: now - 61 })) },
  { name: 'exp long ago', reason: 'token-expired', ...times((now) => ({ exp: now - 86_400 })) },
  { name: 'exp before 1970', reason: 'token-expired', ...claims({ exp: -1 }) },
  { name: 'exp 0', reason: 'token-expired', ...claims({ exp: 0 }) },
  { name: 'no exp', reason: 'token-times', ...claims({ exp: undefined }) },
  { name: 'exp as text', reason: 'token-times', ...times((now) => ({ exp: String(now + 300) })) },
  { name: 'exp null', reason: 'token-times', ...claims({ exp: null }) },
  { name: 'exp in a list', reason: 'token-times', ...times((now) => ({ exp: [now + 300] })) },
  { name: 'exp beyond all numbers', reason: 'token-times', rewriteClaims: (json) => json.replace(/"exp":\d+/, '"exp":1e999') },
  { name: 'nbf in 61 seconds', reason: 'token-not-yet', ...times((now) => ({ nbf: now + 61 })), isToTheSecond: true },
  { name: 'nbf tomorrow', reason: 'token-not-yet', ...times((now) => ({ nbf: now + 86_400, exp: now + 90_000 })) },
  { name: 'nbf as text', reason: 'token-times', ...claims({ nbf: '0' }) },
  { name: 'iat tomorrow', reason: 'token-not-yet', ...times((now) => ({ iat: now + 86_400, exp: now + 90_000 })) },
  { name: 'iat as text', reason: 'token-times', ...claims({ iat: 'now' }) },
];

const SCOPES: readonly TokenCase[] = [
  ...['chat,embeddings', 'chat, embeddings', 'chat  embeddings', ' chat', 'chat ', '', '*', 'chat *', 'chat:*', 'chat\tembeddings', '"chat"', 'chät'].map((scope): TokenCase => ({
    name: `scope ${JSON.stringify(scope)}`, reason: 'token-scopes', ...claims({ scope }),
  })),
  { name: 'scope as a list', reason: 'token-scopes', ...claims({ scope: ['chat'] }) },
  { name: 'scope null', reason: 'token-scopes', ...claims({ scope: null }) },
  { name: 'scope as an object', reason: 'token-scopes', ...claims({ scope: { chat: true } }) },
];

const SHAPES: readonly TokenCase[] = [
  { name: 'without its signature', reason: 'token-malformed', rewrite: (token) => token.split('.').slice(0, 2).join('.') },
  { name: 'with an empty signature', reason: 'token-malformed', rewrite: segment(2, () => '') },
  { name: 'cut short', reason: 'token-signature', rewrite: segment(2, (text) => text.slice(0, -2)) },
  { name: 'with a fourth segment', reason: 'token-malformed', rewrite: (token) => `${token}.e30` },
  { name: 'with five segments, as if it were encrypted', reason: 'token-malformed', rewrite: (token) => `${token}.e30.e30` },
  { name: 'with a dot at the end', reason: 'token-malformed', rewrite: (token) => `${token}.` },
  { name: 'with a dot in front', reason: 'token-malformed', rewrite: (token) => `.${token}` },
  { name: 'with padding', reason: 'token-malformed', rewrite: (token) => `${token}==` },
  { name: 'with another spelling of its signature', reason: 'token-malformed', rewrite: segment(2, otherSpelling) },
  { name: 'in base64 with plus and slash', reason: 'token-malformed', rewrite: segment(2, (text) => `+/${text.slice(2)}`) },
  { name: 'with a changed payload', reason: 'token-signature', rewrite: segment(1, (text) => Buffer.from(Buffer.from(text, 'base64url').toString().replace('alice', 'admin')).toString('base64url')) },
  { name: 'longer than 8 KiB', reason: 'token-malformed', ...claims({ filler: 'x'.repeat(8192) }) },
  { name: 'claims that are not JSON', reason: 'token-malformed', rewriteClaims: (json) => json.slice(0, -1) },
  { name: 'claims that are a text', reason: 'token-malformed', rewriteClaims: (json) => JSON.stringify(json) },
  { name: 'claims with something behind them', reason: 'token-malformed', rewriteClaims: (json) => `${json}{}` },
  { name: 'claims with a byte order mark', reason: 'token-malformed', rewriteClaims: (json) => `\ufeff${json}` },
  { name: 'an API key', reason: 'token-malformed', rewrite: () => 'ctx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
];

/** Every token that somebody might try, good ones among them, for a skew of 60 seconds and the algorithms RS256 and ES256. */
export const TOKENS: readonly TokenCase[] = [...GOOD, ...ALGORITHMS, ...KEYS, ...HEADERS, ...CLAIMS, ...TIMES, ...SCOPES, ...SHAPES];
