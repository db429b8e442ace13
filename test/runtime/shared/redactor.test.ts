import * as fc from 'fast-check';
import { createRedactor, REDACTED } from '../../../src/runtime/shared/redactor';
import { alnum, hex, NAMED, ORDINARY, type Sample, SHAPED, url64 } from '../../support/credential-shapes';

const RUNS = 20;
const redactor = createRedactor();

/** Places in which a credential of a known shape turns up. */
const PLACES: Readonly<Record<string, (secret: string) => string>> = {
  'alone': (secret) => secret,
  'in a sentence': (secret) => `refused ${secret}, asked again`,
  'in JSON': (secret) => JSON.stringify({ a: secret, b: 1 }),
  'in JSON in JSON, behind a line break': (secret) => JSON.stringify({ a: JSON.stringify({ b: `\n${secret}` }) }),
  'in a path': (secret) => `GET /v1/${secret}/models HTTP/1.1`,
  'in a query of another name': (secret) => `GET /?q=${secret}&x=1`,
  'behind an escaped sign': (secret) => `GET /?next=a%3D${secret}%26b`,
  'in brackets': (secret) => `(${secret}) [${secret}] <${secret}>`,
  'in a header of another name': (secret) => `x-request-id: ${secret}`,
  'as a name': (secret) => JSON.stringify({ [secret]: 'bob' }),
};

/** What is left of a secret, in pieces long enough to be of use to somebody. */
function leaks(output: string, { secrets }: Sample): boolean {
  return secrets.some((secret) => output.includes(secret) || (secret.length >= 24 && output.includes(secret.slice(-20))));
}

describe('credentials', () => {
  const everywhere = Object.entries(SHAPED).flatMap(([kind, make]) => Object.entries(PLACES).map(([place, put]) => [kind, place, make, put] as const));
  test.each(everywhere)('of the shape %s are not seen %s', (_kind, _place, make, put) => {
    for (let run = 0; run < RUNS; run += 1) {
      const secret = make();
      const output = redactor.text(put(secret));
      // What a prefix tells is no secret, and shows what was there.
      expect(leaks(output, { text: '', secrets: [secret] })).toBe(false);
      expect(output).toContain(REDACTED);
    }
  });

  test.each(Object.entries(NAMED))('are not seen: %s', (_, make) => {
    for (let run = 0; run < RUNS; run += 1) {
      const sample = make();
      const output = redactor.text(sample.text);
      expect([leaks(output, sample), output.includes(REDACTED)]).toEqual([false, true]);
      // The same line as a value in a structure, and on the second pass.
      expect(leaks(JSON.stringify(redactor.value({ line: [sample.text] })), sample)).toBe(false);
      expect(redactor.text(output)).toBe(output);
    }
  });

  test('that have no name and no shape are found if they are AWS secret keys, but for one in a hundred', () => {
    const missed = Array.from({ length: 2_000 }, () => alnum(40)).filter((secret) => redactor.text(`got ${secret} here`).includes(secret));
    expect(missed.length).toBeLessThan(20);
  });

  test('leave what stands around them', () => {
    expect(redactor.text(`{"user":"bob","password":"${alnum(12)}","page":2}`)).toBe('{"user":"bob","password":"[REDACTED]","page":2}');
    expect(redactor.text(`GET /v1?api_key=${alnum(12)}&page=2 HTTP/1.1`)).toBe('GET /v1?api_key=[REDACTED]&page=2 HTTP/1.1');
    expect(redactor.text(`postgres://bob:${alnum(12)}@db:5432/core`)).toBe('postgres://[REDACTED]@db:5432/core');
    expect(redactor.text(`a\nCookie: a=${alnum(12)}; b=2\nHost: x`)).toBe('a\nCookie: [REDACTED]\nHost: x');
  });

  test('cannot hide behind the mark of a redaction', () => {
    const secret = alnum(12);
    expect(redactor.text(`password=[REDACTED]${secret}`)).not.toContain(secret);
  });
});

