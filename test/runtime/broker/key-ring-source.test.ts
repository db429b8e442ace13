import { KeyRingSource, keysOf, NotARing } from '../../../src/runtime/broker/key-ring-source';

const value = (letter: string): string => letter.repeat(43);
const ring = (letter: string): string => JSON.stringify({ current: value(letter), previous: value('p'), next: value('n') });

class Asked {
  public readonly places: string[] = [];
  public at = 0;
  public readonly source: KeyRingSource;

  public constructor(private readonly answer: () => Promise<string | undefined>) {
    const read = (place: string): Promise<string | undefined> => {
      this.places.push(place);
      return this.answer();
    };
    this.source = new KeyRingSource({ read }, 'ring', () => this.at, 10);
  }
}
const source = (answer: () => Promise<string | undefined>): Asked => new Asked(answer);

test('a ring is believed for ten seconds, and no longer', async () => {
  let letter = 'a';
  const made = source(() => Promise.resolve(ring(letter)));
  expect((await made.source.read()).current).toBe(value('a'));
  letter = 'b';
  made.at = 9999;
  expect((await made.source.read()).current).toBe(value('a'));
  made.at = 10_000;
  expect((await made.source.read()).current).toBe(value('b'));
  expect(made.places).toEqual(['ring', 'ring']);
});

test('who asks at the same time shares one answer', async () => {
  const made = source(() => Promise.resolve(ring('a')));
  await Promise.all([made.source.read(), made.source.read(), made.source.read()]);
  expect(made.places).toHaveLength(1);
});

test('one that cannot be read anew is not believed any longer, until it can', async () => {
  let isDown = false;
  const made = source(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(ring('a'))));
  await made.source.read();
  [isDown, made.at] = [true, 10_000];
  await expect(made.source.read()).rejects.toThrow('down');
  isDown = false;
  expect((await made.source.read()).current).toBe(value('a'));
});

test.each([undefined, '', 'canary', '[]', '{}', JSON.stringify({ seed: '0'.repeat(64) }), JSON.stringify({ current: value('a'), previous: value('a') }), ring('a').replace('}', ',"more":"canary"}'),
  JSON.stringify({ current: value('a'), previous: value('a'), next: 'canary' }), JSON.stringify({ current: value('a'), previous: value('a'), next: 1 })])('%j is no ring', async (text) => {
  const error: unknown = await source(() => Promise.resolve(text)).source.read().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NotARing);
  expect(String(error)).not.toContain('canary');
});

test('a phase has the rings that it has', async () => {
  const made = source(() => Promise.resolve(ring('a')));
  expect(await keysOf({ own: made.source }).read()).toEqual({ shared: undefined, own: { current: value('a'), previous: value('p'), next: value('n') } });
  expect(await keysOf({}).read()).toEqual({});
});
