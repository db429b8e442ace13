import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { type AclUser, findRedis, type RunningRedis, startRedis } from '../../../src/drill/services/redis';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import type { RateConfiguration } from '../../../src/gate/rate/contract';
import { connected, grants, hardlyRefilled, isGranted, leasesOf, PLAN, rateOf, reasons, type TestGate, testGate, until } from '../../support/limiter';
import { movableAddress, type MovableAddress } from '../../support/movable-address';
import { type Ask, asUser, gateUsers } from '../../support/redis';

const INSPECTOR: AclUser = { userName: 'inspector', accessString: 'on ~* &* +@all', keyPrefixes: [''], password: randomUUID() };

let supervisor: Supervisor;
let pki: Pki;
let users: AclUser[];
let primary: RunningRedis;
let replica: RunningRedis;
let address: MovableAddress;
const gates: TestGate[] = [];

const ask = <T>(redis: RunningRedis, use: (command: Ask) => Promise<T>): Promise<T> => asUser({ redis }, INSPECTOR, use);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

function gate(others: Partial<RateConfiguration> = {}): TestGate {
  const user = users.find(({ userName }) => userName !== 'default');
  const made = testGate(rateOf({ host: '127.0.0.1', port: address.port }, user?.userName ?? '', { plan: { ...PLAN, general: hardlyRefilled(100) }, ...others }), user?.password ?? '', pki.serverCaPem);
  gates.push(made);
  return made;
}

async function openStreams(redis: RunningRedis): Promise<number> {
  return ask(redis, async (command) => {
    const counts = await Promise.all([await command('KEYS', '*:streams')].flat().map((key) => command('ZCARD', String(key))));
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  });
}

/** As many as there are in any moment from now on. */
function watchStreams(redis: RunningRedis): () => Promise<number> {
  let most = 0;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) most = Math.max(most, await openStreams(redis));
  })();
  return async () => {
    over.abort();
    await watching;
    return most;
  };
}

/** Replication is asynchronous: waits until the replica has all that the primary has. */
async function replicated(): Promise<void> {
  const offset = async (redis: RunningRedis, name: string): Promise<string | undefined> => {
    const text = String(await ask(redis, (command) => command('INFO', 'replication')));
    return new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1];
  };
  await until(async () => {
    const [ours, theirs] = [await offset(primary, 'master_repl_offset'), await offset(replica, 'slave_repl_offset')];
    return ours === theirs || undefined;
  });
}

async function startReplica(): Promise<RunningRedis> {
  const started = await startRedis({ supervisor, pki, users, toolbox: await openToolbox(() => undefined) });
  const caFile = path.join(supervisor.folder, 'server-ca.pem');
  await writeFile(caFile, pki.serverCaPem, { mode: 0o600 });
  const isOwnTls = primary.engine.endsWith('with its own TLS');
  // Else the primary waits for other replicas that might come.
  await ask(primary, (command) => command('CONFIG', 'SET', 'repl-diskless-sync-delay', '0'));
  await ask(started, async (command) => {
    if (isOwnTls) {
      await command('CONFIG', 'SET', 'tls-ca-cert-file', caFile);
      await command('CONFIG', 'SET', 'tls-replication', 'yes');
    }
    await command('CONFIG', 'SET', 'masteruser', INSPECTOR.userName, 'masterauth', INSPECTOR.password);
    await command('REPLICAOF', primary.host, String(primary.port));
  });
  await until(async () => /master_link_status:up/.test(String(await ask(started, (command) => command('INFO', 'replication')))) || undefined);
  return started;
}

// The toolbox's has no TLS of its own, and so cannot replicate from one that has.
const describeWithRedis = findRedis() === undefined ? describe.skip : describe;

