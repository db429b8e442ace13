import type { AuditEntry } from '../../../src/runtime/broker/audit';
import type { AlbAnswer } from '../../../src/runtime/broker/answers';
import { handle, type HandlerParts } from '../../../src/runtime/broker/handle';
import { albEvent } from '../../../src/drill/broker/alb-event';
import type { Measured } from '../../../src/runtime/broker/metrics';
import { signedRequest, type WireRequest } from '../../support/broker-worker';
import { CONFIGURATION, HOST, NOW, SHARED, world } from './world';

const signed = (): WireRequest => signedRequest('checkout', { job_id: 'job-1', credential_id: 'router' }, { host: HOST, workerId: 'w-1', key: SHARED, timestamp: NOW });
const eventOf = ({ path, body, method = 'POST' }: WireRequest): object => {
  const headers = { 'host': HOST, 'content-type': 'application/json' };
  return albEvent({ method, url: path, rawHeaders: Object.entries(headers).flat(), headers, body: Buffer.from(body) }, 'arn');
};

interface Handled { readonly answer: AlbAnswer; readonly entries: readonly AuditEntry[]; readonly counted: readonly Measured[]; readonly order: readonly string[] }
async function handled(event: unknown, given: Parameters<typeof world>[0] = {}, changes: Partial<HandlerParts> = {}): Promise<Handled> {
  const [entries, counted]: [AuditEntry[], Measured[]] = [[], []];
  const { parts, asked: order } = world(given);
  const answer = await handle(event, {
    ...parts,
    audit: (entry) => {
      order.push('audit');
      entries.push(entry);
    },
    metrics: (measured) => {
      order.push('metrics');
      counted.push(measured);
    },
    randomId: () => 'r-1',
    ...changes,
  });
  return { answer: answer as AlbAnswer, entries, counted, order };
}

test('a credential is lent with a record of it, which is out before the answer', async () => {
  const { answer, entries, order } = await handled(eventOf(signed()));
  expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false, multiValueHeaders: { 'x-request-id': ['r-1'], 'cache-control': ['no-store'] } });
  const bytesOut = Buffer.byteLength(answer.body);
  expect(entries).toMatchObject([{ requestId: 'r-1', action: 'POST /credentials/checkout', outcome: 'served', status: 200, bytesOut, notes: { worker: 'w-1', job: 'job-1' } }]);
  expect(entries[0]?.bytesIn).toBe(Buffer.byteLength(signed().body));
  expect(order.slice(-2)).toEqual(['metrics', 'audit']);
});

test('what cannot be recorded is not lent', async () => {
  const full = (): never => {
    throw new Error('nobody reads');
  };
  await expect(handled(eventOf(signed()), {}, { audit: full })).rejects.toThrow('nobody reads');
});

test.each<[string, Parameters<typeof world>[0], number, string | undefined, object]>([
  ['a replay', { refusing: 'nonce' }, 401, undefined, { outcome: 'refused', reason: 'replayed' }],
  ['a store that is gone', { failing: 'look' }, 503, '5', { outcome: 'failed', reason: 'store-down' }],
  // NOW is at the beginning of a minute.
  ['too many', { refusing: 'rate' }, 429, '60', { outcome: 'refused', reason: 'too-many' }],
])('%s has its status, when to ask again, and its reason in the record alone', async (_, given, status, after, entry) => {
  const { answer, entries } = await handled(eventOf(signed()), given);
  expect([answer.statusCode, answer.multiValueHeaders['retry-after']?.[0]]).toEqual([status, after]);
  expect(entries).toMatchObject([{ status, ...entry }]);
  expect(answer.body).not.toContain((entry as { readonly reason: string }).reason === 'too-many' ? 'reason' : (entry as { readonly reason: string }).reason);
});

test.each<[string, unknown, number, string, string]>([
  ['another path', eventOf({ ...signed(), path: '/checkout' }), 404, 'no-route', 'POST -'],
  ['no JSON', eventOf({ ...signed(), body: 'canary' }), 400, 'malformed', 'POST /credentials/checkout'],
  ['a target group without multi-value headers', { ...eventOf(signed()), multiValueHeaders: undefined, headers: {} }, 400, 'malformed', 'POST -'],
])('%s is recorded as what it is, and reads nothing', async (_, event, status, reason, action) => {
  const { answer, entries, order } = await handled(event);
  expect([answer.statusCode, order]).toEqual([status, ['metrics', 'audit']]);
  expect(entries).toMatchObject([{ reason, action, status, notes: {} }]);
});

test('what comes without a load balancer is somebody\'s who may call the function, and is recorded too', async () => {
  const revoked = await handled({ revoke: { worker: 'w-1' } });
  expect(revoked.answer).toEqual({ epoch: 8 });
  expect(revoked.entries).toMatchObject([{ action: 'INVOKE /revoke', outcome: 'answered', notes: { worker: 'w-1', proof: 'iam' } }]);
  expect((await handled({ canary: 1 })).entries).toMatchObject([{ action: 'INVOKE -', outcome: 'refused', reason: 'malformed' }]);
  expect((await handled({ open: {} }, { failing: 'open' })).entries).toMatchObject([{ action: 'INVOKE /open', outcome: 'failed', reason: 'unavailable' }]);
});

// An alarm sounds where calls leave no line.
test.each<[string, object, Parameters<typeof world>[0], object]>([
  ['that is done', { list: {} }, {}, {}],
  ['that is refused, which is no worker\'s refusal', { canary: 1 }, {}, {}],
  ['for which a store is gone', { list: {} }, { failing: 'look' }, { reason: 'store-down' }],
])('a call without a load balancer %s is counted once, and recorded', async (_, event, given, measured) => {
  const { counted, order } = await handled(event, given);
  expect(counted).toEqual([{ ...measured, latencyMs: expect.any(Number) as number }]);
  expect(order.slice(-2)).toEqual(['metrics', 'audit']);
});

test('a token is in the answer, and in no record', async () => {
  const configuration = { ...CONFIGURATION, phase: { kind: 'per-worker-keys', own: { ring: 'own-AbCdEf', keyLifeSeconds: 3600, tokenSeconds: 600 } } } as const;
  const { answer, entries } = await handled({ invite: { worker: 'w-1', lifeSeconds: 60 } }, { configuration });
  const { token } = answer as unknown as { readonly token: string };
  expect(token).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
  for (const part of token.split('.')) expect(JSON.stringify(entries)).not.toContain(part);
});
