/** What a gate or a broker writes about a decision, and whoever reads it has to agree on (AUD-1). */

/** Grows with every change by which a reader could be misled; new optional fields are none. */
export const AUDIT_SCHEMA_VERSION = 1;

/** The value of `event` in lines that are records; a gate's other lines have others. */
export const AUDIT_EVENT = 'audit';
/** The value of `event` in lines that say how many records there are by now. */
export const AUDIT_MARK_EVENT = 'audit-mark';

/** `served`: by the Core. `answered`: by the gate itself, such as a preflight. `refused`: before the Core heard of it. `failed`: the Core did not answer well. `cut`: begun and not ended. */
export type AuditOutcome = 'served' | 'answered' | 'refused' | 'failed' | 'cut';

/**
 * One line for every request that a gate, or a broker, has read, whatever became of it; health checks of the load balancer have none.
 *
 * Nothing in it is a caller's own words: no path but the one that the route declares, no header, no query and no body (RED-1); what a worker is called, and its job, only once
 * it has proven who it is.
 */
export interface AuditRecord {
  readonly schema: typeof AUDIT_SCHEMA_VERSION;
  /** ISO 8601, UTC, with milliseconds: when it was over. */
  readonly time: string;
  /** Of one process, made when it starts. */
  readonly gate: string;
  /** From 1, one more with each record of a gate: what is missing is missing here. */
  readonly seq: number;
  readonly request_id: string;
  /** HMAC-SHA-256 of the caller's name, by a key that nobody who reads the log has; the first 32 hex digits. Absent where nobody was proven. */
  readonly identity?: string;
  /** What proved it, such as `key` or `certificate+token`. */
  readonly proof?: string;
  /** Method and declared path, such as `POST /v1/chat/completions` or `ANY /v1/*`; `POST -` where no route is declared, `- -` where nothing could be read. */
  readonly action: string;
  readonly outcome: AuditOutcome;
  /** A fixed word of ours, such as `token-expired`; absent where all went well. */
  readonly reason?: string;
  /** As it was sent; absent where nobody was told anything. */
  readonly status?: number;
  /** From the end of the request's headers until it was over. */
  readonly latency_ms: number;
  /** Of bodies, as they were sent and received. */
  readonly bytes_in: number;
  readonly bytes_out: number;
  /** Whether it held a lease. */
  readonly stream?: boolean;
  /** As the Core states it, where it does (CX-61). */
  readonly model?: string;
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly total_tokens?: number;
  /** Of a broker, once the request's signature held: the ids of the worker, of its job and of the credential, and the first 16 hex digits of SHA-256 of the lease's. */
  readonly worker?: string;
  readonly job?: string;
  readonly credential?: string;
  readonly lease?: string;
}

/** Written at most once a second, and last of all: whose last line is no final mark was killed, with about `open` requests that no record tells of. */
export interface AuditMark {
  readonly schema: typeof AUDIT_SCHEMA_VERSION;
  readonly time: string;
  readonly gate: string;
  /** Of the last record before it. */
  readonly seq: number;
  /** Requests without a written record: the most of the last two seconds, and in the final mark exactly those that are left. */
  readonly open: number;
  readonly final: boolean;
}

/** Who asks for the deletion of everything in buckets whose stack goes: the type of the custom resource. */
export const EMPTYING_TYPE = 'Custom::SecureCoreAuditEmptying';

/** The properties of that custom resource. */
export interface EmptyingProperties {
  /** Names, in the order in which they are emptied: what writes into another one comes first. */
  readonly Buckets: readonly string[];
}

/** A tag on a bucket, with the value `true`: its stack may empty it. A bucket that is to stay has lost it by the time its custom resource goes. */
export const EMPTIED_TAG = 'cdk-secure-core:emptied-on-deletion';

/** On a log group and on an archive: what is decided about the records in it, as JSON (AUD-5). */
export const POLICY_METADATA = 'cdk-secure-core:audit-policy';

/** On a bucket that hands audit records on to one that is in none of the templates: who keeps that, and for how long it locks them, as JSON (AUD-3). */
export const DECLARED_ARCHIVE_METADATA = 'cdk-secure-core:declared-archive';

/** What is decided about audit records, as the template has it. */
export interface StatedPolicy {
  readonly document?: string;
  readonly owner?: string;
  /** Ages in days. */
  readonly retention: { readonly hot: number; readonly warm: number; readonly cold: number; readonly lock: number; readonly expiry: number };
  readonly personalData: string;
  readonly erasure: string;
}

/** An archive that is in none of the templates, as the template has it. */
export interface DeclaredArchive {
  readonly reason: string;
  readonly lockedForDays: number;
}

/** What the names of delivered objects begin with, and those of what could not be processed. */
export const AUDIT_PREFIX = 'audit/';
export const FAILED_PREFIX = 'failed/';

/** The table of delivered records, and its partitions (`audit/day=2026-01-02/hour=03/…`). */
export const RECORDS_TABLE = 'records';
export const PARTITIONS = ['day', 'hour'] as const;
