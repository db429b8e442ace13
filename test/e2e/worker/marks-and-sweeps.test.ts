import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EXIT_VARIABLE, type ExitConfiguration, SWEEP_VARIABLE, type SweepConfiguration } from '../../../src/broker/contract';
import { DUE_PARTITION } from '../../../src/broker/items/contract';
import type { ListAnswer } from '../../../src/broker/operations/contract';
import { AHEAD_VARIABLE } from '../../../src/drill/keeping/function';
import { type AlbFront, startAlbFront } from '../../../src/drill/broker/alb-front';
import { startAwsRelay } from '../../support/aws-relay';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';

let stand: BrokerStand;
let broker: StandBroker;
const fronts: AlbFront[] = [];

jest.setTimeout(120_000);

beforeAll(async () => {
  stand = await BrokerStand.open();
  broker = await stand.broker();
}, 180_000);
afterAll(async () => {
  await Promise.all(fronts.map((front) => front.stop()));
  await stand.stop();
});

async function functionOf(name: 'exit' | 'sweep', env: Readonly<Record<string, string>>, endpoint?: string): Promise<{ readonly invoke: AlbFront['invoke']; readonly log: () => string }> {
  let log = '';
  const front = await startAlbFront({ file: stand.bundle(name), env: { ...stand.environment(endpoint), ...env }, onOutput: (text) => { log += text; } });
  fronts.push(front);
  return { invoke: (event) => front.invoke(event), log: () => log };
}

describe('the function that hears of stopped tasks', () => {
  const CLUSTER = 'arn:aws:ecs:eu-central-1:111122223333:cluster/core';
  const stopped = (task: string): object => ({ detail: { lastStatus: 'STOPPED', clusterArn: CLUSTER, group: 'service:pool', taskArn: `arn:aws:ecs:eu-central-1:111122223333:task/core/${task}` } });
  const exit = (): ReturnType<typeof functionOf> => {
    const configuration: ExitConfiguration = { version: 1, region: 'eu-central-1', stateTable: stand.tables.state, pools: [{ cluster: CLUSTER, group: 'service:pool', prefix: 'pool' }] };
    return functionOf('exit', { [EXIT_VARIABLE]: JSON.stringify(configuration) });
  };

  test('ends the leases of a task that was killed, and nobody else\'s', async () => {
    const { invoke, log } = await exit();
    const [killed, other] = [broker.worker('pool-0123abcd'), broker.worker('pool-4567abcd')];
    const leases = await Promise.all([killed, other].map(async (worker) => {
      await worker.register();
      const job = await stand.job({ worker: worker.id });
      return { worker, job, lease: (await worker.checkout(job, 'router')).body.lease_id };
    }));
    await invoke(stopped('0123abcd'));
    const statuses = await Promise.all(leases.map(async ({ worker, job, lease }) => [(await worker.lease('renew', job, 'router', lease)).status, (await worker.checkout(job, 'router')).status]));
    expect(statuses).toEqual([[401, 401], [200, 200]]);
    expect(log()).toContain('"action":"TASK /stopped"');
    // Who is told of once more, or never came, changes nothing.
    await invoke(stopped('0123abcd'));
    await invoke(stopped('nobody'));
    expect(await stand.state()).not.toContain('pool-nobody');
    expect((await killed.register()).status).toBe(200);
    expect((await killed.lease('renew', leases[0]?.job ?? '', 'router', leases[0]?.lease)).status).toBe(403);
  });

  test('does not bring back who was revoked', async () => {
    const { invoke } = await exit();
    const worker = broker.worker('pool-revoked');
    await worker.register();
    await broker.front.invoke({ revoke: { worker: worker.id } });
    await invoke(stopped('revoked'));
    const { Item } = await stand.dynamo.send(new GetItemCommand({ TableName: stand.tables.state, Key: { pk: { S: 'worker#pool-revoked' }, sk: { S: 'worker' } } }));
    expect(Item).toMatchObject({ state: { S: 'revoked' } });
    expect(Item).not.toHaveProperty('expiresAt');
  });
});

describe('the function that has credentials rotated', () => {
  test('asks for it once the last lease is over, and not before', async () => {
    const rotating = await stand.broker({
      configure: (configuration) => ({ ...configuration, credentials: [{ id: 'router', kind: 'ssh', secret: stand.arns.get('router') ?? '', rotates: true }] }),
    });
    const relay = await startAwsRelay(stand.emulator.endpoint);
    relay.decide(({ target }) => (target.endsWith('RotateSecret') ? 'cut' : 'pass'));
    const configuration: SweepConfiguration = {
      version: 1, region: 'eu-central-1', stateTable: stand.tables.state, secretArns: stand.configuration.secretArns, credentials: [{ id: 'router', secret: stand.arns.get('router') ?? '' }],
    };
    const told = { [SWEEP_VARIABLE]: JSON.stringify(configuration) };
    const [now, later, much] = await Promise.all([0, 400_000, 2_000_000].map((ms) => functionOf('sweep', { ...told, [AHEAD_VARIABLE]: String(ms), AWS_MAX_ATTEMPTS: '1' }, relay.endpoint)));
    const worker = rotating.worker('w-rotates');
    await worker.register();
    const job = await stand.job({ worker: worker.id });
    await worker.checkout(job, 'router');
    const asked = (): number => relay.calls.filter(({ target }) => target.endsWith('RotateSecret')).length;
    await now?.invoke({});
    expect(asked()).toBe(0);
    // What it did not hear the answer of is tried again.
    await expect(later?.invoke({})).rejects.toThrow('1 of 1 credentials could not be rotated');
    expect(asked()).toBe(1);
    expect(await stand.state()).toContain(`"${DUE_PARTITION}"`);
    relay.decide(() => 'pass');
    await much?.invoke({});
    expect(asked()).toBe(2);
    expect(relay.calls.findLast(({ target }) => target.endsWith('RotateSecret'))?.body).toContain(stand.arns.get('router'));
    expect(await stand.state()).not.toContain(`"${DUE_PARTITION}"`);
    await relay.stop();
  });
});

test('workers are listed page by page, each as it is', async () => {
  const ids = Array.from({ length: 120 }, (_, index) => `listed-${String(index).padStart(3, '0')}`);
  for (const id of ids) await broker.worker(id).register();
  await broker.front.invoke({ revoke: { worker: 'listed-007' } });
  const listed: ListAnswer['workers'][number][] = [];
  let after: string | undefined;
  do {
    const page = await broker.front.invoke({ list: after === undefined ? {} : { after } }) as ListAnswer;
    listed.push(...page.workers);
    ({ after } = page);
  } while (after !== undefined);
  expect(listed.map(({ worker }) => worker).filter((worker) => worker.startsWith('listed-'))).toEqual(ids);
  expect(listed.find(({ worker }) => worker === 'listed-007')).toMatchObject({ state: 'revoked', kind: 'shared' });
});
