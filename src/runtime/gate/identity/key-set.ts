import { type CryptoKey, importJWK } from 'jose';
import { KEY_SET_MAX_AGE_SECONDS, type KeySetConfiguration, type TokenAlgorithm } from '../../../gate/contract';
import { backoffMs } from '../../shared/backoff';
import { KeySetError, parseKeySet } from '../../shared/key-set-document';
import type { Wait } from '../../shared/wait';
import { TimedOut, within } from '../../shared/within';
import type { Clock, Log } from '../ports';
import { Refusal } from '../refusal';

export type VerificationKey = CryptoKey | Uint8Array;

/** An issuer's keys. */
export interface KeySet {
  /** Throws a Refusal (503) where it cannot be known. */
  find(alg: TokenAlgorithm, kid: string | undefined): Promise<VerificationKey | undefined>;
}

/** Where a key set comes from. */
export type LoadKeySet = (signal: AbortSignal) => Promise<LoadedKeySet>;

export interface LoadedKeySet {
  readonly document: string;
  /** When its issuer was asked, in milliseconds since 1970. */
  readonly fetchedAt: number;
}

export interface KeySetParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly wait: Wait;
  /** Told, of every key set that is taken, how old it is then, in seconds. @default - nobody is */
  readonly taken?: (ageSeconds: number) => void;
}

/** How long after a token with an unknown key another one makes us ask again. A new key is found at once, and a flood of invented names asks six times a minute (TG-19). */
export const UNKNOWN_KEY_COOLDOWN_MS = 10_000;

/** How far the clock of whoever fetched a key set may be ahead of ours: what tokens may be (IDN-11). */
const MAX_AHEAD_MS = 60_000;

interface Known {
  readonly keys: readonly { readonly alg: TokenAlgorithm; readonly kid?: string; readonly key: VerificationKey }[];
  readonly readAt: number;
  readonly trustedUntil: number;
}

interface Refresh {
  readonly firstAttempt: Promise<void>;
  readonly whole: Promise<void>;
}

/**
 * Keys that are asked for again after a while (IDN-5).
 *
 * Where that fails, the last good ones serve on for as long as is bearable: an issuer that is down, or that publishes rubbish, stops
 * nobody for an hour. Only what nobody knows waits; once an attempt has failed, callers with known keys are not held up by the next.
 */
export class CachedKeySet implements KeySet {
  private known: Known | undefined;
  private refreshing: Refresh | undefined;
  private isFailing = false;
  private noRefreshBefore = -Infinity;
  private noSearchBefore = -Infinity;

  public constructor(private readonly load: LoadKeySet, private readonly bounds: KeySetConfiguration, private readonly parts: KeySetParts) {}

  public async find(alg: TokenAlgorithm, kid: string | undefined): Promise<VerificationKey | undefined> {
    const before = this.known;
    await this.freshen();
    const found = this.lookUp(alg, kid);
    if (found !== undefined || kid === undefined || this.known !== before) return found;
    await this.search();
    const late = this.lookUp(alg, kid);
    if (late === undefined && this.isFailing) throw unavailable();
    return late;
  }

  private lookUp(alg: TokenAlgorithm, kid: string | undefined): VerificationKey | undefined {
    const keys = this.known?.keys ?? [];
    // Where there are several, a token that names none would be tried with each.
    const named = kid === undefined ? keys.slice(0, keys.length === 1 ? 1 : 0) : keys.filter((key) => key.kid === kid);
    return named.find((key) => key.alg === alg)?.key;
  }

  private async freshen(): Promise<void> {
    const now = this.parts.clock();
    const age = this.known ? now - this.known.readAt : Infinity;
    // A clock that was turned back makes an age negative.
    if (age >= 0 && age < this.bounds.ttlSeconds * 1000 && this.isTrusted()) return;
    const refresh = this.refresh();
    if (!this.isTrusted()) await refresh?.whole;
    else if (!this.isFailing) await refresh?.firstAttempt;
    if (!this.isTrusted()) throw unavailable();
  }

  private isTrusted(): boolean {
    return this.known !== undefined && this.parts.clock() < this.known.trustedUntil;
  }

  private async search(): Promise<void> {
    if (this.refreshing === undefined) {
      const now = this.parts.clock();
      if (now < this.noSearchBefore) return;
      this.noSearchBefore = now + UNKNOWN_KEY_COOLDOWN_MS;
    }
    await this.refresh()?.firstAttempt;
  }

  /** One at a time; none for a while after one has failed. */
  private refresh(): Refresh | undefined {
    if (this.refreshing === undefined && this.parts.clock() >= this.noRefreshBefore) {
      const firstAttempt = this.attempt(1);
      const whole = this.finish(firstAttempt).finally(() => {
        this.refreshing = undefined;
      });
      this.refreshing = { firstAttempt: firstAttempt.then(() => undefined), whole };
    }
    return this.refreshing;
  }

  private async finish(firstAttempt: Promise<boolean>): Promise<void> {
    if (await firstAttempt) return;
    for (let attempt = 2; attempt <= this.bounds.maxAttempts; attempt++) {
      await this.parts.wait(backoffMs(this.bounds, attempt));
      if (await this.attempt(attempt)) return;
    }
    this.noRefreshBefore = this.parts.clock() + this.bounds.maxBackoffSeconds * 1000;
  }

  private async attempt(number: number): Promise<boolean> {
    try {
      const { document, fetchedAt } = await within(this.bounds.timeoutSeconds * 1000, this.load);
      const keys = await Promise.all(parseKeySet(document).map(async ({ alg, kid, jwk }) => ({ alg, kid, key: await importKey(jwk, alg) })));
      const now = this.parts.clock();
      // One that says it was fetched tomorrow would never grow old.
      const trustedUntil = Math.min(fetchedAt, now) + KEY_SET_MAX_AGE_SECONDS * 1000;
      if (now >= trustedUntil || fetchedAt > now + MAX_AHEAD_MS) throw new KeySetError('key-set-outdated');
      this.known = { keys, readAt: now, trustedUntil };
      this.isFailing = false;
      this.parts.taken?.(Math.max(0, now - fetchedAt) / 1000);
      return true;
    } catch (error) {
      this.isFailing = true;
      this.parts.log.warn({ event: 'key-set-refresh-failed', code: reasonOf(error), attemptCount: number });
      return false;
    }
  }
}

async function importKey(jwk: Readonly<Record<string, string>>, alg: string): Promise<VerificationKey> {
  try {
    return await importJWK({ ...jwk }, alg);
  } catch {
    // Such as a point that is not on the curve.
    throw new KeySetError('key-set-malformed');
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof KeySetError) return error.reason;
  return error instanceof TimedOut ? 'key-set-timeout' : 'key-set-unreachable';
}

function unavailable(): Refusal {
  return new Refusal('unavailable', 'key-set-unavailable');
}
