import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { AuditRecord } from '../../src/audit/contract';
import type { EdgeModel, ListenerModel, RuleModel } from '../../src/drill/edge/model';
import { NO_GATES, type RunningGate } from '../../src/drill/gate/house';
import { DrillTable } from '../../src/drill/gate/table';
import { openScene, type SceneParts } from '../../src/drill/open-scene';
import { startIssuer, type IssuerService } from '../../src/drill/services/issuer';
import { createPki, type Pki } from '../../src/drill/services/pki';
import { startSampleCore, type SampleCore } from '../../src/drill/services/sample-core';
import { startEdgeStub, type EdgeStub } from './services/edge-stub';

const PLACE = { stack: 'Stack', logicalId: 'Listener' };
const RULE: RuleModel = { place: PLACE, priority: 'default', conditions: [], actions: [{ kind: 'jwt', issuer: 'https://login.acme.test/', jwksEndpoint: 'https://login.acme.test/keys', claims: [] }] };
const PLAIN: ListenerModel = {
  place: PLACE,
  loadBalancer: PLACE,
  port: 80,
  rules: [RULE],
  responseHeaders: [],
  serverHeader: false,
  hygiene: { dropInvalidHeaders: true, desync: 'strictest', forwardedFor: 'append', preserveHost: false, idleTimeoutSeconds: 60 },
};
const SECURE: ListenerModel = { ...PLAIN, port: 443, tls: { policy: { name: 'ELBSecurityPolicy-TLS13-1-3-2021-06', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: [] } } };
const MODEL: EdgeModel = { listeners: [PLAIN, SECURE], notEmulated: [] };

let pki: Pki;
let core: SampleCore;
let issuer: IssuerService;
let stubs: ReadonlyMap<ListenerModel, EdgeStub>;
let folder: string;

beforeAll(async () => {
  [pki, core, issuer, folder] = await Promise.all([createPki(), startSampleCore(), startIssuer(), mkdtemp(path.join(tmpdir(), 'scene-'))]);
  const tls = { cert: pki.server.certificatePem, key: pki.server.privateKeyPem };
  const answer = (request: { readonly headers: NodeJS.Dict<string | string[]> }, response: { end(text: string): void }): void => response.end(String(request.headers.authorization));
  stubs = new Map([[PLAIN, await startEdgeStub(answer)], [SECURE, await startEdgeStub(answer, tls)]]);
});

afterAll(async () => {
  await Promise.all([core.stop(), issuer.stop(), rm(folder, { recursive: true }), ...[...stubs.values()].map((stub) => stub.stop())]);
});

/** One that nobody is led to, and so has no task. */
const CLOSED_GATE: RunningGate = {
  place: PLACE,
  ports: [],
  metricsPorts: [],
  tasks: [],
  table: new DrillTable({ endpoint: 'http://127.0.0.1:1', region: 'eu-central-1', name: 'none' }),
  makeKey: () => Promise.resolve(''),
  output: () => '',
  records: () => [],
  startWith: () => Promise.reject(new Error('closed')),
  scrape: () => Promise.resolve([]),
};

/** With a program in the place of sslyze. */
async function parts(program = ''): Promise<SceneParts> {
  const sslyze = path.join(folder, `sslyze-${Math.random()}`);
  await writeFile(sslyze, `#!/bin/sh\n${program}\n`);
  await chmod(sslyze, 0o755);
  const edge: SceneParts['edge'] = { address: (listener) => ({ host: '127.0.0.1', port: stubs.get(listener)?.port ?? 0 }) };
  return { model: MODEL, switches: { set: () => Promise.resolve() }, core, house: NO_GATES, issuer, pki, toolbox: { sslyze }, edge };
}

test('a legitimate request goes to the listener it is for, with or without a handshake', async () => {
  const scene = openScene(await parts(), []);
  for (const listener of [PLAIN, SECURE]) {
    expect((await scene.send(listener, await scene.legitimate(listener, RULE))).body).toMatch(/^Bearer ey/);
    expect(scene.address(listener).port).toBe(stubs.get(listener)?.port);
  }
  expect([...stubs.values()].map(({ requests }) => requests.length)).toEqual([1, 1]);
});

