import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { SignJWT } from 'jose';
import type { GateConfiguration } from '../../../src/gate/contract';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { eventually, gateConfiguration, openSocket, RecordingCore, sendRaw } from '../../support/gate-server';

/** Nobody's: it signs tokens of these tests alone. */
const SECRET = 'a secret of these tests, which nobody else has';
/** Nobody's, too. */
const AUDIT_KEY = 'an audit key of these tests, which nobody else has';
/** Of the image's user; its home is nowhere here. */
const UID = 1000;

let folder: string;
let table: { readonly url: string; stop(): void };
let core: RecordingCore;
let children: ChildProcess[];

interface Instruction {
  readonly name: string;
  readonly value: string;
}

function readDockerfile(): readonly Instruction[] {
  return fs.readFileSync(path.join(folder, 'Dockerfile'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [name = '', ...rest] = line.split(' ');
    return { name, value: rest.join(' ') };
  });
}

const valueOf = (name: string): string => readDockerfile().findLast((instruction) => instruction.name === name)?.value ?? '';
const listOf = (text: string): readonly string[] => JSON.parse(text) as string[];

async function freePort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A table without an item. */
async function emptyTable(): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"Items":[],"Count":0}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => { server.closeAllConnections(); server.close(); } };
}

async function configured(limits: Partial<GateConfiguration['limits']> = {}): Promise<GateConfiguration> {
  const token: GateConfiguration['identity']['tokens'][number] = {
    issuer: 'https://issuer.test', claims: [{ name: 'aud', values: ['core'] }], algorithms: ['HS256'], clockSkewSeconds: 5, subjectClaim: 'sub', scopesClaim: 'scope',
    keys: { source: 'secret', uri: 'local', ttlSeconds: 60, timeoutSeconds: 1, maxAttempts: 1, backoffSeconds: 1, maxBackoffSeconds: 1 },
  };
  const base = gateConfiguration(core.port, { limits });
  return { ...base, port: await freePort(), identity: { accept: [['token']], tokens: [token] } };
}

