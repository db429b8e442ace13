/** What the constructs, the functions behind them, the rules and the command line have to agree on; no other import than of a contract. */
import type { DeviceCredentialName } from './forms/contract';

/** The variable of the broker's function that holds the whole configuration, as JSON. There is no second place for any of it, and no secret in it. */
export const BROKER_VARIABLE = 'BROKER_CONFIGURATION';
/** The same for the function that marks workers as gone when their task stops (`ExitConfiguration`), and the one that has credentials rotated (`SweepConfiguration`). */
export const EXIT_VARIABLE = 'BROKER_EXIT';
export const SWEEP_VARIABLE = 'BROKER_SWEEP';

/** Folders below assets/runtime. */
export const BROKER_ASSETS = { broker: 'broker', exit: 'broker-exit', sweep: 'broker-sweep' } as const;

/** What a worker is told: where the broker is (`https://<host>`), and what its id begins with; behind that come a hyphen and the id of its task. */
export const BROKER_URL_VARIABLE = 'WORKER_BROKER_URL';
export const WORKER_ID_PREFIX_VARIABLE = 'WORKER_ID_PREFIX';
/** What a worker of phase `shared-key` signs with: the ring's `current` (TS-41). */
export const SHARED_KEY_VARIABLE = 'TOM_CORE_WORKER_HMAC_SECRET';
/** What the orchestrator is told: the table that it writes jobs to. */
export const JOBS_TABLE_VARIABLE = 'WORKER_JOBS_TABLE';

/** Everything that the broker is told. */
export interface BrokerConfiguration {
  readonly version: 1;
  /** Its domain name, in lower case: a signature for another broker opens nothing here (M-35). */
  readonly host: string;
  readonly region: string;
  readonly phase: PhaseConfiguration;
  /** How far a worker's clock may be off, either way (WCC-3). */
  readonly windowSeconds: number;
  /** Of one worker, of every kind. */
  readonly requestsPerMinute: number;
  readonly leases: LeaseConfiguration;
  readonly binding: JobBindingKind;
  readonly tables: { readonly jobs: string; readonly state: string };
  /** What comes before the name in the ARN of a secret of this account and region: `arn:aws:secretsmanager:<region>:<account>:secret:`. */
  readonly secretArns: string;
  readonly credentials: readonly WrittenCredential[];
  readonly metrics: { readonly namespace: string };
}

/** How workers prove who they are (WCC-1, WCC-10). There is none without a signature. */
export const PHASES = ['shared-key', 'per-worker-keys', 'migration'] as const;
export type PhaseName = (typeof PHASES)[number];

export type PhaseConfiguration =
  | { readonly kind: 'shared-key'; readonly shared: SharedKeyConfiguration }
  | { readonly kind: 'per-worker-keys'; readonly own: OwnKeysConfiguration }
  /** `until`: YYYY-MM-DD; from its 00:00 UTC on, no shared key is taken. */
  | { readonly kind: 'migration'; readonly shared: SharedKeyConfiguration; readonly own: OwnKeysConfiguration; readonly until: string };

/** When, in seconds since 1970, a migration is over; not a number where the text is no date. */
export const migrationEnd = (until: string): number => (/^\d{4}-\d{2}-\d{2}$/.test(until) ? Date.parse(`${until}T00:00:00Z`) / 1000 : NaN);

/** One key for all workers. */
export interface SharedKeyConfiguration {
  /** The secret that holds the ring (`KeyRing` of src/secrets/contract.ts, base64url): a name behind `secretArns`, or a whole ARN. */
  readonly ring: string;
}

/** A key for each worker, derived from a ring that the broker alone may read. */
export interface OwnKeysConfiguration {
  /** As above; of the masters. */
  readonly ring: string;
  readonly keyLifeSeconds: number;
  /** The longest life of a token that may be given out. @default - nobody joins by a token */
  readonly tokenSeconds?: number;
  /** @default - nobody joins by a task's identity */
  readonly tasks?: TaskJoinConfiguration;
}

export interface TaskJoinConfiguration {
  /** Of the roles: twelve digits. */
  readonly account: string;
  /** Task roles by name, without a path; and what the ids of their workers begin with: `<prefix>-<name of the session>`. */
  readonly roles: readonly { readonly name: string; readonly prefix: string }[];
}

export interface LeaseConfiguration {
  readonly ttlSeconds: number;
  /** From the first checkout on, however often it is renewed. */
  readonly longestSeconds: number;
  /** Whether the leases of a worker end when it leaves, or starts again. */
  readonly onExit: 'revoke' | 'keep';
}

/** `assigned`: each job names its worker. `first-to-claim`: whoever checks out first has it. */
export const JOB_BINDINGS = ['assigned', 'first-to-claim'] as const;
export type JobBindingKind = (typeof JOB_BINDINGS)[number];

/**
 * A credential as it is written, where nothing stands twice: the variables of a function have 4 KB in all (Lambda guide, "Lambda quotas").
 *
 * As text, the name of a secret that says the rest itself: `<anything>/credentials/<id>/<kind>`, with or without the six characters of Secrets Manager behind it.
 */
export type WrittenCredential = string | WrittenSecretCredential | WrittenParameterCredential;

export interface WrittenSecretCredential {
  readonly id: string;
  readonly kind: DeviceCredentialName;
  /** A name behind `secretArns`, or a whole ARN. */
  readonly secret: string;
  /** Whether Secrets Manager rotates it once its last lease has ended. @default false */
  readonly rotates?: boolean;
}

export interface WrittenParameterCredential {
  readonly id: string;
  readonly kind: DeviceCredentialName;
  /** The name of a SecureString of Systems Manager, with its slash. */
  readonly parameter: string;
}

