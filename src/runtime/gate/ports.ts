import type { ProofKind } from '../../gate/contract';

/** Who has been proven to call. */
export interface Identity {
  /** What the Core is told; unique within its issuer. */
  readonly subject: string;
  /** All that was shown and verified. */
  readonly proofs: ReadonlySet<ProofKind>;
  readonly scopes: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  /** What would withdraw it: sort keys of the revocations partition. */
  readonly revocableAs: readonly string[];
}

/** What the caller sent, as it arrived: names in lower case, every value. */
export type ReceivedHeaders = ReadonlyMap<string, readonly string[]>;

export interface Authenticator {
  /** Throws a Refusal where nothing, or not enough, is proven: 401; 503 where it cannot be known. */
  authenticate(headers: ReceivedHeaders): Promise<Identity>;
}

export interface KeyRecord {
  readonly owner: string;
  readonly scopes: readonly string[];
  readonly validUntil: number;
  readonly isRevoked: boolean;
}

export interface KeyStore {
  /** @param digest SHA-256 of the key, hex. Throws where the store does not answer in time. */
  find(digest: string): Promise<KeyRecord | undefined>;
}

export interface Revocations {
  /** Throws a Refusal (503) where the list is too old to say. */
  isRevoked(sortKeys: readonly string[]): boolean;
}

/** Whether a caller may go on now. */
export interface Limiter {
  /** Throws a Refusal: 429, or 503 where nobody counts. */
  take(subject: string): Promise<void>;
}

/** In milliseconds since 1970; injected, so that tests can turn it. */
export type Clock = () => number;

/** One line of the log; there is no field for anything that a caller wrote. */
export interface LogEvent {
  readonly event: string;
  readonly requestId?: string;
  readonly code?: string;
  readonly status?: number;
  readonly [figure: `${string}Ms` | `${string}Count`]: number | undefined;
}

export interface Log {
  info(event: LogEvent): void;
  warn(event: LogEvent): void;
}