describeWithRedis('a replica that is promoted', () => {
  beforeEach(async () => {
    [supervisor, pki] = await Promise.all([Supervisor.open(), createPki()]);
    users = [...gateUsers(), INSPECTOR];
    primary = await startRedis({ supervisor, pki, users, toolbox: await openToolbox(() => undefined) });
    replica = await startReplica();
    address = await movableAddress(primary.port);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(gates.splice(0).map((made) => made.stop()));
    address.stop();
    await supervisor.stop();
  });

  test('is followed: closed until then, open by itself after, and what was counted is counted still', async () => {
    const [one, other] = [gate(), gate()];
    await Promise.all([connected(one), connected(other)]);
    const leases = leasesOf([...await Promise.all(times(3, () => one.take('alice', { isStream: true }))), ...await Promise.all(times(2, () => other.take('alice', { isStream: true })))]);
    expect(leases).toHaveLength(5);
    expect(grants(await Promise.all(times(55, () => one.take('alice'))))).toHaveLength(55);
    await replicated();
    await primary.kill();
    expect(await one.take('alice')).toMatchObject({ code: 'unavailable' });
    expect(await other.take('alice')).toMatchObject({ code: 'unavailable' });
    address.moveTo(replica.port);
    // The name leads there before the replica has been promoted.
    await until(() => one.told.events.some(({ code }) => code === 'redis-read-only') || undefined);
    expect(await one.take('alice')).toMatchObject({ code: 'unavailable' });
    const watched = watchStreams(replica);
    await ask(replica, (command) => command('REPLICAOF', 'NO', 'ONE'));
    await Promise.all([connected(one), connected(other)]);
    const after = await Promise.all(times(60, (index) => (index % 2 === 0 ? one : other).take('alice')));
    expect(grants(after)).toHaveLength(40);
    expect(reasons(await Promise.all([one, other].map((gateOf) => gateOf.take('alice', { isStream: true }))))).toEqual(['rate-general', 'rate-general']);
    expect(await watched()).toBe(5);
    expect(leases.map(({ lost }) => lost.aborted)).toEqual(times(5, () => false));
  }, 60_000);

  test('that knows of no stream is told of those that are open, and takes no sixth one', async () => {
    const [one, other] = [gate(), gate()];
    await Promise.all([connected(one), connected(other)]);
    const leases = leasesOf(await Promise.all(times(6, (index) => (index % 2 === 0 ? one : other).take('alice', { isStream: true }))));
    expect(leases).toHaveLength(5);
    await ask(replica, (command) => command('REPLICAOF', 'NO', 'ONE'));
    await ask(replica, (command) => command('FLUSHALL'));
    address.moveTo(replica.port);
    const watched = watchStreams(replica);
    await primary.kill();
    await until(async () => (await openStreams(replica) === 5 ? true : undefined));
    await Promise.all([connected(one), connected(other)]);
    expect(reasons(await Promise.all([one, other].map((gateOf) => gateOf.take('alice', { isStream: true }))))).toEqual(['streams', 'streams']);
    expect(await watched()).toBe(5);
    expect([one.told.lost, other.told.lost]).toEqual([0, 0]);
  }, 60_000);

  test('where somebody was faster: whoever finds no place is told to end, and the others go on', async () => {
    const one = gate();
    await connected(one);
    const leases = leasesOf(await Promise.all(times(5, () => one.take('alice', { isStream: true }))));
    await ask(replica, (command) => command('REPLICAOF', 'NO', 'ONE'));
    await ask(replica, (command) => command('FLUSHALL'));
    address.moveTo(replica.port);
    const faster = gate();
    await connected(faster);
    expect(grants(await Promise.all(times(3, () => faster.take('alice', { isStream: true }))))).toHaveLength(3);
    const watched = watchStreams(replica);
    await primary.kill();
    await until(() => (one.told.lost === 3 ? true : undefined));
    expect(leases.filter(({ lost }) => lost.aborted)).toHaveLength(3);
    expect(one.told.leases.at(-1)).toBe(2);
    expect(await watched()).toBe(5);
    leases.forEach((lease) => lease.release());
    expect(await until(async () => (await openStreams(replica) === 3 ? 3 : undefined))).toBe(3);
  }, 60_000);

  test('is waited for by a gate that counts by itself meanwhile', async () => {
    const one = gate({ onRedisLost: { kind: 'count', gates: 2 } });
    await connected(one);
    await replicated();
    await primary.kill();
    const meanwhile = await Promise.all(times(60, () => one.take('bob')));
    expect(grants(meanwhile)).toHaveLength(50);
    address.moveTo(replica.port);
    await ask(replica, (command) => command('REPLICAOF', 'NO', 'ONE'));
    await connected(one);
    expect(isGranted(await one.take('bob'))).toBe(true);
    expect(one.told.events.map(({ event }) => event).filter((event) => event.startsWith('limits-'))).toEqual(['limits-local', 'limits-shared']);
  }, 60_000);
});
