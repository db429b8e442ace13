import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { VECTORS } from '../../../tools/generate-worker-vectors';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import type { WireRequest } from '../../support/broker-worker';
import type { SentRequest } from '../../support/worker-requests';

const { host, now, window_seconds: window, shared, master, valid, invalid } = VECTORS;

/** The vectors' clock stands still and this broker's does not: it takes what is up to an hour off, and the test beside the reader judges by the second. */
const WINDOW = 3600;
const isOfTheSecond = ({ name }: { readonly name: string }): boolean => name.startsWith('a second too');
const TASKS = { account: '111122223333', roles: [{ name: 'workers', prefix: 'pool' }] };

let stand: BrokerStand;
let broker: StandBroker;

jest.setTimeout(120_000);

/** Has the vectors' keys, host and time, and takes every kind of key. */
beforeAll(async () => {
  stand = await BrokerStand.open();
  const ring = async (Name: string, value: object): Promise<string> => (await stand.secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }))).ARN ?? '';
  const { migration } = stand.phases;
  const phase = { ...migration, shared: { ring: await ring('vectors/shared', shared) }, own: { ...migration.own, ring: await ring('vectors/master', master), tasks: TASKS } };
  broker = await stand.broker({ configure: (configuration) => ({ ...configuration, host, phase, windowSeconds: WINDOW }), aheadMs: 1000 * Number(now) - Date.now() });
}, 180_000);
afterAll(() => stand.stop());

const wired = ({ method = 'POST', host: to, path, content_type: type = 'application/json', body }: SentRequest): WireRequest => ({ method, path, body, headers: { 'host': to, 'content-type': type } });
const lastReason = (): string | undefined => stand.records.at(-1)?.reason;

test('the vectors are many, and so are those that are no request at all', () => {
  expect(Number(window)).toBeLessThan(WINDOW);
  expect(valid.length).toBeGreaterThan(20);
  expect(invalid.filter(({ status }) => status === 400 || status === 413).length).toBeGreaterThanOrEqual(40);
  expect(invalid.filter(isOfTheSecond)).toHaveLength(2);
});

test.each(invalid.filter((vector) => !isOfTheSecond(vector)).map((vector) => [vector.status, vector.name, vector] as const))('%d: %s', async (status, _name, vector) => {
  expect(await broker.send(wired(vector))).toMatchObject({ status, body: { error: vector.error }, headers: { 'cache-control': 'no-store' } });
  const { reason, worker } = stand.records.at(-1) ?? {};
  expect([reason, worker]).toEqual([expect.stringMatching(status === 401 ? /^(bad-signature|wrong-host)$/ : /^(malformed|too-large|no-route)$/), undefined]);
});

test('none of those has left anything in a table', async () => {
  expect(await stand.state()).toBe('[]');
});

test.each(valid.map((vector) => [vector.name, vector] as const))('taken, and taken once: %s', async (_name, vector) => {
  await broker.send(wired(vector));
  const { task_proof: task, worker_id: worker } = JSON.parse(vector.body) as Readonly<Record<string, string>>;
  // What a task signed here, nobody at AWS has heard of; that is asked once the request's own signature holds.
  if (task !== undefined) expect(lastReason()).toBe('task-mismatch');
  else expect(stand.records.at(-1)?.worker).toBe(worker);
  const again = await broker.send(wired(vector));
  expect([again.status, lastReason()]).toEqual([401, task === undefined ? 'replayed' : 'task-mismatch']);
});
