import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type RunningEdge, startEdge } from '../../../src/drill/edge/envoy/edge';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { startIssuer } from '../../../src/drill/services/issuer';
import { createPki } from '../../../src/drill/services/pki';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { RING_FIELDS } from '../../../src/secrets/contract';
import { edge, listener, OLD, tls } from '../../drill/edge/envoy/models';
import { type AwsRelay, startAwsRelay } from '../../support/aws-relay';
import { BrokerStand, freshRing, type StandBroker } from '../../support/broker-stand';
import { ROOT } from '../../support/examples';
import { losingTheFirstAnswer } from '../../support/lossy-address';
import { type PythonWorkerEnd, runPythonWorker } from '../../support/python-worker';

/** Each call is a new Python, and a machine may be busy. */
jest.setTimeout(600_000);

const HOST = 'broker.drill.test';
const VECTORS = path.join(ROOT, 'docs/worker-protocol.vectors.json');
const FRONT = listener('Front', { tls: tls() });
const OLD_FRONT = listener('OldFront', { tls: tls({ policy: OLD }) });

let stand: BrokerStand;
/** Of the migration, which takes the shared key and keys of one's own, behind TLS as a load balancer has it. */
let broker: StandBroker;
let aws: AwsRelay;
let running: RunningEdge;
let supervisor: Supervisor;
let folder: string;
/** Whatever the worker wrote, and what must not be in it. */
let said = '';
const secrets = new Set<string>();

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'python-worker-'));
  stand = await BrokerStand.open();
  aws = await startAwsRelay(stand.emulator.endpoint);
  broker = await stand.broker({ endpoint: aws.endpoint, configure: (configuration) => ({ ...configuration, host: HOST, phase: stand.phases.migration }) });
  const [{ envoy }, pki, issuer] = await Promise.all([openToolbox(() => undefined), createPki(), startIssuer()]);
  supervisor = await Supervisor.open();
  supervisor.onStop(() => issuer.stop());
  running = await startEdge(edge(FRONT, OLD_FRONT), { supervisor, envoy, pki, core: broker, issuer });
  fs.writeFileSync(path.join(folder, 'ca.pem'), pki.serverCaPem);
  fs.writeFileSync(path.join(folder, 'other-ca.pem'), pki.clientCaPem);
  for (const secret of [...stand.credentials.map(({ canary }) => canary), ...RING_FIELDS.flatMap((field) => [stand.shared[field], stand.own[field]])]) secrets.add(secret);
});
afterAll(async () => {
  await supervisor.stop();
  await aws.stop();
  await stand.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
afterEach(() => aws.decide(() => 'pass'));

interface Call {
  readonly command: string;
  readonly id: string;
  /** @default - the shared key */
  readonly keys?: readonly string[];
  readonly args?: readonly string[];
  readonly ca?: string;
  /** @default - the load balancer's */
  readonly port?: number;
}

async function call({ command, id, keys = [stand.shared.current], args = [], ca = 'ca.pem', port = running.address(FRONT).port }: Call): Promise<PythonWorkerEnd> {
  const end = await runPythonWorker({
    args: [command, '--url', `https://${HOST}:${port}`, '--connect', `127.0.0.1:${port}`, '--ca', path.join(folder, ca), '--worker', id, ...args],
    keys,
  });
  said += end.output;
  return end;
}

const lineOf = async (asked: Call): Promise<unknown> => (await call(asked)).line;
/** But for what it asked again because a busy machine's emulator took too long. */
const reasons = (worker: string): unknown[] => stand.records.filter((record) => record.worker === worker && record.reason !== 'store-down').map(({ outcome, reason }) => reason ?? outcome);
const keyFile = (id: string): string => path.join(folder, `${id}.json`);
const keptIn = (file: string): string => (JSON.parse(fs.readFileSync(file, 'utf8')) as { readonly worker_key: string }).worker_key;

async function invite(worker: string): Promise<string> {
  const { token } = await broker.front.invoke({ invite: { worker, lifeSeconds: 300 } }) as { readonly token: string };
  secrets.add(token.split('.')[1] ?? token);
  return token;
}

/** What the worker is told to expect, since it prints no value. */
function expectedOf(index: number, kind: string): string {
  const whole: Readonly<Record<string, string>> = { kind, ...stand.credentials[index]?.value };
  const sorted = Object.fromEntries(Object.keys(whole).sort().map((name) => [name, whole[name]]));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

describe('vectors', () => {
  test('are all taken, refused and derived as they say', async () => {
    const { valid, invalid, derived } = JSON.parse(fs.readFileSync(VECTORS, 'utf8')) as Record<'valid' | 'invalid' | 'derived', readonly unknown[]>;
    const { code, line } = await runPythonWorker({ args: ['--vectors', VECTORS] });
    expect({ code, line }).toEqual({ code: 0, line: { valid: valid.length, invalid: invalid.length, derived: derived.length, faults: [] } });
  });

  test('that are wrong are found, each by its step', async () => {
    const text = fs.readFileSync(VECTORS, 'utf8');
    const { valid: [first], invalid: [second], derived: [third], ...broken } = JSON.parse(text) as Record<'valid' | 'invalid' | 'derived', readonly [Record<string, string>]>;
    const file = path.join(folder, 'broken.json');
    const other = '0'.repeat(63) + '1';
    const valid = [{ ...first, signature: other }, { ...first, canonical: `${first.canonical}\n` }, { ...first, body: `${first.body} ` }];
    const invalid = [{ ...second, status: 403 }, { ...first, status: 401, error: 'unauthenticated' }];
    fs.writeFileSync(file, JSON.stringify({ ...broken, valid, invalid, derived: [{ ...third, id: `${third.id}x` }] }));
    const { code, line } = await runPythonWorker({ args: ['--vectors', file] });
    expect(code).toBe(1);
    expect(line.faults).toEqual([
      `${first.name}: signature`, `${first.name}: canonical`, `${first.name}: answer`, `${second.name}: 401`, `${first.name}: 200`, `${third.what} of ${third.worker_id}: key`,
    ]);
  });
});

describe('with the key that all share', () => {
  test('registers, checks out of each store, renews, releases and leaves', async () => {
    const id = 'py-life';
    expect(await lineOf({ command: 'register', id })).toMatchObject({ status: 200, worker_id: id, lease_seconds: '300', expires_at: expect.stringMatching(/^\d{10}$/) as string });
    const job = await stand.job({ worker: id, credentials: ['router', 'switch', 'portal'] });
    let lease: string[] = [];
    for (const [index, kind] of ['ssh', 'snmp', 'api_key'].entries()) {
      const asked = ['--job', job, '--credential', stand.credentials[index]?.id ?? ''];
      const { line } = await call({ command: 'checkout', id, args: [...asked, '--expect', expectedOf(index, kind)] });
      expect(line).toMatchObject({ status: 200, kind, expected: true });
      lease = [...asked, `--lease=${String(line.lease_id)}`];
    }
    expect(await lineOf({ command: 'renew', id, args: lease })).toMatchObject({ status: 200, lease_id: lease.at(-1)?.slice('--lease='.length) });
    expect(await call({ command: 'release', id, args: lease })).toMatchObject({ code: 0, line: { status: 200 } });
    expect(await call({ command: 'renew', id, args: lease })).toMatchObject({ code: 1, line: { status: 403, error: 'forbidden' } });
    expect(await lineOf({ command: 'exit', id })).toMatchObject({ status: 200 });
    // Who left is still known, and may leave again.
    expect(await lineOf({ command: 'exit', id })).toMatchObject({ status: 200 });
    expect(await lineOf({ command: 'checkout', id, args: ['--job', job, '--credential', 'router'] })).toMatchObject({ status: 200 });
    expect(reasons(id)).not.toContain('unknown-worker');
  });

  test('registers where nobody knows it yet, and reads its key anew where that is an old one', async () => {
    const id = 'py-unknown';
    const args = ['--job', await stand.job({ worker: id }), '--credential', 'router'];
    expect(await lineOf({ command: 'checkout', id, args })).toMatchObject({ status: 200 });
    expect(reasons(id)).toEqual(['unknown-worker', 'served', 'served']);
    const old = freshRing().current;
    secrets.add(old);
    expect(await lineOf({ command: 'checkout', id, args, keys: [old, stand.shared.current] })).toMatchObject({ status: 200 });
    expect(await call({ command: 'register', id, keys: [old] })).toMatchObject({ code: 1, line: { status: 401, error: 'unauthenticated' } });
  });

  test.each([300, -300])('works with a clock that is off by %d seconds', async (seconds) => {
    const { line } = await call({ command: 'register', id: 'py-clock', args: ['--clock-error', String(seconds)] });
    expect(line).toMatchObject({ status: 200, clock_corrected_by: expect.any(Number) as number });
    expect(Math.abs(Number(line.clock_corrected_by) + seconds)).toBeLessThan(60);
  });

  test('waits while a store is away, and then asks by a new request', async () => {
    const id = 'py-patient';
    await call({ command: 'register', id });
    aws.decide(({ target }) => (target.startsWith('DynamoDB') && stand.records.at(-1)?.status !== 503 ? 'cut' : 'pass'));
    const { line } = await call({ command: 'register', id });
    expect(line).toMatchObject({ status: 200, worker_id: id });
    expect(Number(line.requests)).toBeGreaterThan(1);
    expect(stand.records.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    expect(reasons(id)).not.toContain('replayed');
    aws.decide(() => 'cut');
    expect(await call({ command: 'register', id, args: ['--again', '0'] })).toMatchObject({ code: 1, line: { status: 503, error: 'unavailable', requests: 1 } });
  });

  test('asks by a new request where an answer got lost', async () => {
    const id = 'py-lost';
    const losing = await losingTheFirstAnswer(running.address(FRONT).port, () => reasons(id).length > 0);
    expect(await lineOf({ command: 'register', id, port: losing.port })).toMatchObject({ status: 200 });
    losing.stop();
    expect(reasons(id)).toEqual(['served', 'served']);
  });
});

describe('with a key of its own', () => {
  test('joins once by its token, works with its key, and renews that', async () => {
    const id = 'py-own';
    const token = await invite(id);
    const own = ['--own-key', keyFile(id)];
    const joined = await lineOf({ command: 'register', id, keys: [token], args: own });
    expect(joined).toMatchObject({ status: 200, worker_id: id, key_id: expect.stringMatching(/^[\w-]{22}$/) as string });
    expect(fs.statSync(keyFile(id)).mode & 0o777).toBe(0o600);
    const first = keptIn(keyFile(id));
    secrets.add(first);
    const args = [...own, '--job', await stand.job({ worker: id }), '--credential', 'router'];
    const { line: lent } = await call({ command: 'checkout', id, keys: [], args: [...args, '--expect', expectedOf(0, 'ssh')] });
    expect(lent).toMatchObject({ status: 200, expected: true });
    expect(await lineOf({ command: 'register', id, keys: [], args: own })).toMatchObject({ status: 200 });
    const next = keptIn(keyFile(id));
    secrets.add(next);
    expect(next).not.toBe(first);
    // The lease outlives the key by which it was taken or renewed, but not the next one.
    const renew = (): Promise<unknown> => lineOf({ command: 'renew', id, keys: [], args: [...args, `--lease=${String(lent.lease_id)}`] });
    expect(await renew()).toMatchObject({ status: 200 });
    for (const status of [200, 403]) {
      await call({ command: 'register', id, keys: [], args: own });
      secrets.add(keptIn(keyFile(id)));
      if (status === 403) expect(await renew()).toMatchObject({ status });
    }
    expect(await lineOf({ command: 'exit', id, keys: [], args: own })).toMatchObject({ status: 200 });
    expect(await call({ command: 'register', id, keys: [token], args: ['--own-key', keyFile('py-thief')] })).toMatchObject({ code: 1, line: { status: 401 } });
    expect(fs.existsSync(keyFile('py-thief'))).toBe(false);
  });

  test('spends no token where its key would have no place', async () => {
    const token = await invite('py-nowhere');
    expect(await call({ command: 'register', id: 'py-nowhere', keys: [token] })).toMatchObject({ code: 1, line: { fault: expect.stringContaining('--own-key') as string } });
    expect(await lineOf({ command: 'register', id: 'py-nowhere', keys: [token], args: ['--own-key', keyFile('py-nowhere')] })).toMatchObject({ status: 200 });
    secrets.add(keptIn(keyFile('py-nowhere')));
  });
});

test.each<[string, Partial<Call>]>([
  ['a broker that some other authority vouches for', { ca: 'other-ca.pem' }],
  ['a load balancer that speaks TLS 1.2 at most', { args: ['--again', '0'] }],
])('sends nothing to %s', async (_, wrong) => {
  const before = stand.records.length;
  const port = wrong.ca === undefined ? running.address(OLD_FRONT).port : running.address(FRONT).port;
  expect(await call({ command: 'register', id: 'py-tls', port, ...wrong })).toMatchObject({ code: 1, line: { fault: expect.any(String) as string } });
  expect(stand.records.length).toBe(before);
});

test('no key and no credential is in what it wrote', () => {
  expect(said.length).toBeGreaterThan(1000);
  expect(secrets.size).toBeGreaterThan(10);
  for (const secret of secrets) expect(said + stand.output).not.toContain(secret);
});