/** A credential as it is read. */
export type ConfiguredCredential =
  | { readonly id: string; readonly kind: DeviceCredentialName; readonly store: 'secrets-manager'; readonly secretArn: string; readonly rotates: boolean }
  | { readonly id: string; readonly kind: DeviceCredentialName; readonly store: 'parameter-store'; readonly parameter: string };

/** Text as in `WrittenCredential`: its second and third group are id and kind. */
const SPEAKING_NAME = /^(.*\/)?credentials\/([A-Za-z0-9][A-Za-z0-9._-]{0,63})\/(ssh|snmp|api_key)(-[A-Za-z0-9]{6})?$/;

/** The ARN of a secret that is written as a name or as an ARN. */
export const secretArnOf = (secretArns: string, written: string): string => (written.startsWith('arn:') ? written : `${secretArns}${written}`);

/** Nothing where the text is no name that says what it is. */
export function credentialOf(secretArns: string, written: WrittenCredential): ConfiguredCredential | undefined {
  if (typeof written !== 'string') {
    const { id, kind } = written;
    if ('parameter' in written) return { id, kind, store: 'parameter-store', parameter: written.parameter };
    return { id, kind, store: 'secrets-manager', secretArn: secretArnOf(secretArns, written.secret), rotates: written.rotates ?? false };
  }
  const [, , id, kind] = SPEAKING_NAME.exec(written) ?? [];
  if (id === undefined || (kind !== 'ssh' && kind !== 'snmp' && kind !== 'api_key')) return undefined;
  return { id, kind, store: 'secrets-manager', secretArn: secretArnOf(secretArns, written), rotates: false };
}

/** What the function is told that hears of stopped tasks. */
export interface ExitConfiguration {
  readonly version: 1;
  readonly region: string;
  readonly stateTable: string;
  /** Pools by the ARN of their cluster and the group of their tasks (`service:<name>`), as events say it. */
  readonly pools: readonly { readonly cluster: string; readonly group: string; readonly prefix: string }[];
}

/** What the function is told that has credentials rotated after their last lease. */
export interface SweepConfiguration {
  readonly version: 1;
  readonly region: string;
  readonly stateTable: string;
  readonly secretArns: string;
  /** Those that rotate: names behind `secretArns`, or whole ARNs, by id. */
  readonly credentials: readonly { readonly id: string; readonly secret: string }[];
}

/** From and to, both included: what the construct takes and the rules let pass. */
export const BOUNDS = {
  /** TS-29; below 5, clocks that are well would be refused (ours). */
  windowSeconds: [5, 60],
  /** Ours. */
  requestsPerMinute: [1, 6000],
  /** Ours: as long as somebody who took a credential may go unnoticed. */
  ttlSeconds: [60, 900],
  /** Ours: a working day. */
  longestSeconds: [60, 28_800],
  /** Ours; no longer than the ring's `previous` is taken. */
  keyLifeSeconds: [3600, 86_400],
  /** Ours. */
  tokenSeconds: [60, 3600],
  /** Ours: from the day on which a template is written. */
  migrationDays: [1, 90],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** What is taken where nothing is said (ours). */
export const DEFAULTS = { windowSeconds: 60, requestsPerMinute: 120, ttlSeconds: 300, longestSeconds: 3600, keyLifeSeconds: 43_200, tokenSeconds: 600 } as const;

/** A worker's key is taken for so long after the next one was made: whoever asked for it may still have requests under way (ours). */
export const PRIOR_KEY_SECONDS = 60;
/** How long the broker believes what it read of a ring (ours): so much later a leaked key is taken no more. */
export const RING_CACHE_SECONDS = 10;
/** How long a worker of phase `shared-key` is known after it registered (ours). */
export const SHARED_REGISTRATION_SECONDS = 30 * 86_400;
/** Of STS and of every store; one attempt each (ours). */
export const STORE_TIMEOUT_SECONDS = 3;
/** Of the function (ours), and how many run at once, so that a flood does not use up what the account has. */
export const BROKER_TIMEOUT_SECONDS = 10;
export const BROKER_CONCURRENCY = 50;

/** A tag on the broker's function and on its target group; its value is the `PhaseName`. By it the command line finds the function in a stack. */
export const BROKER_TAG = 'cdk-secure-core:broker';
/** A tag on both tables. */
export const BROKER_TABLE_TAG = 'cdk-secure-core:broker-table';
export const BROKER_TABLES = ['jobs', 'state'] as const;
/** A tag on a secret or parameter that is a credential of devices; its value is a member of `DeviceCredentialKind`. */
export const DEVICE_CREDENTIAL_TAG = 'cdk-secure-core:device-credential';

/** CloudFormation metadata of the broker's function: how workers prove who they are, as `StatedPhase`. */
export const PHASE_METADATA = 'cdk-secure-core:broker-phase';
/** Every text is read from a template that somebody may have written by hand. */
export interface StatedPhase {
  readonly phase: string;
  /** Whose secrets these are, such as `production`. */
  readonly environment: string;
  /** Of a migration, YYYY-MM-DD: from when on no shared key is taken, and when this was written, so that a verdict does not change overnight. */
  readonly until?: string;
  readonly writtenOn?: string;
}
/** CloudFormation metadata of the broker's function: why whoever comes first may have a job, in a sentence. */
export const FIRST_TO_CLAIM_METADATA = 'cdk-secure-core:first-to-claim';
/** CloudFormation metadata of the broker's function: ids of credentials that nobody changes after a checkout (`AfterCheckout.keep`). */
export const KEPT_CREDENTIALS_METADATA = 'cdk-secure-core:kept-credentials';
