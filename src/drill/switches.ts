import { EVERYBODY } from '../lockdown/contract';
import type { RunningEdge } from './edge/envoy/edge';
import { sameSet } from './edge/envoy/live';
import type { EdgeModel, ListenerModel, LiveSet, Place } from './edge/model';
import { liveSetsOf } from './requests/web-acl';

/** The lock-down switches of some templates. */
export interface Switches {
  /** Throws those that a listener's web ACL asks, together, or takes it back. */
  set(listener: Pick<ListenerModel, 'webAcl'>, isLocked: boolean): Promise<void>;
}

/** Who keeps the addresses of live sets, as WAF does at AWS. */
export interface AddressKeeper {
  /** Does what an operator would, to the switch of that resource. */
  set(lock: Place, isLocked: boolean): Promise<void>;
  /** What a set holds. */
  addresses(set: LiveSet): Promise<readonly string[]>;
}

const WAF_FAMILIES = { v4: 'IPV4', v6: 'IPV6' } as const;

/** Holds what the switch puts into the sets, and nothing else: for edges that have no emulated AWS beside them. */
export function keeperInMemory(): AddressKeeper {
  const locked = new Set<string>();
  const key = ({ stack, logicalId }: Place): string => `${stack}/${logicalId}`;
  return {
    set: (lock, isLocked) => {
      if (isLocked) locked.add(key(lock));
      else locked.delete(key(lock));
      return Promise.resolve();
    },
    addresses: ({ place, family }) => Promise.resolve(locked.has(key(place)) ? EVERYBODY[WAF_FAMILIES[family]] : []),
  };
}

export function switchesOf(model: EdgeModel, edge: Pick<RunningEdge, 'setAddresses'>, keeper: AddressKeeper = keeperInMemory()): Switches {
  const sets = model.listeners.flatMap(({ webAcl }) => liveSetsOf(webAcl));
  let last = Promise.resolve();
  return {
    set: ({ webAcl }, isLocked) => {
      const locks = new Map(liveSetsOf(webAcl).map(({ place }) => [`${place.stack}/${place.logicalId}`, place]));
      const done = last.then(async () => {
        for (const lock of locks.values()) await keeper.set(lock, isLocked);
        const held = await Promise.all(sets.map(async (set) => ({ set, addresses: await keeper.addresses(set) })));
        await edge.setAddresses((set) => held.find((other) => sameSet(other.set, set))?.addresses ?? []);
      });
      // One after the other: the edge is told of all sets at once, and must not be told what another has changed meanwhile.
      last = done.catch(() => undefined);
      return done;
    },
  };
}
