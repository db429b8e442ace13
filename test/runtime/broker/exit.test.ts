import type { AuditEntry } from '../../../src/runtime/broker/audit';
import { markStopped } from '../../../src/runtime/broker/exit';
import { NOW } from './world';

const CLUSTER = 'arn:aws:ecs:eu-central-1:111122223333:cluster/core';
const TASK = 'arn:aws:ecs:eu-central-1:111122223333:task/core/0123abcd';
const EVENT = { 'detail-type': 'ECS Task State Change', 'detail': { lastStatus: 'STOPPED', clusterArn: CLUSTER, group: 'service:pool', taskArn: TASK } };
const change = (detail: object): object => ({ ...EVENT, detail: { ...EVENT.detail, ...detail } });

async function told(event: unknown, isKnown = true): Promise<{ readonly stopped: readonly unknown[]; readonly records: readonly AuditEntry[] }> {
  const [stopped, records]: [unknown[], AuditEntry[]] = [[], []];
  await markStopped(event, {
    configuration: { pools: [{ cluster: CLUSTER, group: 'service:other', prefix: 'other' }, { cluster: CLUSTER, group: 'service:pool', prefix: 'pool' }] },
    workers: {
      stopped: (...asked) => {
        stopped.push(asked);
        return Promise.resolve(isKnown);
      },
    },
    audit: (entry) => records.push(entry),
    clock: () => NOW * 1000,
    randomId: () => 'r-1',
  });
  return { stopped, records };
}

test('the worker of a task that has stopped is marked, and a record says so', async () => {
  const { stopped, records } = await told(EVENT);
  expect(stopped).toEqual([['pool-0123abcd', NOW]]);
  expect(records).toMatchObject([{ action: 'TASK /stopped', outcome: 'answered', notes: { worker: 'pool-0123abcd', proof: 'iam' } }]);
  expect(records[0]?.reason).toBeUndefined();
});

test('a task that never registered is told of as well', async () => {
  expect((await told(EVENT, false)).records).toMatchObject([{ reason: 'unknown-worker' }]);
});

test.each([
  undefined, {}, { detail: 1 }, change({ lastStatus: 'RUNNING' }), change({ lastStatus: 'STOPPING' }), change({ group: 'service:pool2' }), change({ clusterArn: `${CLUSTER}2` }),
  change({ taskArn: 'task/core/a' }), change({ taskArn: 'arn:aws:ecs:eu-central-1:111122223333:task/core/a#b' }), change({ taskArn: 1 }),
])('%j marks nobody', async (event) => {
  expect(await told(event)).toEqual({ stopped: [], records: [] });
});

test('a table that does not answer has the event sent again', async () => {
  const failing = markStopped(EVENT, {
    configuration: { pools: [{ cluster: CLUSTER, group: 'service:pool', prefix: 'pool' }] },
    workers: { stopped: () => Promise.reject(new Error('down')) },
    audit: () => undefined, clock: Date.now, randomId: () => 'r',
  });
  await expect(failing).rejects.toThrow('down');
});
