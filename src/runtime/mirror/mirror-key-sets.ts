import { backoffMs } from '../shared/backoff';
import { type Fetch, fetchKeySet, isKeySetUri } from '../shared/fetch-key-set';
import { KeySetError, parseKeySet, writeKeySet } from '../shared/key-set-document';
import type { Wait } from '../shared/wait';
import { TimedOut, within } from '../shared/within';

/** Where key sets are kept. */
export interface KeySetStore {
  /** @param fetchedAt seconds since 1970, before the issuer was asked */
  put(uri: string, document: string, fetchedAt: number): Promise<void>;
}

export interface MirrorParts {
  readonly store: KeySetStore;
  readonly fetch: Fetch;
  readonly wait: Wait;
  /** In milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: (line: { readonly event: string; readonly uri: string; readonly code?: string }) => void;
}

/** What the catalogue proposes for the gate itself (TG-23 to TG-26): together far below the function's timeout. */
const BOUNDS = { timeoutSeconds: 3, maxAttempts: 3, backoffSeconds: 0.2, maxBackoffSeconds: 2 };

/**
 * Copies each issuer's key set to where the gates reach it, if it is good; what was there stays otherwise, and grows old.
 *
 * All are tried before it throws for those that failed, so that the function's error metric says it.
 */
export async function mirrorKeySets(uris: readonly string[], parts: MirrorParts): Promise<void> {
  const codes = await Promise.all(uris.map((uri) => mirror(uri, parts)));
  const failures = codes.filter((code) => code !== undefined).length;
  if (failures > 0) throw new Error(`${failures} of ${uris.length} key sets could not be mirrored; the log says which.`);
}

/** Why it failed, if it did. */
async function mirror(uri: string, parts: MirrorParts): Promise<string | undefined> {
  let code: string | undefined;
  for (let attempt = 1; attempt <= BOUNDS.maxAttempts; attempt++) {
    await parts.wait(backoffMs(BOUNDS, attempt));
    try {
      await copy(uri, parts);
      parts.log({ event: 'key-set-mirrored', uri });
      return undefined;
    } catch (error) {
      code = codeOf(error);
    }
  }
  parts.log({ event: 'key-set-not-mirrored', uri, code });
  return code;
}

async function copy(uri: string, { store, fetch, clock }: MirrorParts): Promise<void> {
  if (!isKeySetUri(uri, false)) throw new KeySetError('key-set-uri');
  const fetchedAt = Math.floor(clock() / 1000);
  const keys = parseKeySet(await within(BOUNDS.timeoutSeconds * 1000, (signal) => fetchKeySet(uri, fetch, signal)));
  await within(BOUNDS.timeoutSeconds * 1000, () => store.put(uri, writeKeySet(keys), fetchedAt));
}

function codeOf(error: unknown): string {
  if (error instanceof KeySetError) return error.reason;
  return error instanceof TimedOut ? 'key-set-timeout' : 'key-set-unreachable';
}
