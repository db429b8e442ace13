import type { ClaimItem, DueItem, FleetItem, JobItem, JoinItem, LeaseItem, NonceItem, WorkerItem } from '../../broker/items/contract';
import type { ListAnswer } from '../../broker/operations/contract';
import type { KeyRings } from './keys';

/** In milliseconds since 1970. */
export type Clock = () => number;
/** So many random bytes. */
export type RandomBytes = (size: number) => Buffer;

/** Seconds since 1970, as everything in the tables and in the protocol has it. */
export const secondsOf = (clock: Clock): number => Math.floor(clock() / 1000);

/** Where a lease is. */
export interface LeasePlace {
  readonly job: string;
  readonly credential: string;
}

/** What a request has to know. Everything in it is read at once, whoever asks, so that every refusal costs the same (M-37). */
export interface Look {
  /** @default - the fleet alone */
  readonly worker?: string;
  readonly joinId?: string;
  readonly taken?: LeasePlace;
}

/** What was last written (strongly consistent), also where its time is over: DynamoDB removes items late. */
export interface Looked {
  readonly worker?: WorkerItem;
  /** Of epoch 0 where nobody has ever ended all leases. */
  readonly fleet: FleetItem;
  readonly join?: JoinItem;
  readonly job?: JobItem | 'malformed';
  readonly lease?: LeaseItem;
  readonly claim?: ClaimItem;
}

/** Throws where the tables do not answer, as every method of the ones below does. */
export interface Reads {
  look(wanted: Look): Promise<Looked>;
}

/** What every request uses up. */
export interface Allowances {
  /** Whether the nonce had not been used. */
  useNonce(worker: string, nonce: string, item: NonceItem): Promise<boolean>;
  /** Whether the worker had sent fewer requests in this minute. @param now in seconds */
  countRequest(worker: string, most: number, now: number): Promise<boolean>;
}

export interface Leases {
  /** Whether nobody wrote another lease there meanwhile. @param before what was there */
  put(place: LeasePlace, lease: LeaseItem, before: LeaseItem | undefined): Promise<boolean>;
  /** Whether it is still the lease that was found. @param lease as it is to be */
  renew(place: LeasePlace, lease: LeaseItem, now: number): Promise<boolean>;
  /** Nothing happens where it is none of the worker any more. */
  end(place: LeasePlace, leaseId: string, worker: string): Promise<void>;
  /** Whether the worker has the job now. */
  claim(job: string, claim: ClaimItem, now: number): Promise<boolean>;
  /** Has the credential rotated when the lease is over. */
  due(at: number, due: DueItem): Promise<void>;
}

/** What a worker joins by. */
export type JoinToken = Pick<JoinItem, 'invitedAt'> & { readonly joinId: string };

/** How a worker comes to be known. */
export type Registration =
  | { readonly kind: 'shared'; readonly expiresAt: number; readonly endsLeases: boolean }
  | { readonly kind: 'joined'; readonly expiresAt: number; readonly endsLeases: boolean; readonly keyId: string; readonly by: JoinToken | { readonly task: string } }
  /** By its present key, or by the one before, whose time goes on as it was. */
  | { readonly kind: 'renewed'; readonly expiresAt: number; readonly keyId: string; readonly presented: string; readonly priorUntil?: number };

export interface Revoked {
  /** From now on. */
  readonly epoch: number;
  readonly wasUnknown: boolean;
}

export interface Workers {
  /** `refused`: somebody revoked it meanwhile, or since the token was made, or it has another kind of key. `spent`: another one has used the token. */
  register(worker: string, registration: Registration, now: number): Promise<'registered' | 'refused' | 'spent'>;
  /** Ends its leases. */
  exit(worker: string): Promise<void>;
  /** Ends its leases and its key: its task will not come back. Whether there is such a worker. */
  stopped(worker: string, now: number): Promise<boolean>;
  /** Also of one that nobody has seen, and every token that was made until now. @param unknownAs which kind such a one would be of @param nowMs in milliseconds */
  revoke(worker: string, unknownAs: WorkerItem['kind'], nowMs: number): Promise<Revoked>;
  /** The worker's epoch from now on; nothing where it is not revoked. */
  admit(worker: string, now: number): Promise<number | undefined>;
  invite(joinId: string, join: JoinItem): Promise<void>;
  list(after: string | undefined, now: number): Promise<Omit<ListAnswer, 'fleet'>>;
}

/** All workers together; both answer the epoch from now on. */
export interface Fleet {
  /** @param closedAt where nobody is to be let in from then on */
  endAll(closedAt: number | undefined): Promise<number>;
  open(): Promise<number>;
}

/** The values of the rings that the phase has; throws where one cannot be read. */
export interface Keys {
  read(): Promise<KeyRings>;
}

/** Who a task is, by its word. */
export interface TaskClaim {
  readonly host: string;
  readonly workerId: string;
  readonly nonce: string;
  /** In seconds. */
  readonly timestamp: number;
}
export interface TaskIdentity {
  /** The session of its role; nothing where it is not proven that this worker runs in that task. Throws where it cannot be known. */
  sessionOf(taskProof: string, claim: TaskClaim): Promise<string | undefined>;
}
