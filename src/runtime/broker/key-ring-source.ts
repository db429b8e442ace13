import { type KeyRing, RING_FIELDS } from '../../secrets/contract';
import { memberOf, parseJsonObject } from '../shared/json-object';
import type { KeyRings } from './keys';
import type { Clock, Keys } from './ports';
import type { ValueStore } from './stores/store';

/** 32 random bytes in base64url, as a ring's strategy writes them. */
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** A secret holds no ring. Nothing of what is there instead is repeated. */
export class NotARing extends Error {
  public constructor() {
    super('not a ring');
    this.name = 'NotARing';
  }
}

/** A ring as it was a moment ago. One that cannot be read anew is not believed any longer: nobody knows what was retired meanwhile. */
export class KeyRingSource {
  private known?: { readonly ring: KeyRing; readonly until: number };
  /** Under way: whoever asks meanwhile shares the answer. */
  private asked?: Promise<KeyRing>;

  /** @param cacheSeconds so much later a leaked key is taken no more */
  public constructor(private readonly store: ValueStore, private readonly place: string, private readonly clock: Clock, private readonly cacheSeconds: number) {}

  public async read(): Promise<KeyRing> {
    if (this.known !== undefined && this.clock() < this.known.until) return this.known.ring;
    this.asked ??= this.ask().finally(() => {
      this.asked = undefined;
    });
    return this.asked;
  }

  private async ask(): Promise<KeyRing> {
    // Counted from before: what was read may have changed while it was on its way.
    const until = this.clock() + this.cacheSeconds * 1000;
    const ring = ringIn(await this.store.read(this.place));
    this.known = { ring, until };
    return ring;
  }
}

/** The rings of a phase. */
export function keysOf({ shared, own }: { readonly shared?: KeyRingSource; readonly own?: KeyRingSource }): Keys {
  return {
    read: async (): Promise<KeyRings> => {
      const [sharedRing, ownRing] = await Promise.all([shared?.read(), own?.read()]);
      return { shared: sharedRing, own: ownRing };
    },
  };
}

function ringIn(value: string | undefined): KeyRing {
  const object = parseJsonObject(value ?? '');
  if (object === undefined || Object.keys(object).length !== RING_FIELDS.length) throw new NotARing();
  const field = (name: keyof KeyRing): string => {
    const text = memberOf(object, name);
    if (typeof text !== 'string' || !VALUE.test(text)) throw new NotARing();
    return text;
  };
  return { current: field('current'), previous: field('previous'), next: field('next') };
}
