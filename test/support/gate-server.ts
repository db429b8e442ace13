import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { GateConfiguration } from '../../src/gate/contract';
import type { Audit, AuditEntry, Grant, Identity, Lease, Limiter, Metrics, Revocations, Want } from '../../src/runtime/gate/ports';
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
    policy: { routes: [{ method: 'ANY', path: '/v1', subtree: true, access: { kind: 'authenticated' }, tier: 'light', streams: false }], roles: {} },
    identity: { accept: [['key']], tokens: [], key: { header: 'x-api-key', prefix: 'ctx_', inAuthorization: false } },
    limits: { maxBodyBytes: 100_000, headersTimeoutSeconds: 10, requestTimeoutSeconds: 20, idleTimeoutSeconds: 20, keepAliveSeconds: 30, maxConnections: 500, drainSeconds: 10 },
    table: { name: 'table', region: 'eu-west-1' },
    metrics: { namespace: 'Tests' },
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

/** A Core that speaks bytes instead of HTTP. */
export class BytesCore {
  /** Each connection that was opened. */
  public readonly sockets = new Set<Socket>();
  /** Heads of requests that arrived. */
  public asked = 0;
  private readonly server;

  private constructor(onRequest: (socket: Socket) => void) {
    this.server = createTcpServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('data', (chunk) => {
        if (!/^[A-Z]+ \//.test(chunk.toString('latin1'))) return;
        this.asked += 1;
        onRequest(socket);
      });
    });
  }

  /** @param answer to each request: the same bytes, or whatever is done */
  public static async start(answer: string | ((socket: Socket) => void)): Promise<BytesCore> {
    const core = new BytesCore(typeof answer === 'string' ? (socket) => void socket.write(Buffer.from(answer, 'latin1')) : answer);
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

/** Lets everybody through and gives a lease to whoever wants one; keeps count. */
export class RecordingLimiter implements Limiter {
  public readonly wants: Want[] = [];
  /** How often each lease was released, in the order in which they were given. */
  public readonly releases: number[] = [];
  /** Aborts the lease of that number. */
  public readonly lose: (() => void)[] = [];
  public headers: Grant['headers'] = {};
  /** What stands between a request and its grant. */
  public before: (kind: 'take' | 'lease') => Promise<void> | void = () => undefined;

  public async take(want: Want): Promise<Grant> {
    this.wants.push(want);
    await this.before('take');
    return { headers: this.headers, ...(want.isStream && { lease: this.newLease() }) };
  }

  public async lease(): Promise<Lease> {
    await this.before('lease');
    return this.newLease();
  }

  private newLease(): Lease {
    const lost = new AbortController();
    const index = this.releases.push(0) - 1;
    this.lose.push(() => lost.abort());
    return { lost: lost.signal, release: () => { this.releases[index] = (this.releases[index] ?? 0) + 1; } };
  }
}

/** A list that tests write, and read when they say so. */
export class TestRevocations implements Revocations {
  public readonly listed = new Set<string>();
  public isLocked = false;
  /** As where the list is too old. */
  public isOutdated = false;
  private readonly listeners: (() => void)[] = [];

  public isRevoked(sortKeys: readonly string[]): boolean {
    this.checkAge();
    return sortKeys.some((key) => this.listed.has(key));
  }

  public isLockedDown(): boolean {
    this.checkAge();
    return this.isLocked;
  }

  public onRead(listener: () => void): void {
    this.listeners.push(listener);
  }

  public read(): void {
    this.listeners.forEach((listener) => listener());
  }

  private checkAge(): void {
    if (this.isOutdated) throw new Refusal('unavailable', 'revocations-outdated');
  }
}

/** Keeps what it is told. */
export class RecordingAudit implements Audit {
  public readonly records: AuditEntry[] = [];
  /** Requests that were begun. */
  public begun = 0;
  public waiting: Promise<void> | undefined;
  public broken = false;

  public isBroken(): boolean {
    return this.broken;
  }

  public room(): Promise<void> | undefined {
    return this.waiting;
  }

  public begin(): (entry: AuditEntry) => void {
    this.begun += 1;
    // Also a second time, so that tests see it.
    return (entry) => void this.records.push(entry);
  }
}

/** Name and arguments of all that was counted. */
export function recordingMetrics(counted: (readonly unknown[])[]): Metrics {
  return new Proxy({}, { get: (_, name) => (...values: unknown[]) => void counted.push([name, ...values]) }) as Metrics;
}

export interface TestGate extends RunningGate {
  readonly audit: RecordingAudit;
  readonly records: AuditEntry[];
  readonly limiter: RecordingLimiter;
  readonly revocations: TestRevocations;
  readonly counted: (readonly unknown[])[];
}

/** The gate of production with doubles for what decides who calls, and for what keeps count. */
export async function startTestGate(configuration: GateConfiguration, parts: Partial<GateParts> = {}): Promise<TestGate> {
  const [audit, limiter, revocations] = [new RecordingAudit(), new RecordingLimiter(), new TestRevocations()];
  const counted: (readonly unknown[])[] = [];
  const gate = await startGate({
    configuration,
    secrets: {},
    authenticator: {
      authenticate: (headers) => (headers.get('x-credential')?.[0] === 'good' ? Promise.resolve(IDENTITY) : Promise.reject(new Refusal('unauthenticated', 'no-credential'))),
    },
    revocations,
    limiter,
    audit,
    metrics: recordingMetrics(counted),
    ...parts,
  });
  return { ...gate, audit, records: audit.records, limiter, revocations, counted };
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

/** Long for anything that happens on one machine, and short of what a test may take. */
const PATIENCE_MS = 30_000;

/** Waits for what happens elsewhere; how long it takes says nothing, unless it never comes. */
export async function eventually(holds: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`It did not come to that: ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
