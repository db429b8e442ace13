import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { WireRequest } from '../scene';
import { proxyLine } from './connection';

/** No drill sends more. */
export const MAX_FLOOD = 15_000;

/** One request at a time on each: Envoy closes a connection on which several of its own answers pile up. */
const CONNECTIONS = 32;
const PATIENCE_MS = 10_000;
const STATUS_LINE = /HTTP\/1\.1 (\d{3}) /g;
const STATUS_LINE_CHARACTERS = 'HTTP/1.1 200 '.length;

export interface FloodAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface FloodOutcome {
  /** How many answers had which status. */
  readonly answers: ReadonlyMap<number, number>;
  readonly seconds: number;
}

export interface FloodOptions {
  /** Where the connections come from, each from the next of them. @default - from where the request does */
  readonly addresses?: readonly string[];
  /** @default 32 */
  readonly connections?: number;
  /** Headers whose values are others in every request, which is told its number. @default - none */
  readonly varied?: (request: number) => Readonly<Record<string, string>>;
}

/** Sends one request over and over, as fast as one process can: on a few connections that stay open. Throws where not every one was answered. */
export async function flood(to: FloodAddress, request: WireRequest, count: number, { addresses = [], varied, connections = CONNECTIONS }: FloodOptions = {}): Promise<FloodOutcome> {
  if (count > MAX_FLOOD) throw new Error(`A flood of ${count} requests is more than the ${MAX_FLOOD} that a drill sends.`);
  const started = performance.now();
  const answers = new Map<number, number>();
  const same = asBytes(request, to);
  const bytes = (): string => (varied ? asBytes({ ...request, headers: { ...request.headers, ...varied(left) } }, to) : same);
  let left = count;
  const worker = async (_: unknown, index: number): Promise<void> => {
    const socket = await connect(to, { ...request, from: addresses[index % addresses.length] ?? request.from });
    try {
      const received = nextStatusOf(socket);
      while (left > 0) {
        left -= 1;
        socket.write(bytes());
        const status = await received();
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return { answers, seconds: (performance.now() - started) / 1000 };
}

function asBytes({ method, path, headers, body = '' }: WireRequest, { host, port }: FloodAddress): string {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'host');
  const lines = Object.entries({ ...(named ? {} : { host: `${host}:${port}` }), ...headers, ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }) });
  return [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

async function connect({ host, port, tls }: FloodAddress, { from, client }: WireRequest): Promise<Socket> {
  const plain = connectTcp({ host, port, noDelay: true });
  await once(plain, 'connect');
  if (from !== undefined) plain.write(proxyLine(from, plain));
  if (!tls) return plain;
  // Whoever floods does not ask who answers; the address is of this machine.
  const secured = connectTls({ socket: plain, cert: client?.certificatePem, key: client?.privateKeyPem, rejectUnauthorized: false });
  await once(secured, 'secureConnect');
  return secured;
}

/** Hands out the status of one answer after the other; bodies are not read, so that none may look like a status line. */
function nextStatusOf(socket: Socket): () => Promise<number> {
  const statuses: number[] = [];
  let tail = '';
  let failure: Error | undefined;
  let wake = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    const text = tail + chunk.toString('latin1');
    let end = 0;
    for (const match of text.matchAll(STATUS_LINE)) {
      statuses.push(Number(match[1]));
      end = match.index + match[0].length;
    }
    tail = text.slice(Math.max(end, text.length - STATUS_LINE_CHARACTERS));
    wake();
  });
  const fail = (reason: string) => (): void => {
    failure ??= new Error(`The flood broke off: ${reason}.`);
    wake();
  };
  socket.on('error', fail('the connection failed')).on('close', fail('the connection was closed'));
  socket.setTimeout(PATIENCE_MS, fail('no answer came in time'));
  return async () => {
    for (;;) {
      const status = statuses.shift();
      if (status !== undefined) return status;
      if (failure) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}
