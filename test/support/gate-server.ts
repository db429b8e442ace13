import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { GateConfiguration } from '../../src/gate/contract';
import type { Identity, LogEvent } from '../../src/runtime/gate/ports';
import { Refusal } from '../../src/runtime/gate/refusal';
import { startGate, type GateParts, type RunningGate } from '../../src/runtime/gate/server';

/** What the double of the authenticator knows; real ones are tried in identity/. */
export const CREDENTIAL = 'X-Credential: good\r\n';

/** A configuration that takes part in tests; ports are filled in by who listens. */
export function gateConfiguration(corePort: number, changes: { readonly [K in keyof GateConfiguration]?: Partial<GateConfiguration[K]> } = {}): GateConfiguration {
  const base: GateConfiguration = {
    version: 1,
    profile: 'local',
    port: 0,
    core: { port: corePort, healthCheckPath: '/health', publicHealth: true, identityHeader: 'x-caller', removedHeaders: [] },
    policy: { routes: [{ method: 'ANY', path: '/v1', subtree: true, access: { kind: 'authenticated' } }], roles: {} },
    identity: { accept: [['key']], tokens: [], key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false } },
    limits: { maxBodyBytes: 100_000, headersTimeoutSeconds: 10, requestTimeoutSeconds: 20, idleTimeoutSeconds: 20, keepAliveSeconds: 30, maxConnections: 500, drainSeconds: 10 },
    table: { name: 'table', region: 'eu-west-1' },
  };
  return Object.fromEntries(Object.entries({ ...base, ...changes }).map(([name, value]) => {
    const before: unknown = base[name as keyof GateConfiguration];
    return [name, typeof value === 'object' && !Array.isArray(value) ? { ...(before as object | undefined), ...value } : value];
  })) as unknown as GateConfiguration;
}

const IDENTITY: Identity = { subject: 'alice', proofs: new Set(['key']), scopes: new Set(), roles: new Set(), revocableAs: ['key#1'] };

/** A Core that counts what reaches it. */
export class RecordingCore {
  public readonly requests: IncomingMessage[] = [];
  /** Requests whose caller went before they ended. */
  public abortedCount = 0;
  public healthStatus = 200;
  public readonly sockets = new Set<Socket>();
  private constructor(public readonly server: Server) {}

  public static async start(answer: RequestListener = (_request, response) => void response.end('hello')): Promise<RecordingCore> {
    const core: RecordingCore = new RecordingCore(createServer((request, response) => {
      if (request.url === '/health') {
        response.writeHead(core.healthStatus).end('secret detail');
        return;
      }
      core.requests.push(request);
      request.on('error', () => undefined);
      response.on('close', () => { if (!response.writableFinished) core.abortedCount += 1; });
      answer(request, response);
    }));
    core.server.on('connection', (socket) => core.sockets.add(socket));
    core.server.listen(0, '127.0.0.1');
    await once(core.server, 'listening');
    return core;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

export interface TestGate extends RunningGate {
  readonly log: LogEvent[];
}

/** The gate of production with doubles for what decides who calls. */
export async function startTestGate(configuration: GateConfiguration, parts: Partial<GateParts> = {}): Promise<TestGate> {
  const log: LogEvent[] = [];
  const gate = await startGate({
    configuration,
    secrets: {},
    authenticator: {
      authenticate: (headers) => (headers.get('x-credential')?.[0] === 'good' ? Promise.resolve(IDENTITY) : Promise.reject(new Refusal('unauthenticated', 'no-credential'))),
    },
    revocations: { isRevoked: () => false },
    limiter: { take: () => Promise.resolve() },
    log: { info: (event) => log.push(event), warn: (event) => log.push(event) },
    ...parts,
  });
  return { ...gate, log };
}

export async function openSocket(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

export interface RawAnswer {
  readonly text: string;
  readonly statuses: readonly number[];
  readonly wasReset: boolean;
}

/** Sends bytes and reads until the gate closes, or has said as much as is waited for. */
export async function sendRaw(port: number, bytes: string | Buffer, until: (text: string) => boolean = () => false): Promise<RawAnswer> {
  const socket = await openSocket(port);
  const chunks: Buffer[] = [];
  let wasReset = false;
  socket.on('error', () => { wasReset = true; });
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  await new Promise<void>((resolve) => {
    socket.on('close', resolve);
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!until(Buffer.concat(chunks).toString('latin1'))) return;
      socket.destroy();
      resolve();
    });
  });
  const text = Buffer.concat(chunks).toString('latin1');
  return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)), wasReset };
}

/** A request with a good credential that ends its connection. */
export function requestLine(line: string, lines: readonly string[] = [], body = ''): string {
  return `${line} HTTP/1.1\r\nHost: gate.test\r\n${CREDENTIAL}Connection: close\r\n${lines.map((each) => `${each}\r\n`).join('')}\r\n${body}`;
}

/** Waits for what happens elsewhere, without a guess at how long it takes. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
