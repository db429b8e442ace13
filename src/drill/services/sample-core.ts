import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { listenOnLoopback } from './loopback';

/** What stands behind the edge: it answers everybody, protects nothing and forgets nothing. */
export interface SampleCore {
  readonly port: number;
  /** A word that nothing sent so far can have, and by which a request is known again. */
  canary(): string;
  /** How many requests with the canary in path, headers or body have arrived. */
  reached(canary: string): number;
  stop(): Promise<void>;
}

/** What the Core answers with, as JSON: the request as it arrived. */
export interface CoreAnswer {
  readonly method: string;
  readonly path: string;
  /** Lower-case names, every value that arrived. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** The header in which a caller may say how he would like to be answered, as JSON. */
export const ANSWER_HEADER = 'x-drill-answer';

/** What a caller may ask the Core to answer with. */
export interface WishedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers with a stream of that length, whatever was asked for. @default - none, or a moment's where one was asked for */
  readonly streamsForSeconds?: number;
}

const REMEMBERED_BODY_BYTES = 1024 * 1024;
/** Wider than any load balancer's, so that it is never the Core that refuses a large header. */
const MAX_HEADER_BYTES = 256 * 1024;
/** Longer than a drill: a connection that the Core closes while the edge sends on it would look like a refusal. */
const KEEP_ALIVE_MS = 10 * 60 * 1000;
const CHUNKS = 5;
const CHUNK_INTERVAL_MS = 40;

/**
 * Starts the sample Core. Unless it is asked to, it sends no header that protects anybody, and it names itself: what callers see of security headers is
 * the edge's work, and what they see of `server` is the edge's neglect.
 */
export async function startSampleCore(): Promise<SampleCore> {
  const arrived: { text: string }[] = [];
  // How many had arrived before each canary was made. Nobody looks through them again: after some floods they are thousands.
  const before = new Map<string, number>();
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false }, (request, response) => {
    const record = { text: [`${request.method ?? ''} ${request.url ?? ''}`, ...request.rawHeaders].join('\n') };
    arrived.push(record);
    remember(request, record);
    // A caller who leaves in the middle of a stream is none of the Core's business.
    answer(request, response).catch(() => response.destroy());
  });
  // A request that Node refuses to parse has reached the Core all the same.
  server.on('clientError', (error: Error & { readonly rawPacket?: Buffer }, socket) => {
    arrived.push({ text: error.rawPacket?.toString('latin1') ?? '' });
    socket.end('HTTP/1.1 400 Bad Request\r\nserver: sample-core\r\nconnection: close\r\n\r\n');
  });
  return {
    ...await listenOnLoopback(server),
    canary: () => {
      const canary = `canary-${randomBytes(12).toString('hex')}`;
      before.set(canary, arrived.length);
      return canary;
    },
    reached: (canary) => arrived.slice(before.get(canary)).filter(({ text }) => text.includes(canary)).length,
  };
}

/** Appends the body while it arrives, so that one that never ends counts as well. */
function remember(request: IncomingMessage, record: { text: string }): void {
  let left = REMEMBERED_BODY_BYTES;
  record.text += '\n\n';
  request.on('data', (chunk: Buffer) => {
    record.text += chunk.toString('latin1', 0, left);
    left = Math.max(0, left - chunk.length);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const received: CoreAnswer = { method: request.method ?? '', path: request.url ?? '', headers: request.headersDistinct as CoreAnswer['headers'] };
  const { status = 200, headers = {}, streamsForSeconds } = wishOf(request);
  response.setHeader('server', 'sample-core');
  if (streamsForSeconds === undefined && !wantsStream(request)) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(received));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event(received));
  const chunks = streamsForSeconds === undefined ? CHUNKS : Math.ceil(streamsForSeconds * 1000 / CHUNK_INTERVAL_MS);
  for (let chunk = 1; chunk <= chunks && !response.destroyed; chunk++) {
    await after(CHUNK_INTERVAL_MS);
    response.write(event({ chunk }));
  }
  response.end('data: [DONE]\n\n');
}

function wishOf({ headers }: IncomingMessage): WishedAnswer {
  const wish = headers[ANSWER_HEADER];
  return typeof wish === 'string' ? JSON.parse(wish) as WishedAnswer : {};
}

function wantsStream(request: IncomingMessage): boolean {
  return /stream/i.test(request.url ?? '') || (request.headers.accept ?? '').includes('text/event-stream');
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
