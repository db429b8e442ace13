import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GateConfiguration, REVOCATION_MAX_AGE_SECONDS, REVOCATION_POLL_SECONDS } from '../../src/gate/contract';
import { questionOf } from '../../src/cli/audit/queries';
import type { Ran } from '../support/command-line';
import { type GateProcess, type GateRunner, gateRunner } from '../support/gate-process';
import { gateConfiguration, RecordingCore } from '../support/gate-server';
import { askInsights } from '../support/insights';
import { rateOf } from '../support/limiter';
import { type RedisStage, setRedis } from '../support/redis';
import { INTERNAL_KEY, Rehearsal, STACK } from '../support/rehearsal';
import { linesOf, wordsOf } from '../support/runbooks';

const [APP, OLD] = ['https://app.acme.com', 'https://old.acme.com'];
/** As in the runbook, so that its lines are run as they stand there. */
const [OWNER, ADMIN] = ['platform', '8a1c2d3e-0000-4000-8000-000000000001'];
const REPLICAS = 2;

let rehearsal: Rehearsal;
let redis: RedisStage;
let core: RecordingCore;
let runner: GateRunner;
let replicas: GateProcess[];
const stops: (() => Promise<void>)[] = [];
const shipped = new Map<GateProcess, number>();
/** An internal service that takes what stands in the secret, as one that was just rolled out. */
let internal: Server;

function configured(...origins: string[]): GateConfiguration {
  return {
    ...gateConfiguration(core.port, {
      identity: { admin: { subjectHeader: 'x-amzn-oidc-identity', cookieName: 'SecureCoreAdmin' } },
      cors: { origins, credentials: false, headers: ['x-api-key'], maxAgeSeconds: 60 },
    }),
    // The admin plane is the load balancer's to write about, so that there is none in the other profile.
    profile: 'remote',
    rate: rateOf(redis.redis, redis.gate.userName),
  };
}

async function roll(configuration: GateConfiguration): Promise<void> {
  const before = replicas;
  const secrets = { GATE_AUDIT_KEY: await rehearsal.auditKey(), GATE_REDIS_PASSWORD: redis.gate.password };
  replicas = [];
  for (let at = 0; at < REPLICAS; at += 1) replicas.push(await runner.start(configuration, secrets, redis.redis.caPem, rehearsal.table));
  await Promise.all(before.map((gate) => gate.kill('SIGTERM')));
}

interface Asked {
  readonly status: number;
  readonly allowed?: string;
}

function ask({ port }: GateProcess, path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Asked> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, allowed: response.headers['access-control-allow-origin'] }));
    }).on('error', reject).end();
  });
}

const everywhere = (path: string, headers: Readonly<Record<string, string>>): Promise<number[]> => Promise.all(replicas.map(async (gate) => (await ask(gate, path, headers)).status));

/** Runs a line and says how long after its end each replica first refused; all of them asked all the while. */
async function untilRefused(run: () => Promise<Ran>, path: string, headers: Readonly<Record<string, string>>, status: number, what: string): Promise<Ran> {
  const startedAt = performance.now();
  const refusals = replicas.map(async (gate) => {
    const deadline = performance.now() + 60_000;
    while ((await ask(gate, path, headers)).status !== status) {
      if (performance.now() > deadline) throw new Error(`Replica ${gate.port} still takes it.`);
      await sleep(25);
    }
    return performance.now();
  });
  const [ran, ...refusedAt] = await Promise.all([run().then((done) => ({ done, endedAt: performance.now() })), ...refusals]);
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  const each = refusedAt.map((at) => seconds(at - startedAt)).join(' s, ');
  process.stdout.write(`${what}: refused by each replica ${each} s after the command was started, which took ${seconds(ran.endedAt - startedAt)} s\n`);
  // It was written before the command ended, and a list that is older than this lets nobody through.
  for (const at of refusedAt) expect(at - ran.endedAt).toBeLessThan(REVOCATION_MAX_AGE_SECONDS * 1000);
  return ran.done;
}

/** The lines of a step of the runbook, in which what only this deployment knows is filled in. */
function step(heading: string, filled: Readonly<Record<string, string>> = {}, page = 'compromise.md'): string[][] {
  const lines = linesOf(page).filter((line) => line.heading.startsWith(heading)).flatMap((line) => {
    const words = wordsOf(line);
    return words === undefined ? [] : [words.map((word) => filled[word] ?? word)];
  });
  expect(lines.length).toBeGreaterThan(0);
  return lines;
}

const [DOC_ID, DOC_HASH, DOC_REQUEST] = ['5f0c1d2e3a4b', '80999cd9f7900347afd61521e9983769', '0b3f1a2c-1111-4222-8333-444455556666'];

