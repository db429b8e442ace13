import { Agent, request, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createCertificate, type Certificate } from '../../../../src/runtime/gate/certificate';
import { createMetrics, type GateMetrics, type MetricsServer, serveMetrics } from '../../../../src/runtime/gate/metrics';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let certificate: Certificate;
let metrics: GateMetrics;
let server: MetricsServer;
beforeAll(async () => {
  certificate = await createCertificate(Date.now());
  metrics = createMetrics({ clock: Date.now });
  server = await serveMetrics(metrics, { port: 0, host: '127.0.0.1', certificate });
});
afterAll(() => server.stop());

function ask(path: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, ca: certificate.cert, servername: 'localhost', agent: false, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
      answer.once('error', reject).once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    sent.once('error', reject).end(body);
  });
}

test('GET /metrics tells what was counted, by the gate\'s own certificate', async () => {
  metrics.request(418, 1);
  const { status, headers, body } = await ask('/metrics');
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'no-store']);
  expect(body).toContain('gateway_requests_total{status="418"} 1\n');
});

test.each([
  ...['/', '/metrics/', '/metrics?name=x', '/METRICS', '/.gate/health', '//metrics'].map((path) => [path, 'GET']),
  ...['HEAD', 'POST', 'DELETE', 'OPTIONS'].map((method) => ['/metrics', method]),
])('%s by %s is not there, and nothing is said', async (path = '', method) => {
  const { status, body } = await ask(path, { method });
  expect([status, body]).toEqual([404, '']);
});

test('a body is not waited for, and ends the connection', async () => {
  const agent = new Agent({ keepAlive: true });
  const { status, headers } = await ask('/metrics', { method: 'POST', agent, headers: { 'content-length': '100000' } }, 'x'.repeat(100_000));
  expect([status, headers.connection]).toEqual([404, 'close']);
  agent.destroy();
});

test('more headers than a scraper sends are refused', async () => {
  expect(await ask('/metrics', { headers: { 'x-long': 'x'.repeat(10_000) } })).toMatchObject({ status: 431 });
});

test('without TLS nobody is answered', async () => {
  const socket = connect(server.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => { received += chunk.toString('latin1'); });
  await new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
  expect(received).not.toContain('gateway_');
});

test('only so many connections are open at once, and one that closes makes room', async () => {
  const open = await Promise.all(Array.from({ length: 16 }, () => new Promise<ReturnType<typeof connectTls>>((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port: server.port, ca: certificate.cert, servername: 'localhost' }, () => resolve(socket));
    socket.once('error', reject);
  })));
  await expect(ask('/metrics')).rejects.toThrow();
  await Promise.all(open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()).destroy())));
  let answer: Answer | undefined;
  while (answer === undefined) answer = await ask('/metrics').catch(() => undefined);
  expect(answer.status).toBe(200);
});

test('a registry that fails says so and nothing of why', async () => {
  const other = createMetrics({ clock: Date.now });
  jest.spyOn(other.registry, 'metrics').mockRejectedValue(new Error('hunter2'));
  const broken = await serveMetrics(other, { port: 0, host: '127.0.0.1', certificate });
  const { status, body } = await ask('/metrics', { port: broken.port });
  await broken.stop();
  expect([status, body]).toEqual([500, '']);
});

test('a port that is taken is an error of the start', async () => {
  await expect(serveMetrics(metrics, { port: server.port, host: '127.0.0.1', certificate })).rejects.toThrow('EADDRINUSE');
});

test('once it is stopped nobody is answered, and open connections are closed', async () => {
  const other = await serveMetrics(metrics, { port: 0, host: '127.0.0.1', certificate });
  const socket = connectTls({ host: '127.0.0.1', port: other.port, ca: certificate.cert, servername: 'localhost' });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const closed = new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve()));
  await other.stop();
  await closed;
  await expect(ask('/metrics', { port: other.port })).rejects.toThrow('ECONNREFUSED');
});
