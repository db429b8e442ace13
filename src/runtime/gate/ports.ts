import type { AuditOutcome } from '../../audit/contract';
import type { ProofKind, RouteTier } from '../../gate/contract';

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
  /** Of the API key that speaks for the caller; absent where another proof does. */
  readonly keyOwner?: string;
  /** For whom the caller asks, as his token's issuer says (M-59). */
  readonly endUser?: string;
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
  /** Throws like the above. */
  isLockedDown(): boolean;
  /** Called after each list that was read, so that what is open can be judged again. */
  onRead(listener: () => void): void;
}

/** What a caller wants of the limiter. */
export interface Want {
  readonly identity: Identity;
  readonly tier: RouteTier;
  /** Whether a lease is wanted too. */
  readonly isStream: boolean;
}

/** What a caller got. */
export interface Grant {
  /** Lower case: what an answer says of the budget (IETF RateLimit headers). */
  readonly headers: Readonly<Record<string, string>>;
  /** There where one was wanted. */
  readonly lease?: Lease;
}

/** One of a caller's streams, for as long as it is open. */
export interface Lease {
  /** Aborted when it cannot be kept: somebody else may have its place. */
  readonly lost: AbortSignal;
  /** Once it is over; more than once does nothing. Never throws and never waits. */
  release(): void;
}

/** Whether a caller may go on now. What is refused spends nothing. */
export interface Limiter {
  /** Throws a Refusal: 429 with `retry-after` and the headers of a grant, or 503 where nobody counts. */
  take(want: Want): Promise<Grant>;
  /** For an answer that turns out to be a stream. Throws like the above. */
  lease(identity: Identity): Promise<Lease>;
}

/** What is said of a request when it is over; what can be derived or counted is added by the trail. */
export interface AuditEntry {
  readonly requestId: string;
  readonly identity?: Identity;
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly reason?: string;
  readonly status?: number;
  readonly latencyMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly isStream: boolean;
  readonly usage: AnswerUsage;
}

/** What a Core states about an answer of its own. */
export interface AnswerUsage {
  readonly model?: string;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly totalTokens?: number;
}

/** Where records go (AUD-1). */
export interface Audit {
  /** Waits where records cannot be written as fast as they are made; undefined where there is room. Rejects with a Refusal (503) where that takes too long. */
  room(): Promise<void> | undefined;
  /** Whether nobody is there any more to take records: `room` refuses everybody at once, until somebody is. */
  isBroken(): boolean;
  /** A request has been read. @returns what is to be called once, when it is over */
  begin(): (entry: AuditEntry) => void;
}

/** What is counted; names and labels are the registry's business (MON-3). */
export interface Metrics {
  /** @param status absent where nobody was told anything */
  request(status: number | undefined, latencyMs: number): void;
  authentication(isAllowed: boolean): void;
  limited(by: 'general' | 'heavy' | 'streams'): void;
  /** A request that was let through, or refused, without Redis (RTL-6). */
  uncounted(isAllowed: boolean): void;
  leases(open: number): void;
  leaseLost(): void;
  keySetAge(issuer: string, seconds: number): void;
  lockedDown(isLocked: boolean): void;
  /** Records that never got out, or requests of a gate that was killed. */
  auditLost(records: number): void;
  /** A stream that was ended by the gate. */
  streamCut(by: 'revoked' | 'locked-down' | 'lease-lost'): void;
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