async function makeKey(owner: string): Promise<string> {
  const { code, out } = await rehearsal.run(['keys', 'create', STACK, '--owner', owner, '--scope', 'chat']);
  expect(code).toBe(0);
  return out.trim();
}

async function ship(): Promise<void> {
  for (const gate of replicas) shipped.set(gate, await rehearsal.ship(gate, shipped.get(gate) ?? 0));
}

beforeAll(async () => {
  replicas = [];
  core = await RecordingCore.start();
  stops.push(() => core.stop());
  redis = await setRedis();
  stops.push(() => redis.stop());
  rehearsal = await Rehearsal.open();
  stops.push(() => rehearsal.close());
  runner = await gateRunner();
  stops.push(() => runner.stop());
  await rehearsal.deploy(configured(APP, OLD));
  await roll(configured(APP, OLD));
  internal = createServer((incoming, response) => {
    rehearsal.internalKeys().then((keys) => response.writeHead(keys.has(String(incoming.headers['x-internal-key'])) ? 200 : 401).end(), () => response.writeHead(503).end());
  });
  internal.listen(0, '127.0.0.1');
  await once(internal, 'listening');
  stops.push(() => {
    internal.closeAllConnections();
    internal.close();
    return Promise.resolve();
  });
}, 300_000);
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

const calls = async (key: string): Promise<number> => (await fetch(`http://127.0.0.1:${(internal.address() as AddressInfo).port}/`, { headers: { 'x-internal-key': key } })).status;

