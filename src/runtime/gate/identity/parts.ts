import type { GateConfiguration, IdentityConfiguration, TokenConfiguration } from '../../../gate/contract';
import { type Fetch, fetchKeySet } from '../../shared/fetch-key-set';
import { KeySetError } from '../../shared/key-set-document';
import { type Wait, wait } from '../../shared/wait';
import type { Clock, KeyStore, Log, Metrics } from '../ports';
import { CachedKeySet, type KeySet, type LoadedKeySet, type LoadKeySet } from './key-set';
import { TokenVerifier } from './token-verifier';

/** Key sets that somebody else fetched. */
export interface MirroredKeySets {
  /** Undefined: it was never fetched. */
  read(uri: string): Promise<LoadedKeySet | undefined>;
}

/** What an authenticator asks. */
export interface AuthenticatorParts {
  readonly keys: KeyStore;
  readonly keySets: MirroredKeySets;
  readonly clock: Clock;
  readonly log: Log;
  /** @default - nobody is told */
  readonly metrics?: Pick<Metrics, 'keySetAge'>;
  readonly profile: GateConfiguration['profile'];
  /** Signs tokens in the local profile. */
  readonly sharedSecret?: string;
  /** @default - Node's own */
  readonly fetch?: Fetch;
  /** @default - real time */
  readonly wait?: Wait;
}

export function tokenVerifierOf({ tokens }: IdentityConfiguration, parts: AuthenticatorParts): TokenVerifier {
  return new TokenVerifier(tokens.map((configuration) => ({ configuration, keySet: keySetOf(configuration, parts) })), parts.clock);
}

function keySetOf({ issuer, keys }: TokenConfiguration, parts: AuthenticatorParts): KeySet {
  if (keys.source === 'secret') {
    const secret = Buffer.from(parts.sharedSecret ?? '');
    return { find: (alg) => Promise.resolve(alg === 'HS256' ? secret : undefined) };
  }
  const loaders: Readonly<Record<typeof keys.source, LoadKeySet>> = {
    https: async (signal) => ({ document: await fetchKeySet(keys.uri, parts.fetch ?? globalThis.fetch, signal), fetchedAt: parts.clock() }),
    mirror: async () => {
      const mirrored = await parts.keySets.read(keys.uri);
      if (mirrored === undefined) throw new KeySetError('key-set-not-mirrored');
      return mirrored;
    },
  };
  return new CachedKeySet(loaders[keys.source], keys, {
    clock: parts.clock, log: parts.log, wait: parts.wait ?? wait, taken: (ageSeconds) => parts.metrics?.keySetAge(issuer, ageSeconds),
  });
}