/** Runs a command of the Dockerfile as its user, in a folder that holds what its image holds. */
function run(command: readonly string[], environment: Record<string, string>): { readonly child: ChildProcess; readonly output: () => string } {
  const [program = '', ...args] = command.map((part) => part.replace(/^\/app\//, `${folder}/`));
  const child = spawn(program === 'node' ? process.execPath : program, args, {
    cwd: folder,
    uid: UID,
    gid: UID,
    env: { NODE_ENV: 'production', AWS_ENDPOINT_URL_DYNAMODB: table.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  return { child, output: () => output };
}

const gateCommand = (): readonly string[] => [...listOf(valueOf('ENTRYPOINT')), ...listOf(valueOf('CMD'))];
const healthCommand = (): readonly string[] => listOf(/CMD (\[.*\])$/.exec(valueOf('HEALTHCHECK'))?.[1] ?? '[]');

async function runGate(configuration: GateConfiguration): Promise<ReturnType<typeof run>> {
  const gate = run(gateCommand(), { GATE_CONFIGURATION: JSON.stringify(configuration), GATE_SHARED_SECRET: SECRET, GATE_AUDIT_KEY: AUDIT_KEY });
  await eventually(() => gate.output().includes('"listening"') || gate.child.exitCode !== null);
  expect(gate.output()).toContain('"listening"');
  return gate;
}

/** What the gate has written of an event. */
function linesOf({ output }: ReturnType<typeof run>, event: string): readonly Record<string, unknown>[] {
  return output().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.event === event);
}

async function authorized(line: string, lines: readonly string[] = ['Connection: close']): Promise<string> {
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setIssuer('https://issuer.test').setAudience('core').setSubject('alice').setIssuedAt().setExpirationTime('5 minutes')
    .sign(new TextEncoder().encode(SECRET));
  return `${line} HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer ${token}\r\n${lines.map((each) => `${each}\r\n`).join('')}\r\n`;
}

beforeAll(async () => {
  const target = fs.mkdtempSync(path.join(os.tmpdir(), 'gate-image-'));
  bundleRuntime(target);
  folder = path.join(target, 'gate');
  fs.chmodSync(target, 0o755);
  for (const file of fs.readdirSync(folder)) fs.chmodSync(path.join(folder, file), 0o444);
  fs.chmodSync(folder, 0o555);
  table = await emptyTable();
}, 120_000);
afterAll(() => {
  table.stop();
  fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});
beforeEach(async () => {
  children = [];
  core = await RecordingCore.start();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await core.stop();
});

describe('the image of the gate', () => {
  test('holds what its Dockerfile copies, and nothing that is installed or that its user could change', () => {
    expect(fs.readdirSync(folder).sort()).toEqual(['Dockerfile', 'ca-bundle.js', 'health.js', 'index.js']);
    expect(valueOf('COPY')).toBe('--chown=0:0 --chmod=0444 index.js health.js ca-bundle.js /app/');
    expect(valueOf('USER')).toBe('1000:1000');
    expect(valueOf('ENV')).toBe('NODE_ENV=production');
    const names = readDockerfile().map(({ name }) => name);
    // A folder for a volume, which nothing of the gate's own is in.
    expect(valueOf('RUN')).toBe('install -d -o 1000 -g 1000 /authorities');
    expect(valueOf('VOLUME')).toBe('/authorities');
    expect(names.filter((name) => name === 'RUN')).toHaveLength(1);
    expect(names.indexOf('ARG')).toBeLessThan(names.indexOf('FROM'));
    expect(valueOf('FROM')).toBe('${NODE_IMAGE}');
  });

  test('starts as its user from a folder that nobody can write to, lets in who may, and tells its own health', async () => {
    const configuration = await configured();
    const gate = await runGate(configuration);
    expect((await sendRaw(configuration.port, await authorized('GET /v1/x'))).statuses).toEqual([200]);
    expect((await sendRaw(configuration.port, (await authorized('GET /v1/x')).replace(/Bearer .*/, 'Bearer a.b.c'))).statuses).toEqual([401]);
    expect(core.requests).toHaveLength(1);
    for (const isCoreWell of [true, false]) {
      core.healthStatus = isCoreWell ? 200 : 500;
      const health = run(healthCommand(), { GATE_CONFIGURATION: JSON.stringify(configuration) });
      expect((await once(health.child, 'exit'))[0]).toBe(0);
    }
    const nobody = run(healthCommand(), { GATE_CONFIGURATION: JSON.stringify({ ...configuration, port: await freePort() }) });
    expect((await once(nobody.child, 'exit'))[0]).toBe(1);
    await eventually(() => linesOf(gate, 'audit').length === 2);
    expect(linesOf(gate, 'audit')).toMatchObject([
      { seq: 1, action: 'ANY /v1/*', outcome: 'served', status: 200, identity: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
      { seq: 2, action: 'ANY /v1/*', outcome: 'refused', reason: 'token-malformed', status: 401 },
    ]);
    for (const secret of ['Bearer', 'alice', SECRET, AUDIT_KEY]) expect(gate.output()).not.toContain(secret);
  }, 60_000);

  test.each([
    ['GATE_CONFIGURATION', 'GATE_CONFIGURATION: is missing', {}],
    ['a rule', 'GATE_CONFIGURATION.version: is missing', { GATE_CONFIGURATION: '{}' }],
    ['a variable of the gate\'s', 'GATE_X: is no variable of the gate; remove it', { GATE_X: 'canary' }],
  ])('does not start with a wrong %s, and says why in one line', async (_name, line, environment) => {
    const gate = run(gateCommand(), environment);
    const [code] = await once(gate.child, 'close') as [number];
    expect(code).toBe(1);
    expect(gate.output()).toBe(`${line}\n`);
  }, 60_000);

  test('drains when it is told to stop: what ends in time ends, the rest is cut and recorded, the final mark is its last line, and it exits 0', async () => {
    const configuration = await configured({ drainSeconds: 1 });
    const gate = await runGate(configuration);
    core.server.removeAllListeners('request').on('request', (request, response) => {
      response.write('begun');
      if (request.url === '/v1/short') setTimeout(() => response.end('ended'), 500);
    });
    const short = sendRaw(configuration.port, await authorized('GET /v1/short'), (text) => text.includes('ended'));
    const endless = sendRaw(configuration.port, await authorized('GET /v1/endless'));
    await eventually(() => core.sockets.size === 2);
    gate.child.kill('SIGTERM');
    expect((await short).text).toContain('begun');
    expect((await endless).text).not.toContain('0\r\n\r\n');
    expect((await once(gate.child, 'close'))[0]).toBe(0);
    expect(gate.output()).toContain('"draining"');
    expect(linesOf(gate, 'audit')).toMatchObject([{ seq: 1, outcome: 'served', status: 200 }, { seq: 2, outcome: 'cut', reason: 'drained', status: 200 }]);
    expect(linesOf(gate, 'metrics')).toHaveLength(1);
    expect(JSON.parse(gate.output().trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ event: 'audit-mark', final: true, seq: 2, open: 0 });
  }, 60_000);

  test('ends at once at the second signal, and what was written gets out', async () => {
    const configuration = await configured({ drainSeconds: 100 });
    const gate = await runGate(configuration);
    core.server.removeAllListeners('request').on('request', (_request, response) => void response.write('begun'));
    const asked = sendRaw(configuration.port, await authorized('GET /v1/endless'));
    await eventually(() => core.sockets.size === 1);
    expect((await sendRaw(configuration.port, 'GET /v1/x HTTP/1.1\r\nHost: gate.test\r\nConnection: close\r\n\r\n')).statuses).toEqual([401]);
    gate.child.kill('SIGTERM');
    await eventually(() => gate.output().includes('"draining"'));
    gate.child.kill('SIGTERM');
    expect((await once(gate.child, 'close'))[0]).toBe(0);
    expect(linesOf(gate, 'audit')).toMatchObject([{ seq: 1, outcome: 'refused', reason: 'no-credential' }]);
    // Somebody was under way: that there is no final mark says so.
    expect(linesOf(gate, 'audit-mark').filter(({ final }) => final === true)).toEqual([]);
    await asked;
  }, 60_000);
});

describe('ten thousand slow clients', () => {
  const SILENT = 9500;
  const WITHIN_HEADERS = 500;

  test('do not keep a legitimate one from his answer, and cost bounded memory', async () => {
    const configuration = await configured({ maxConnections: 12_000, headersTimeoutSeconds: 15 });
    const gate = await runGate(configuration);
    const sockets: Socket[] = [];
    for (let count = 0; count < SILENT; count += 100) {
      sockets.push(...await Promise.all(Array.from({ length: 100 }, async () => {
        const socket = connect(configuration.port, '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        return socket;
      })));
    }
    for (let count = 0; count < WITHIN_HEADERS; count += 50) {
      sockets.push(...await Promise.all(Array.from({ length: 50 }, async () => {
        const socket = await openSocket(configuration.port);
        socket.write('GET /v1/x HTTP/1.1\r\nHost: gate.test\r\nX-Slow: ');
        return socket;
      })));
    }
    expect(sockets).toHaveLength(SILENT + WITHIN_HEADERS);
    expect((await sendRaw(configuration.port, await authorized('GET /v1/x'))).statuses).toEqual([200]);
    const status = fs.readFileSync(`/proc/${String(gate.child.pid)}/status`, 'utf8');
    // Measured: 251 MiB in all.
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(512);
    // The gate gets rid of them by itself.
    sockets.forEach((socket) => socket.resume());
    await eventually(() => sockets.every(({ closed, destroyed }) => closed || destroyed));
    expect(core.requests).toHaveLength(1);
  }, 180_000);
});