/** One story: the five steps of the runbook, in their order, by its own lines. */
describe('a compromise, rehearsed', () => {
  let stolen: string;
  let other: string;

  test('begins with keys that are served by every replica, one of them stolen', async () => {
    [stolen, other] = [await makeKey(OWNER), await makeKey('bystander')];
    for (const key of [stolen, other]) expect(await everywhere('/v1/chat', { 'x-api-key': key, 'x-request-id': DOC_REQUEST })).toEqual([200, 200]);
  }, 60_000);

  test('step 1: the key is revoked, every replica refuses it, and others go on', async () => {
    const [byOwner = [], byId = [], byHash = []] = step('1.', { [DOC_ID]: createHash('sha256').update(stolen).digest('hex').slice(0, 12), [DOC_HASH]: await hashOf(OWNER) });
    const what = `keys revoke (lists are read every ${REVOCATION_POLL_SECONDS} s, and trusted for ${REVOCATION_MAX_AGE_SECONDS} s)`;
    const ran = await untilRefused(() => rehearsal.run(byOwner), '/v1/chat', { 'x-api-key': stolen }, 401, what);
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining(`of ${OWNER}.`) as string });
    // The other two ways lead to the same key, which stays revoked.
    for (const words of [byId, byHash]) expect(await rehearsal.run(words)).toMatchObject({ code: 0, err: expect.stringContaining('was revoked at') as string });
    expect(await everywhere('/v1/chat', { 'x-api-key': other })).toEqual([200, 200]);
  }, 120_000);

  test('step 2: the logs say who did what, whose hash it is, and what became of a request', async () => {
    await ship();
    const lines = step('2.', { [DOC_HASH]: await hashOf(OWNER) });
    const answers: (Ran & { readonly words: string })[] = [];
    for (const words of lines) answers.push({ words: words.join(' '), ...await rehearsal.run(words) });
    const answerOf = (part: string): Ran => answers.find(({ words }) => words.includes(part)) ?? { code: null, out: '', err: '' };
    for (const line of ['usage --since 24h', 'usage --since 7d', 'failures', 'request ']) expect(answerOf(line)).toMatchObject({ code: 0, err: expect.stringMatching(/^\d+ lines since/) as string });
    expect(answerOf('keys list')).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`${await hashOf(OWNER)} +revoked +${OWNER}`)) as string });
    // The emulator reads the log group and leaves the question out; what it would be answered is asked of the same lines.
    const said = replicas.flatMap(({ lines: all }) => all);
    const [hash, bystander] = await Promise.all([OWNER, 'bystander'].map(hashOf));
    const usage = askInsights(questionOf('usage').text({}), said);
    expect(usage).toContainEqual(expect.objectContaining({ identity: hash, proof: 'key', action: 'ANY /v1/*', outcome: 'served' }));
    expect(usage).toContainEqual(expect.objectContaining({ identity: bystander, outcome: 'served' }));
    expect(new Set(askInsights(questionOf('usage').text({ identity: hash }), said).map(({ identity }) => identity))).toEqual(new Set([hash]));
    expect(askInsights(questionOf('failures').text({}), said)).toContainEqual(expect.objectContaining({ reason: expect.stringMatching(/^(?:key-)?revoked$/) as string, status: 401 }));
    const story = askInsights(questionOf('request').text({ requestId: DOC_REQUEST }), said);
    expect(story.map(({ identity, status }) => [identity, status]).sort()).toEqual([[hash, 200], [hash, 200], [bystander, 200], [bystander, 200]].sort());
    // Nobody told this stack to keep reads of its secrets, and it says so.
    expect(answerOf('secrets')).toMatchObject({ code: 2, err: expect.stringContaining('keeps no reads of its secrets') as string });
  }, 120_000);

  test("step 3: an administrator's old login is refused by every replica, and another's is not", async () => {
    const login = { 'x-amzn-oidc-identity': ADMIN };
    expect(await everywhere('/admin/users', login)).toEqual([200, 200]);
    const [revoke = []] = step('3.');
    expect(await untilRefused(() => rehearsal.run(revoke), '/admin/users', login, 401, 'keys revoke --admin')).toMatchObject({ code: 0 });
    expect(await everywhere('/admin/users', { 'x-amzn-oidc-identity': 'somebody-else' })).toEqual([200, 200]);
  }, 120_000);

  test('step 4: the internal key is another, and neither the old one nor the one that stood beside it is taken', async () => {
    const before = await rehearsal.internalKeys();
    for (const key of before) expect(await calls(key)).toBe(200);
    const [list = [], rotate = []] = step('4.');
    expect(await rehearsal.run(list)).toMatchObject({ code: 0, out: expect.stringContaining(`${STACK}/${INTERNAL_KEY}`) as string });
    const startedAt = performance.now();
    expect(await rehearsal.run(rotate)).toMatchObject({ code: 0, out: expect.stringMatching(/ {2}done\n$/) as string });
    process.stdout.write(`rotate --leaked: ${((performance.now() - startedAt) / 1000).toFixed(1)} s, two rotations, looked at every 5 s\n`);
    for (const key of before) expect(await calls(key)).toBe(401);
    expect(await calls(await rehearsal.internalKeyInUse())).toBe(200);
    expect(rehearsal.faults).toEqual([]);
  }, 180_000);

  test('step 5: an origin is seen, taken out, and loses access', async () => {
    const allowed = (origin: string): Promise<(string | undefined)[]> => Promise.all(replicas.map(async (gate) => (await ask(gate, '/v1/chat', { 'x-api-key': other, origin })).allowed));
    expect(await allowed(OLD)).toEqual([OLD, OLD]);
    const [show = [], compare = []] = step('5.');
    expect(await rehearsal.run(show)).toMatchObject({ code: 0, out: `${STACK}/Service: pages of 2 origins may call\n  ${APP}\n  ${OLD}\n` });
    rehearsal.synth(configured(APP));
    expect(await rehearsal.run(compare)).toMatchObject({ code: 1, out: expect.stringContaining(`- ${OLD}\n`) as string });
    await rehearsal.deploy(configured(APP));
    await roll(configured(APP));
    expect(await rehearsal.run(compare)).toMatchObject({ code: 0, out: expect.stringContaining('The template changes none.') as string });
    expect([await allowed(OLD), await allowed(APP)]).toEqual([[undefined, undefined], [APP, APP]]);
  }, 180_000);

  test('a lock-down shuts everybody out, and opens only once a listener asks who calls', async () => {
    await rehearsal.listen(false);
    const [lock = []] = step('Lock-down', {}, 'lockdown.md');
    const [reopen = []] = step('Reopening', {}, 'lockdown.md');
    const [status = []] = step('Is it shut?', {}, 'lockdown.md');
    const key = { 'x-api-key': other };
    expect(await untilRefused(() => rehearsal.run(lock), '/v1/chat', key, 503, 'lockdown --on')).toMatchObject({ code: 0 });
    expect(await rehearsal.run(reopen)).toMatchObject({ code: 1, out: expect.stringContaining('forwards without asking who calls') as string });
    expect(await everywhere('/v1/chat', key)).toEqual([503, 503]);
    await rehearsal.listen(true);
    expect(await rehearsal.run(reopen)).toMatchObject({ code: 0 });
    const reopenedAt = performance.now();
    while ((await everywhere('/v1/chat', key)).some((code) => code !== 200)) await sleep(50);
    process.stdout.write(`lockdown --off: every replica serves again ${((performance.now() - reopenedAt) / 1000).toFixed(2)} s after the command\n`);
    expect(await rehearsal.run(status)).toMatchObject({ code: 0 });
  }, 180_000);
});

async function hashOf(owner: string): Promise<string> {
  return createHmac('sha256', await rehearsal.auditKey()).update(JSON.stringify([owner])).digest('hex').slice(0, 32);
}
