import { createHash } from 'node:crypto';
import { AUDIT_EVENT, AUDIT_MARK_EVENT, AUDIT_SCHEMA_VERSION, type AuditMark, type AuditOutcome, type AuditRecord } from '../../audit/contract';
import type { Clock } from './ports';
import type { Notes } from './verdict';

/** What is known of a request once it is over. */
export interface AuditEntry {
  readonly requestId: string;
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly reason?: string;
  /** @default - nobody was told a status */
  readonly status?: number;
  readonly latencyMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly notes: Readonly<Notes>;
}

export interface AuditProps {
  /** Takes a whole line, and has it out when it returns: a record is there before its answer. */
  readonly write: (line: string) => void;
  /** Of this execution environment: 16 hexadecimal digits. */
  readonly gate: string;
  readonly clock: Clock;
}

export type Audit = (entry: AuditEntry) => void;

/** Of a lease, so many hexadecimal digits of its SHA-256: enough to tell leases apart. */
const LEASE_DIGITS = 16;

/** Writes a record for each request, and behind it that nothing is open: an environment has one request at a time, and may be gone before the next. */
export function createAudit({ write, gate, clock }: AuditProps): Audit {
  let seq = 0;
  return ({ requestId, action, outcome, reason, status, latencyMs, bytesIn, bytesOut, notes }) => {
    seq += 1;
    const time = new Date(clock()).toISOString();
    const { worker, job, credential, leaseId, proof } = notes;
    const lease = leaseId === undefined ? undefined : createHash('sha256').update(leaseId).digest('hex').slice(0, LEASE_DIGITS);
    // JSON leaves out what is undefined.
    const record: AuditRecord = {
      schema: AUDIT_SCHEMA_VERSION, time, gate, seq, request_id: requestId, proof, action, outcome, reason, status,
      latency_ms: Math.max(0, Math.round(latencyMs * 1000) / 1000), bytes_in: bytesIn, bytes_out: bytesOut, worker, job, credential, lease,
    };
    const mark: AuditMark = { schema: AUDIT_SCHEMA_VERSION, time, gate, seq, open: 0, final: true };
    write(`${JSON.stringify({ event: AUDIT_EVENT, ...record })}\n${JSON.stringify({ event: AUDIT_MARK_EVENT, ...mark })}\n`);
  };
}