describe('ordinary lines', () => {
  test('stay as they are', () => {
    const lines = Object.entries(ORDINARY).flatMap(([kind, make]) => Array.from({ length: RUNS }, () => ({ kind, line: make() })));
    const changed = lines.filter(({ line }) => redactor.text(line) !== line);
    const kinds = [...new Set(changed.map(({ kind }) => kind))];
    const share = ((100 * changed.length) / lines.length).toFixed(2);
    process.stdout.write(`Redacted without need: ${changed.length} of ${lines.length} ordinary lines (${share} %)${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}\n`);
    expect(changed.length / lines.length).toBeLessThanOrEqual(0.005);
  });
});

describe('values', () => {
  const secret = `plain ${alnum(12)}`;

  test.each<[string, unknown, unknown]>([
    ['a name', { password: secret, user: 'bob' }, { password: REDACTED, user: 'bob' }],
    ['a name deep down', { a: [{ b: { dbPassword: secret } }] }, { a: [{ b: { dbPassword: REDACTED } }] }],
    ['a number', { pin: 1, otp: 123456 }, { pin: 1, otp: REDACTED }],
    ['a list', { api_keys: [secret, secret] }, { api_keys: REDACTED }],
    ['an object', { credentials: { value: secret } }, { credentials: REDACTED }],
    ["Node's raw headers", ['Host', 'x', 'X-Api-Key', secret, 'Cookie', 'a=b'], ['Host', 'x', 'X-Api-Key', REDACTED, 'Cookie', REDACTED]],
    ['pairs', [['authorization', secret]], [['authorization', REDACTED]]],
    ['named pairs', [{ name: 'X-API-Key', value: secret }, { Key: 'team', Value: 'core' }], [{ name: 'X-API-Key', value: REDACTED }, { Key: 'team', Value: 'core' }]],
    ['a map', new Map([['token', secret], ['a', 'b']]), { token: REDACTED, a: 'b' }],
    ['what models count', { total_tokens: 5, tokens: { prompt: 3 }, max_tokens: '12' }, { total_tokens: 5, tokens: { prompt: 3 }, max_tokens: '12' }],
    ['tokens in a list', { tokens: [secret, 5] }, { tokens: [REDACTED, 5] }],
    ['what says nothing', { password: null, token: false, secret: '' }, { password: null, token: false, secret: '' }],
    ['bytes', { body: Buffer.from(secret) }, { body: '[BINARY]' }],
    ['what JSON cannot say', { a: undefined, b: () => 1, c: 1n, d: Number.NaN, e: new Date(0), f: new Set([1]) }, { c: '1', d: null, e: '1970-01-01T00:00:00.000Z', f: [1] }],
    ['an address', new URL(`https://bob:${alnum(12)}@core.acme.com/x`), 'https://[REDACTED]@core.acme.com/x'],
  ])('are judged by %s', (_, value, redacted) => {
    expect(redactor.value(value)).toEqual(redacted);
  });

  test('are judged in errors and their causes', () => {
    const key = SHAPED['our key']?.() ?? '';
    const error = Object.assign(new Error(`refused ${key}`, { cause: new Error(`Bearer ${url64(43)}`) }), { config: { headers: { authorization: secret } } });
    const output = JSON.stringify(redactor.value(error));
    expect(output).toContain('"message":"refused [REDACTED]"');
    expect(output).not.toMatch(new RegExp(`${key}|${secret}|Bearer [^[]`));
  });

  test('end where they come back to themselves, are too deep, too many, or cannot be read', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(redactor.value(circle)).toEqual({ a: 1, self: '[CIRCULAR]' });
    const shared = { a: 1 };
    expect(redactor.value([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
    let deep: unknown = secret;
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(JSON.stringify(redactor.value(deep))).toContain('[TOO DEEP]');
    expect(JSON.stringify(redactor.value(Array.from({ length: 100_000 }, () => 1))).length).toBeLessThan(30_000);
    let doubled: unknown = 1;
    for (let level = 0; level < 15; level += 1) doubled = [doubled, doubled];
    expect(JSON.stringify(redactor.value(doubled))).toContain('[TOO MANY]');
    expect(redactor.value({ get password(): string { throw new Error(secret); } })).toBe('[UNREADABLE]');
  });

  test('leave the original alone', () => {
    const original = { password: secret };
    redactor.value(original);
    expect(original).toEqual({ password: secret });
  });
});

describe('a redactor', () => {
  test('knows keys of another prefix', () => {
    const key = `acme_${url64(43)}`;
    expect(redactor.text(`got ${key}`)).toContain(key);
    expect(createRedactor({ keyPrefix: 'acme_' }).text(`got ${key}`)).toBe('got [REDACTED]');
  });

  test('knows the secrets that it was told, however they are written', () => {
    const secret = `a "b" ${alnum(10)} /ü`;
    const told = createRedactor({ secrets: [secret, 'short'] });
    const text = (line: string): string => told.text(line);
    expect(text(`x ${secret} short`)).toBe('x [REDACTED] short');
    expect(text(`x ${encodeURIComponent(secret)} y`)).toBe('x [REDACTED] y');
    expect(text(JSON.stringify({ a: secret }))).toBe('{"a":"[REDACTED]"}');
  });

  test('cuts a text that is too long, and no secret in half', () => {
    const key = SHAPED['our key']?.() ?? '';
    for (const before of [262_144 - 20, 262_144 - 8]) {
      const output = redactor.text(`${'a '.repeat(before / 2)}${key} tail`);
      expect(output).not.toContain('ctx_');
      expect(output.endsWith('[CUT]')).toBe(true);
    }
    expect(redactor.text('x'.repeat(300_000))).toBe('[CUT]');
  });

  test('never throws, and leaves a known secret nowhere', () => {
    const secret = alnum(24);
    const told = createRedactor({ secrets: [secret] });
    const pieces = fc.constantFrom(
      'password', '=', ':', ' ', '"', "'", '\\', '\n', '{', '}', '[', ']', ',', ';', '&', REDACTED,
      'authorization', 'Bearer ', 'Cookie', 'ctx_', 'eyJ', '.', '@', '://', 'a', '%3D', '<', '>', hex(40), secret,
    );
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''))), (text) => {
      expect(told.text(text)).not.toContain(secret);
    }), { numRuns: 2_000 });
  });

  test('copies anything to what JSON can say', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true }), (value) => {
      expect(() => JSON.stringify(redactor.value(value))).not.toThrow();
    }));
  });
});

