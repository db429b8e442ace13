import { AUDIT_EVENT, AUDIT_MARK_EVENT, type AuditMark, type AuditOutcome, type AuditRecord } from '../../../audit/contract';

/** More than 32 bits hold: an upload of some gigabytes. */
const LARGE = 5_000_000_000;
const GATE = '0123456789abcdef';
const CALLERS = ['a', 'b'].map((sign) => sign.repeat(32));

interface Told {
  readonly outcome: AuditOutcome;
  readonly status?: number;
  readonly reason?: string;
  /** Nobody where he was not proven. */
  readonly caller?: 0 | 1;
  /** By a broker, to a worker that asked for a credential. */
  readonly isLent?: true;
}

/** What becomes of requests, several times for one caller so that whoever counts finds him. */
const TOLD: readonly Told[] = [
  { outcome: 'served', status: 200, caller: 0 },
  { outcome: 'served', status: 201, caller: 1 },
  { outcome: 'answered', status: 204 },
  ...Array.from({ length: 4 }, (): Told => ({ outcome: 'refused', status: 401, reason: 'unauthenticated' })),
  ...Array.from({ length: 4 }, (): Told => ({ outcome: 'refused', status: 403, reason: 'forbidden', caller: 0 })),
  { outcome: 'refused', status: 401, reason: 'revoked' },
  { outcome: 'refused', status: 429, reason: 'rate-limited', caller: 0 },
  { outcome: 'refused', status: 429, reason: 'rate-limited', caller: 1 },
  { outcome: 'failed', status: 502, reason: 'unavailable', caller: 1 },
  { outcome: 'failed', status: 504, reason: 'core-silent', caller: 0 },
  { outcome: 'cut', caller: 1 },
  { outcome: 'served', status: 200, isLent: true },
  { outcome: 'refused', status: 403, reason: 'not-your-job', isLent: true },
];

/** What only a broker's records have. */
const LENT = { worker: 'drill-worker', job: 'drill-job', credential: 'drill-credential', lease: '0123456789abcdef' };

/** Records of every kind, in which every field is there and is absent: made up here, with the fields of the contract. @param now milliseconds since 1970 */
export function seededRecords(now: number): AuditRecord[] {
  const time = new Date(now).toISOString();
  return TOLD.map(({ outcome, status, reason, caller, isLent = false }, index): AuditRecord => ({
    schema: 1,
    time,
    gate: GATE,
    seq: index + 1,
    request_id: `drill-${index + 1}`,
    ...(caller !== undefined && { identity: CALLERS[caller], proof: caller === 0 ? 'key' : 'certificate+token' }),
    ...(isLent && { proof: 'hmac' }),
    action: isLent ? 'POST /credentials/checkout' : index % 2 === 0 ? 'POST /v1/chat/completions' : 'GET /v1/models',
    outcome,
    ...(reason !== undefined && { reason }),
    ...(status !== undefined && { status }),
    latency_ms: index === 0 ? 12 : 12.345,
    bytes_in: index === 0 ? LARGE : 17,
    bytes_out: index === 0 ? LARGE : 42,
    ...(outcome === 'served' && !isLent && { stream: true, model: 'drill-1', prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }),
    ...(isLent && LENT),
  }));
}

/** The lines that a gate writes of records, with a mark behind them. */
export function linesOf(records: readonly AuditRecord[], now: number): string[] {
  const mark: AuditMark = { schema: 1, time: new Date(now).toISOString(), gate: GATE, seq: records.length, open: 0, final: true };
  return [...records.map((record) => JSON.stringify({ event: AUDIT_EVENT, ...record })), JSON.stringify({ event: AUDIT_MARK_EVENT, ...mark })];
}

const KILLED = 'fedcba9876543210';

/** Lines of a gate whose third record is missing, and that ended with requests open. */
export function brokenGateLines(now: number): string[] {
  const time = new Date(now).toISOString();
  const [record] = seededRecords(now);
  const mark: AuditMark = { schema: 1, time, gate: KILLED, seq: 4, open: 2, final: true };
  return [...[1, 2, 4].map((seq) => JSON.stringify({ event: AUDIT_EVENT, ...record, gate: KILLED, seq })), JSON.stringify({ event: AUDIT_MARK_EVENT, ...mark })];
}

/** What a gate and a Core say beside records. */
export function operationalLines(now: number): string[] {
  const time = new Date(now).toISOString();
  return [
    JSON.stringify({ level: 'warn', time, event: 'audit-lost', lostCount: 1 }),
    JSON.stringify({ level: 'error', time, event: 'auth-unavailable', message: 'The key set could not be fetched.' }),
    'ERROR authentication backend did not answer',
  ];
}
