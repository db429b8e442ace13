import { randomUUID } from 'node:crypto';
import calculateSlot from 'cluster-key-slot';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import { type AclUser, findRedis } from '../../../src/drill/services/redis';
import type { RateConfiguration } from '../../../src/gate/rate/contract';
import { keysOf } from '../../../src/runtime/gate/limiter/plans';
import { connected, grants, hardlyRefilled, isGranted, leasesOf, PLAN, rateOf, reasons, type TestGate, testGate, until } from '../../support/limiter';
import { gateUsers } from '../../support/redis';
import { type ClusterNode, startCluster } from '../../support/redis-cluster';

const INSPECTOR: AclUser = { userName: 'inspector', accessString: 'on ~* &* +@all', keyPrefixes: [''], password: randomUUID() };
const program = findRedis();

let supervisor: Supervisor;
let pki: Pki;
let nodes: ClusterNode[];
const users = gateUsers();
const gates: TestGate[] = [];

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

function gate(others: Partial<RateConfiguration> = {}, node: ClusterNode | undefined = nodes[1]): TestGate {
  const user = users.find(({ userName }) => userName !== 'default');
  const rate = rateOf({ host: '127.0.0.1', port: node?.port ?? 0 }, user?.userName ?? '', { plan: { ...PLAN, general: hardlyRefilled(100) }, ...others }, true);
  const made = testGate(rate, user?.password ?? '', pki.serverCaPem);
  gates.push(made);
  return made;
}

/** A caller for each server, so that each has to be asked. */
function subjects(count: number): string[] {
  return times(count, (index) => {
    for (let attempt = 0; ; attempt += 1) {
      const slot = calculateSlot(keysOf('gate', { subject: `s-${index}-${attempt}` }).general);
      if (Math.floor((slot * 3) / 16_384) === index % 3) return `s-${index}-${attempt}`;
    }
  });
}

// The toolbox's has no TLS of its own, and servers of a cluster speak to each other.
(program === undefined ? describe.skip : describe)('a cluster of three servers', () => {
  beforeAll(async () => {
    [supervisor, pki] = await Promise.all([Supervisor.open(), createPki()]);
    nodes = await startCluster({ supervisor, pki, users, inspector: INSPECTOR, program: program ?? '', masters: 3 });
  }, 120_000);
  afterEach(() => Promise.all(gates.splice(0).map((made) => made.stop())));
  afterAll(() => supervisor.stop());

  test('counts every caller exactly, over all servers and gates', async () => {
    const both = [gate(), gate({}, nodes[0])];
    await Promise.all(both.map((one) => connected(one)));
    const callers = subjects(6);
    const outcomes = await Promise.all(callers.map((subject) => Promise.all(times(300, (index) => both[index % 2]?.take(subject) ?? Promise.reject(new Error('There is no gate.'))))));
    expect(outcomes.map((one) => grants(one).length)).toEqual(times(6, () => 100));
    for (const node of nodes.slice(0, 3)) expect(await node.ask((command) => command('DBSIZE'))).toBeGreaterThanOrEqual(2);
  }, 60_000);

  test('opens five streams of each caller, renews those of all servers, and gives them back', async () => {
    const one = gate();
    await connected(one);
    const callers = subjects(9);
    const outcomes = await Promise.all(callers.flatMap((subject) => times(7, () => one.take(subject, { tier: 'heavy', isStream: true }))));
    expect(leasesOf(outcomes)).toHaveLength(45);
    expect(reasons(outcomes).filter((reason) => reason === 'streams')).toHaveLength(18);
    const open = async (): Promise<string[]> => {
      const keys = await Promise.all(nodes.slice(0, 3).map((node) => node.ask((command) => command('KEYS', '*:streams'))));
      return keys.flat().map(String);
    };
    expect(await open()).toHaveLength(9);
    // Forgotten by all servers, and taken again by the heartbeat.
    await Promise.all(nodes.slice(0, 3).map((node) => node.ask((command) => command('FLUSHALL'))));
    expect(await open()).toEqual([]);
    await until(async () => ((await open()).length === 9 ? true : undefined));
    leasesOf(outcomes).forEach((lease) => lease.release());
    await until(async () => ((await open()).length === 0 ? true : undefined));
    expect(one.told.lost).toBe(0);
  }, 60_000);

  test('is asked in one call for each slot, however many requests there are', async () => {
    const one = gate();
    await connected(one);
    const calls = async (): Promise<number> => {
      const texts = await Promise.all(nodes.slice(0, 3).map((node) => node.ask((command) => command('INFO', 'commandstats'))));
      return texts.map(String).flatMap((text) => [...text.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)]).reduce((sum, [, figure]) => sum + Number(figure), 0);
    };
    const callers = subjects(12);
    const slots = new Set(callers.map((subject) => calculateSlot(keysOf('gate', { subject }).general)));
    const before = await calls();
    expect(grants(await Promise.all(callers.flatMap((subject) => times(5, () => one.take(subject, { tier: 'heavy' }))))).length).toBe(60);
    expect(await calls() - before).toBe(slots.size);
  }, 60_000);

  test('one of whose servers is killed refuses until its replica has its place, then goes on and keeps what is open', async () => {
    const one = gate();
    await connected(one);
    const [subject = ''] = subjects(1);
    const streams = leasesOf(await Promise.all(times(6, () => one.take(subject, { tier: 'heavy', isStream: true }))));
    expect(streams).toHaveLength(5);
    await nodes[0]?.kill();
    expect(await one.take(subject)).toMatchObject({ code: 'unavailable' });
    await until(async () => isGranted(await one.take(subject)) || undefined);
    expect(await one.take(subject, { tier: 'light', isStream: true })).toMatchObject({ reason: 'streams' });
    expect(streams.filter(({ lost }) => lost.aborted)).toEqual([]);
    const keys = await nodes[3]?.ask(async (command) => [await command('KEYS', keysOf('gate', { subject }).streams)].flat());
    expect(keys).toHaveLength(1);
  }, 90_000);
});