describe('the time it takes', () => {
  /** What patterns that backtrack choke on: repetitions of what begins a match and never ends one. */
  const REPEATED = [
    'a', '=', ':', '"', '\\', ' ', 'password', 'password=', '"password":"', '\\"token\\":\\"', 'Cookie: ', 'eyJ', 'eyJaaaaaaaa.',
    'sk-', 'ctx_', '://', '://a:', '://a:b@', 'a@', 'a.', 'a@a.',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ', 'Bearer ', 'AKIA', '{', '[', '"a":{', 'password={', 'secret=[', '<a>',
    '<password>', 'A/', '--token ', 'username a ', '%3D', 'tokens=["', 'hooks.slack.com/', '$2b$', 'LS0tLS1CRUdJTi', '\t', 'key 7 ', 'a-', 'x_',
  ];
  /** Of the processor, in microseconds: the clock on the wall also counts what others do on this machine. */
  const time = (text: string): number => {
    const before = process.cpuUsage();
    redactor.text(text);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const fastest = (text: string): number => Math.min(...Array.from({ length: 5 }, () => time(text)));

  test.each(REPEATED)('grows as the text does: %j', (piece) => {
    const short = piece.repeat(16_000 / piece.length);
    // With a quadratic step, 16 times the text takes 256 times as long; what is measured is a ratio, with room for what the engine does besides.
    const long = piece.repeat((16 * 16_000) / piece.length);
    fastest(short);
    expect(fastest(long) / Math.max(fastest(short), 50)).toBeLessThan(100);
  });
});