test('every scene writes into a transcript of its own, in order, without secrets', async () => {
  const transcripts: [string[], string[]] = [[], []];
  const [first, second] = [openScene(await parts(), transcripts[0]), openScene(await parts(), transcripts[1])];
  first.note('cookie: a=secret');
  await first.send(PLAIN, { method: 'GET', path: '/', headers: { 'host': 'core', 'x-api-key': 'secret' } });
  second.note('another');
  expect(transcripts).toEqual([['cookie: a=(masked)', '> GET / HTTP/1.1', '> host: core', '> x-api-key: (masked)', '< 200', '<', '< undefined'], ['another']]);
});

test('raw bytes skip the handshake only where they are told to', async () => {
  const scene = openScene(await parts(), []);
  const bytes = 'GET / HTTP/1.1\r\nhost: core\r\nconnection: close\r\n\r\n';
  expect(await scene.sendRaw(SECURE, bytes)).toContain('HTTP/1.1 200');
  expect(await scene.sendRaw(SECURE, bytes, { plaintext: true })).not.toContain('HTTP/1.1 200');
  expect(await scene.sendRaw(PLAIN, bytes)).toContain('HTTP/1.1 200');
});

const record = (requestId: string, reason?: string): AuditRecord => ({
  schema: 1, time: '', gate: 'gate', seq: 1, request_id: requestId, action: 'GET /', outcome: 'refused', latency_ms: 0, bytes_in: 0, bytes_out: 0, ...(reason && { reason }),
});

test.each([
  ['redis-slow', true],
  ['revocations-outdated', true],
  ['locked-down', false],
  ['redis-refuses', false],
] as const)('a request that a gate refuses as %s: undecided is %s, once its record is there', async (reason, undecided) => {
  const task = { port: 0, kill: () => Promise.resolve(), leave: () => Promise.resolve(), output: () => '' };
  const gate: RunningGate = { ...CLOSED_GATE, tasks: [task], records: jest.fn(() => [record('asked', reason)]).mockReturnValueOnce([]) };
  const scene = openScene({ ...await parts(), house: { ...NO_GATES, gates: [gate] } }, []);
  expect(await scene.undecided('asked')).toBe(undecided);
});

test('where no gate runs, nothing is undecided', async () => {
  const gate: RunningGate = { ...CLOSED_GATE, records: () => [record('asked', 'redis-slow')] };
  expect(await openScene({ ...await parts(), house: { ...NO_GATES, gates: [gate] } }, []).undecided('asked')).toBe(false);
  expect(await openScene(await parts(), []).undecided('asked')).toBe(false);
});

test('no canary comes twice, and the Core says how many requests carried one', async () => {
  const scene = openScene(await parts(), []);
  const [used, unused] = [scene.canary(), scene.canary()];
  await fetch(`http://127.0.0.1:${core.port}/${used}`);
  expect([scene.reached(used), scene.reached(unused)]).toEqual([1, 0]);
});

test('a tool gets its arguments, learns nothing of the caller’s environment, and may end with an error', async () => {
  const transcript: string[] = [];
  process.env.DRILL_TEST_SECRET = 'secret';
  const printed = await openScene(await parts('echo "$@"; env; exit 3'), transcript).tool('sslyze', ['--json_out=-', '127.0.0.1:1']);
  delete process.env.DRILL_TEST_SECRET;
  expect(printed).toMatch(/^--json_out=- 127.0.0.1:1\n/);
  expect(printed).not.toContain('secret');
  expect(transcript).toEqual(['$ sslyze --json_out=- 127.0.0.1:1']);
});

test('a tool that prints nothing has failed, and so has one that is not there', async () => {
  const scene = openScene(await parts('echo broken >&2; exit 1'), []);
  await expect(scene.tool('sslyze', [])).rejects.toThrow('sslyze printed nothing and said: broken');
  await expect(openScene({ ...await parts(), toolbox: { sslyze: path.join(folder, 'none') } }, []).tool('sslyze', [])).rejects.toThrow('sslyze did not run to its end (ENOENT).');
});

test.each([
  ['prints without end', 'exec yes', 'sslyze did not run to its end (ERR_CHILD_PROCESS_STDIO_MAXBUFFER).'],
  ['is killed', 'echo half; kill -9 $$', 'sslyze did not run to its end (SIGKILL).'],
])('a tool that %s has no result', async (_, program, message) => {
  const outcome = await openScene(await parts(program), []).tool('sslyze', []).then(() => 'a result', (error: unknown) => (error as Error).message);
  expect(outcome).toBe(message);
});
