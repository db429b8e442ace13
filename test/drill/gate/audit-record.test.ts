import type { AuditRecord } from '../../../src/audit/contract';
import { faultsOf } from '../../../src/drill/gate/attacks/audit-record';

const RECORD: AuditRecord & { readonly event: string } = {
  event: 'audit', schema: 1, time: '2026-01-02T03:04:05.678Z', gate: '0a1b2c3d-4e5f', seq: 1, request_id: '3229d5f7-81e0-4a9c-9792-dea16a52ec2e',
  identity: '0123456789abcdef0123456789abcdef', proof: 'certificate+token', action: 'POST /v1/chat/*', outcome: 'served', status: 200, latency_ms: 1.25, bytes_in: 0, bytes_out: 2, stream: true,
  model: 'gpt-5', total_tokens: 7,
};

test('a record with all that it needs, and what it may say besides, has no fault', () => {
  expect(faultsOf(RECORD)).toEqual([]);
});

test.each<[string, object, string]>([
  ['an unknown field', { path: '/v1/secret' }, 'the field path'],
  ['a name in the place of its hash', { identity: 'alice' }, 'another kind of identity'],
  ['a whole hash', { identity: 'a'.repeat(64) }, 'another kind of identity'],
  ['a time without a zone', { time: '2026-01-02T03:04:05' }, 'another kind of time'],
  ['a sequence that begins at none', { seq: 0 }, 'another kind of seq'],
  ['a negative latency', { latency_ms: -1 }, 'another kind of latency_ms'],
  ['an action with a blank in its path', { action: 'GET /a b' }, 'another kind of action'],
  ['another outcome', { outcome: 'lost' }, 'another kind of outcome'],
  ['a reason in a caller\'s own words', { reason: 'Bad token: x' }, 'another kind of reason'],
  ['a status that is none', { status: 0 }, 'another kind of status'],
  ['another schema', { schema: 2 }, 'another kind of schema'],
])('%s is a fault', (_, change, fault) => {
  expect(faultsOf({ ...RECORD, ...change })).toEqual([fault]);
});

test('what is missing is named', () => {
  const { seq, time, ...others } = RECORD;
  expect(faultsOf(others)).toEqual(['no time', 'no seq']);
  expect([seq, time]).toEqual([1, '2026-01-02T03:04:05.678Z']);
});
