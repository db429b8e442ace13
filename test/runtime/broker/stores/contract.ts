import type { ValueStore } from '../../../../src/runtime/broker/stores/store';

/** What a test of a store has to bring. */
export interface StoreUnderTest {
  readonly store: () => ValueStore;
  /** The same store, of which nobody is there. */
  readonly gone: () => ValueStore;
  /** Keeps a value, and says where. */
  readonly keep: (value: string) => Promise<string>;
  readonly change: (place: string, value: string) => Promise<void>;
  /** Keeps something there that is no secret text, and says where. */
  readonly keepOther: () => Promise<string>;
  /** Where nothing is. */
  readonly nowhere: string;
}

/** What the broker relies on of every store; Vault's adapter, once somebody writes it, is held to the same. */
export function itIsAValueStore({ store, gone, keep, change, keepOther, nowhere }: StoreUnderTest): void {
  test.each(['{"username":"operator","password":"p"}', 'ä€𝄞 "quoted" \\ and\nlines', ' blanks ', 'x'.repeat(4000)])('gives back what is kept, unchanged: %j', async (value) => {
    expect(await store().read(await keep(value))).toBe(value);
  });

  test('remembers nothing: a new value holds at once', async () => {
    const place = await keep('before');
    const one = store();
    expect(await one.read(place)).toBe('before');
    await change(place, 'after');
    expect(await one.read(place)).toBe('after');
  });

  test('tells each place from every other one', async () => {
    const places = await Promise.all(['a', 'b', 'c'].map((value) => keep(value)));
    expect(await Promise.all(places.map((place) => store().read(place)))).toEqual(['a', 'b', 'c']);
  });

  test('has nothing where no text is kept as a secret', async () => {
    expect(await store().read(await keepOther())).toBeUndefined();
  });

  test('throws where there is no such place, and where nobody answers', async () => {
    await expect(store().read(nowhere)).rejects.toThrow();
    await expect(gone().read(nowhere)).rejects.toThrow();
  });
}
