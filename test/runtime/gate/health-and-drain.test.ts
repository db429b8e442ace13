import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { drainOnSignal } from '../../../src/runtime/gate/drain';
import { CREDENTIAL, eventually, gateConfiguration, openSocket, RecordingCore, requestLine, sendRaw, startTestGate, type TestGate } from '../../support/gate-server';

let core: RecordingCore;
let gate: TestGate;
let now: number;
let streams: ServerResponse[];

async function start(changes: Parameters<typeof gateConfiguration>[1] = {}): Promise<void> {
  gate = await startTestGate(gateConfiguration(core.port, changes), { clock: () => now });
}

beforeEach(async () => {
  now = Date.now();
  streams = [];
  core = await RecordingCore.start((_request, response) => {
    response.write('begun');
    streams.push(response);
  });
});
afterEach(async () => {
  await gate.stop();
  await core.stop();
});

const anonymous = (path: string, method = 'GET'): string => requestLine(`${method} ${path}`).replace(CREDENTIAL, '');

describe('health', () => {
  test.each(['/.gate/health', '/health'])('%s is the Core\'s, in words of the gate', async (path) => {
    await start();
    const well = await sendRaw(gate.port, anonymous(path));
    expect(well.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\{"status":"ok"\}$/);
    core.healthStatus = 500;
    now += 999;
    expect((await sendRaw(gate.port, anonymous(path))).statuses).toEqual([200]);
    now += 2;
    const unwell = await sendRaw(gate.port, anonymous(path));
    expect(unwell.statuses).toEqual([503]);
    expect(unwell.text).not.toContain('secret detail');
    core.healthStatus = 204;
    now += 1001;
    expect((await sendRaw(gate.port, anonymous(path))).statuses).toEqual([503]);
  });

  test('is bad while nobody is there to take records, since everybody else is refused then', async () => {
    await start();
    gate.audit.broken = true;
    expect((await sendRaw(gate.port, anonymous('/.gate/health'))).statuses).toEqual([503]);
    gate.audit.broken = false;
    expect((await sendRaw(gate.port, anonymous('/.gate/health'))).statuses).toEqual([200]);
  });

  test('asks the Core once for all who ask at once', async () => {
    await start();
    let asked = 0;
    core.server.on('request', () => { asked += 1; });
    await Promise.all(Array.from({ length: 10 }, () => sendRaw(gate.port, anonymous('/.gate/health'))));
    expect(asked).toBe(1);
  });

  test.each([['a Core that is not there', true], ['a Core that does not answer', false]])('is bad of %s', async (_name, isGone) => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    if (isGone) silent.close();
    gate = await startTestGate(gateConfiguration(port));
    expect((await sendRaw(gate.port, anonymous('/.gate/health'))).statuses).toEqual([503]);
    await gate.stop();
    if (!isGone) silent.close();
  });

  test('is asked for by GET of exactly its path, and of the Core\'s only where that is public', async () => {
    await start();
    for (const request of [anonymous('/.gate/health', 'POST'), anonymous('/.gate/health?a=b'), anonymous('/.gate/health/'), anonymous('/health/'), anonymous('/health?x'), anonymous('/HEALTH')]) {
      expect((await sendRaw(gate.port, request)).statuses).toEqual([401]);
    }
    await gate.stop();
    await start({ core: { publicHealth: false } });
    expect((await sendRaw(gate.port, anonymous('/health'))).statuses).toEqual([401]);
  });
});

describe('a gate that drains', () => {
  test('lets what is under way end, says so to the load balancer and to every connection, and then is gone', async () => {
    await start();
    const socket = await openSocket(gate.port);
    const chunks: string[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    socket.write(`GET /v1/x HTTP/1.1\r\nHost: gate.test\r\n${CREDENTIAL}\r\n`);
    await eventually(() => streams.length === 1);
    const idle = await openSocket(gate.port);
    idle.write('GET /health HTTP/1.1\r\nHost: gate.test\r\n\r\n');
    await once(idle, 'data');
    const drained = gate.drain();
    await new Promise((resolve) => idle.resume().on('close', resolve));
    const health = await sendRaw(gate.port, anonymous('/.gate/health').replace('Connection: close\r\n', ''));
    expect(health.statuses).toEqual([503]);
    expect(health.text.toLowerCase()).toContain('connection: close');
    streams[0]?.end('ended');
    await drained;
    expect(chunks.join('')).toContain('ended\r\n0\r\n\r\n');
    await expect(openSocket(gate.port)).rejects.toThrow('ECONNREFUSED');
  });

  test('cuts what does not end in time', async () => {
    await start({ limits: { drainSeconds: 0.2 } });
    const asked = sendRaw(gate.port, requestLine('GET /v1/x'));
    await eventually(() => streams.length === 1);
    await gate.drain();
    expect((await asked).text).not.toContain('\r\n0\r\n\r\n');
    expect(core.abortedCount).toBe(1);
  });

  test('begins with the first signal and ends at once with the second', async () => {
    await start();
    const listeners = new Map<string, () => void>();
    const codes: number[] = [];
    let drained: (() => void) | undefined;
    drainOnSignal({ on: (signal, listener) => listeners.set(signal, listener) }, () => new Promise((resolve) => { drained = resolve; }), (code) => codes.push(code));
    listeners.get('SIGTERM')?.();
    await Promise.resolve();
    expect(codes).toEqual([]);
    listeners.get('SIGINT')?.();
    expect(codes).toEqual([0]);
    drained?.();
    await eventually(() => codes.length === 2);
    expect(codes).toEqual([0, 0]);
  });
});
