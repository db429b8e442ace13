import { RotationError } from '../../../src/runtime/rotation/ports';
import { ringStrategy } from '../../../src/runtime/rotation/ring';
import type { KeyRing, RingFormat } from '../../../src/secrets/contract';
import { FIRST_RING, hex, ringText } from '../../support/rotations';

const ring = ringStrategy('hex');
const parsed = (text: string | undefined): KeyRing => JSON.parse(text ?? '') as KeyRing;

async function failure(work: Promise<unknown>): Promise<RotationError> {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof RotationError)) throw new Error(`It did not fail as it should: ${String(error)}`);
  return error;
}

describe.each<[RingFormat, RegExp]>([['hex', /^[0-9a-f]{64}$/], ['base64url', /^[A-Za-z0-9_-]{43}$/]])('a ring of %s', (format, pattern) => {
  const strategy = ringStrategy(format);
  const first = async (): Promise<string> => await strategy.ensure(JSON.stringify({ seed: '0123456789abcdef'.repeat(4) })) ?? '';

  test('is made of the seed of a template, with the same 32 bytes', async () => {
    const { current, previous, next } = parsed(await first());
    expect(Buffer.from(current, format).toString('hex')).toBe('0123456789abcdef'.repeat(4));
    expect(previous).toBe(current);
    expect(next).toMatch(pattern);
    expect(next).not.toBe(current);
  });

  test('moves on by one, with a new value at its end', async () => {
    const before = parsed(await first());
    const after = parsed(await strategy.create(JSON.stringify(before)));
    expect(after).toMatchObject({ previous: before.current, current: before.next });
    expect(after.next).toMatch(pattern);
    expect(Buffer.from(after.next, format)).toHaveLength(32);
  });

  test('never has the same new value twice', async () => {
    const before = await first();
    const made = await Promise.all(Array.from({ length: 50 }, async () => parsed(await strategy.create(before)).next));
    expect(new Set(made).size).toBe(50);
  });

  test('is taken for good in the format that it was made in, and in no other', async () => {
    const made = await first();
    expect(await strategy.ensure(made)).toBeUndefined();
    expect((await failure(ringStrategy(format === 'hex' ? 'base64url' : 'hex').ensure(made))).code).toBe('NOT_A_RING');
  });
});

describe('what is no ring', () => {
  const [a, b, c] = [hex('a'), hex('b'), hex('c')];
  test.each<[string, string, RegExp]>([
    ['no JSON', `canary ${a}`, /it is no JSON object/],
    ['a list', JSON.stringify([a, b, c]), /it is no JSON object/],
    ['a text', JSON.stringify(a), /it is no JSON object/],
    ['a field that is missing', JSON.stringify({ current: a, previous: b }), /"next" is not/],
    ['a field too many', JSON.stringify({ current: a, previous: b, next: c, canary: a }), /it holds more/],
    ['a field twice', `{"current":"${a}","current":"${b}","previous":"${b}","next":"${c}"}`, /it is no JSON object/],
    ['a value that is too short', ringText(a.slice(1), b, c), /"current" is not/],
    ['a value that is too long', ringText(a, `${b}b`, c), /"previous" is not/],
    ['a value in capitals', ringText(a, b, hex('C')), /"next" is not/],
    ['a value with a line break', ringText(a, b, `${c}\n`), /"next" is not/],
    ['a number', JSON.stringify({ current: a, previous: b, next: 1 }), /"next" is not/],
    ['a seed that is none', JSON.stringify({ seed: 'canary' }), /"current" is not/],
    ['a seed with more', JSON.stringify({ seed: a, next: b }), /"current" is not/],
  ])('such as %s is refused by everything, without a word of it', async (_case, text, message) => {
    const sets = [{ current: text, pending: FIRST_RING }, { current: FIRST_RING, pending: text }].map((values) => () => ring.set(values));
    for (const work of [...sets, () => ring.create(text), () => ring.test(text), () => ring.retire({ current: text, previous: FIRST_RING }), () => ring.ensure(text)]) {
      const error = await failure(work());
      expect(error.code).toBe('NOT_A_RING');
      expect(error.message).toMatch(message);
      expect(error.message).not.toMatch(/canary|aaaa|bbbb|cccc/i);
    }
  });

  test('is a seed to everybody but a deployment', async () => {
    const seed = JSON.stringify({ seed: a });
    expect((await failure(ring.create(seed))).message).toContain('Deploy again if it is new');
    expect((await failure(ring.test(seed))).code).toBe('NOT_A_RING');
  });
});

describe('a pending ring', () => {
  const [a, b, c, d] = [hex('a'), hex('b'), hex('c'), hex('d')];
  const current = ringText(b, a, c);

  test('continues the current one', async () => {
    await expect(ring.set({ current, pending: ringText(c, b, d) })).resolves.toBeUndefined();
  });

  test.each<[string, string]>([
    ['another value than the next one', ringText(d, b, hex('e'))],
    ['another value before it than the current one', ringText(c, a, d)],
    ['the current ring', current],
  ])('that has %s is refused, because somebody would be locked out', async (_case, pending) => {
    expect((await failure(ring.set({ current, pending }))).code).toBe('NOT_A_SUCCESSOR');
  });

  test('that is sent already is refused, even where the current ring says that it comes next', async () => {
    expect((await failure(ring.set({ current: ringText(b, a, b), pending: ringText(b, b, d) }))).code).toBe('NOT_A_SUCCESSOR');
  });

  test('is good where it is a settled one, which is tested when a schedule is made', async () => {
    await expect(ring.test(ringText(c, c, d))).resolves.toBeUndefined();
  });

  test.each([ringText(c, b, b), ringText(c, b, c)])('whose next value is in use already is refused', async (pending) => {
    expect((await failure(ring.test(pending))).code).toBe('NOT_NEW');
  });

  test('of three values is good', async () => {
    await expect(ring.test(ringText(c, b, d))).resolves.toBeUndefined();
  });
});

describe('retiring a ring', () => {
  const [a, b, c] = [hex('a'), hex('b'), hex('c')];

  test('leaves the old value out, and touches neither what is sent nor what will be', async () => {
    const { outcome, current } = await ring.retire({ current: ringText(b, a, c), previous: FIRST_RING });
    expect(outcome).toBe('replaced');
    expect(parsed(current)).toEqual({ current: b, previous: b, next: c });
  });

  test('is over where the old value is out of it, even if the version before is a mere seed', async () => {
    expect(await ring.retire({ current: ringText(b, b, c), previous: JSON.stringify({ seed: b }) })).toEqual({ outcome: 'retired' });
  });
});
