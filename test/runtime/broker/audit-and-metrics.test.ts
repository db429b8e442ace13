import { createHash } from 'node:crypto';
import { Ajv } from 'ajv';
import { AUDIT_FIELDS, auditRecordSchema } from '../../../src/audit/record-fields';
import { type Reason, REASONS } from '../../../src/broker/operations/contract';
import { type AuditEntry, createAudit } from '../../../src/runtime/broker/audit';
import { createMetrics } from '../../../src/runtime/broker/metrics';
import { readTrail } from '../../../src/runtime/gate/audit/read-trail';
import { CONFIGURATION, LEASE, NOW, PHASE_3 } from './world';

type Line = Readonly<Record<string, unknown>>;
const isRecord = new Ajv({ strict: true }).compile({ ...auditRecordSchema(), additionalProperties: false });
const ENTRY: AuditEntry = { requestId: 'r-1', action: 'POST /credentials/checkout', outcome: 'served', status: 200, latencyMs: 12.345678, bytesIn: 10, bytesOut: 20, notes: {} };

function recorder(): { readonly lines: () => readonly string[]; readonly audit: ReturnType<typeof createAudit> } {
  const written: string[] = [];
  const audit = createAudit({ write: (line) => written.push(line), gate: '0123456789abcdef', clock: () => NOW * 1000 });
  return { lines: () => written.join('').split('\n').filter((line) => line !== ''), audit };
}

test('a record says what is known, of a lease only a hash, in the order of the table, and holds to its schema', () => {
  const { audit, lines } = recorder();
  audit({ ...ENTRY, reason: 'store-down', notes: { worker: 'w-1', job: 'job:1', credential: 'router', leaseId: LEASE.leaseId, proof: 'hmac+task', isSharedKey: true } });
  audit(ENTRY);
  const [full = {}, , bare = {}] = lines().map((line) => JSON.parse(line) as Line);
  const lease = createHash('sha256').update(LEASE.leaseId).digest('hex').slice(0, 16);
  expect(full).toMatchObject({ event: 'audit', schema: 1, seq: 1, worker: 'w-1', job: 'job:1', credential: 'router', lease, latency_ms: 12.346 });
  expect(bare).toMatchObject({ seq: 2 });
  for (const record of [full, bare]) {
    expect([isRecord(record), isRecord.errors]).toEqual([true, null]);
    const order = AUDIT_FIELDS.map(({ name }) => name).filter((name) => name in record);
    expect(Object.keys(record).slice(1)).toEqual(order);
  }
});

test('nothing is open behind a record, so that an environment may end there', () => {
  const { audit, lines } = recorder();
  for (let count = 0; count < 3; count++) audit(ENTRY);
  expect(readTrail(lines())).toMatchObject([{ gate: '0123456789abcdef', missing: 0, isInOrder: true, isEnded: true, openAtLastMark: 0, records: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] }]);
});

function measured(configuration: Parameters<typeof createMetrics>[0]['phase'], given: Omit<Parameters<ReturnType<typeof createMetrics>>[0], 'latencyMs'>): Line {
  const written: string[] = [];
  createMetrics({ write: (line) => written.push(line), namespace: 'SecureCore/Test', phase: configuration, clock: () => NOW * 1000 })({ ...given, latencyMs: 20 });
  return JSON.parse(written.join('')) as Line;
}

test('a checkout is counted, without a dimension', () => {
  const line = measured(CONFIGURATION.phase, { route: 'checkout' });
  expect(line).toEqual({
    _aws: {
      Timestamp: NOW * 1000,
      CloudWatchMetrics: [{
        Namespace: 'SecureCore/Test', Dimensions: [[]],
        Metrics: [{ Name: 'broker_requests_total', Unit: 'Count' }, { Name: 'broker_checkouts_total', Unit: 'Count' }, { Name: 'broker_request_duration_seconds', Unit: 'Seconds' }],
      }],
    },
    event: 'metrics', broker_requests_total: 1, broker_checkouts_total: 1, broker_request_duration_seconds: 0.02,
  });
});

test.each<[Reason, readonly string[]]>([
  ['malformed', []], ['bad-signature', ['refusals']], ['replayed', ['refusals', 'replays']], ['spent-join', ['refusals', 'spent_joins']], ['no-job', ['refusals', 'forbidden']],
  ['too-many', ['limited']], ['store-down', ['failures']], ['value-malformed', ['failures']],
])('a refusal for %s is counted as %j', (reason, names) => {
  const line = measured(CONFIGURATION.phase, { route: 'checkout', reason });
  expect(Object.keys(line).filter((name) => name.startsWith('broker_') && !/requests|duration/.test(name))).toEqual(names.map((name) => `broker_${name}_total`));
});

test('a migration says who still has the shared key, and how many days are left', () => {
  const phase = { kind: 'migration', shared: { ring: 'r' }, own: PHASE_3.phase.own, until: '2027-01-18' } as const;
  const said = measured(phase, { route: 'register', isSharedKey: true });
  // NOW is at eight in the morning of the 15th.
  expect(said).toMatchObject({ broker_shared_keys_total: 1, broker_migration_days_left: 3 });
  expect(measured({ ...phase, until: '2027-01-01' }, { reason: 'malformed' })).toMatchObject({ broker_shared_keys_total: 0, broker_migration_days_left: 0 });
});

test('every reason is a word that a record can hold', () => {
  for (const reason of Object.keys(REASONS)) expect(reason).toMatch(/^[a-z0-9-]{1,64}$/);
});
