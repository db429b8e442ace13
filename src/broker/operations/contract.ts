/** What is asked of the broker without a load balancer, and what it tells of itself. */

/** Who may call the function asks so, by `lambda:InvokeFunction`; an event with `requestContext.elb` is never one of these. */
export type ManagementRequest =
  /** A token for one worker; the longest life is configured. */
  | { readonly invite: { readonly worker: string; readonly lifeSeconds: number } }
  /** Ends the worker's leases and its open tokens, and keeps it out until it is admitted; one that the broker has never seen, too. */
  | { readonly revoke: { readonly worker: string } }
  /** Ends all leases; `close` keeps everybody out until the fleet is opened. */
  | { readonly revokeAll: { readonly close: boolean } }
  /** Lets a revoked worker register again; its leases stay ended. */
  | { readonly admit: { readonly worker: string } }
  | { readonly open: Readonly<Record<string, never>> }
  | { readonly list: { /** From a `ListAnswer`. */ readonly after?: string } };
export const MANAGEMENT_NAMES = ['invite', 'revoke', 'revokeAll', 'admit', 'open', 'list'] as const;
export type ManagementName = (typeof MANAGEMENT_NAMES)[number];

/** Where nothing was done. */
export interface ManagementRefusal {
  readonly error: 'malformed' | 'no-such-worker' | 'not-in-this-phase' | 'life-too-long' | 'unavailable';
}
export interface InviteAnswer {
  /** `<join_id>.<join secret>`: told once, kept nowhere. */
  readonly token: string;
  readonly worker: string;
  /** Seconds since 1970. */
  readonly until: number;
  readonly url: string;
}
/** Of everything else that changes something: the epoch that holds from now on, of the worker or of the fleet. */
export interface EpochAnswer {
  readonly epoch: number;
  /** Of `revoke`: no worker of that name had registered, which may be a slip of the pen. */
  readonly wasUnknown?: true;
}
export interface ListAnswer {
  readonly fleet: { readonly epoch: number; /** Seconds since 1970. */ readonly closed?: number };
  readonly workers: readonly ListedWorker[];
  /** Where there are more. */
  readonly after?: string;
}
export interface ListedWorker {
  readonly worker: string;
  readonly state: 'active' | 'revoked' | 'over';
  readonly kind: 'shared' | 'own';
  /** Absent in one that was revoked before it ever did. */
  readonly registeredAt?: number;
  readonly expiresAt?: number;
  readonly task?: string;
}
export type ManagementAnswer = InviteAnswer | EpochAnswer | ListAnswer | ManagementRefusal;

/** `action` of a record: `POST <path>` of a route, `POST -` of another path, `INVOKE /<name>` of a management request, `TASK /stopped` of the exit. */
export const managementAction = (name: ManagementName | undefined): string => `INVOKE ${name === undefined ? '-' : `/${name}`}`;
export const STOPPED_ACTION = 'TASK /stopped';

/** `proof` of a record. */
export const PROOFS = ['hmac', 'join', 'task', 'hmac+task', 'iam'] as const;
export type ProofName = (typeof PROOFS)[number];

/** `reason` of a record, with the refusal that the caller is told. `shared-key-over`: a migration's date has passed. */
export const REASONS = {
  'malformed': 'malformed',
  'too-large': 'too-large',
  'no-route': 'not-found',
  'wrong-host': 'unauthenticated',
  'stale-timestamp': 'unauthenticated',
  'bad-signature': 'unauthenticated',
  'shared-key-over': 'unauthenticated',
  'task-mismatch': 'unauthenticated',
  'replayed': 'unauthenticated',
  'unknown-worker': 'unauthenticated',
  'revoked': 'unauthenticated',
  'fleet-closed': 'unauthenticated',
  'key-over': 'unauthenticated',
  'spent-join': 'unauthenticated',
  'join-over': 'unauthenticated',
  'too-many': 'too-many',
  'no-job': 'forbidden',
  'job-over': 'forbidden',
  'job-malformed': 'forbidden',
  'not-your-job': 'forbidden',
  'not-in-job': 'forbidden',
  'no-credential': 'forbidden',
  'lease-over': 'forbidden',
  'store-down': 'unavailable',
  'value-malformed': 'unavailable',
} as const;
export type Reason = keyof typeof REASONS;

/** What the broker measures, in CloudWatch's embedded format and without dimensions: a namespace belongs to one broker. */
export const BROKER_METRICS = {
  requests: 'broker_requests_total',
  checkouts: 'broker_checkouts_total',
  /** 401 and 403. */
  refusals: 'broker_refusals_total',
  replays: 'broker_replays_total',
  spentJoins: 'broker_spent_joins_total',
  forbidden: 'broker_forbidden_total',
  /** 503. */
  failures: 'broker_failures_total',
  limited: 'broker_limited_total',
  /** During a migration: what was signed with the shared key, and how many days are left. */
  sharedKeys: 'broker_shared_keys_total',
  migrationDays: 'broker_migration_days_left',
  duration: 'broker_request_duration_seconds',
} as const;
export type BrokerMetricName = (typeof BROKER_METRICS)[keyof typeof BROKER_METRICS];
/** A broker's namespace unless it is named: this, and its place in the app. */
export const METRICS_PREFIX = 'SecureCore/';
