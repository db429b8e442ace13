import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { type LoopbackServer, listenOnLoopback } from '../../src/drill/services/loopback';

/** A Core that keeps nothing, so that what grows is not it. */
export interface SoakCore extends LoopbackServer {
  /** Resolves once a request with this id has arrived. */
  arrived(requestId: string): Promise<void>;
}

const STREAM_EVENTS = 10;
const EVENT_INTERVAL_MS = 100;
/** Longer than whoever goes away waits. */
const SLOW_MS = 20_000;

export async function startSoakCore(): Promise<SoakCore> {
  const waiting = new Map<string, () => void>();
  const server = createServer((request, response) => {
    request.resume().on('error', () => undefined);
    waiting.get(String(request.headers['x-request-id']))?.();
    answer(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('error', () => undefined).on('message', (message) => socket.send(message)));
  return {
    ...await listenOnLoopback(server),
    arrived: (requestId) => new Promise((resolve) => waiting.set(requestId, () => {
      waiting.delete(requestId);
      resolve();
    })),
  };
}

async function answer({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (url === '/v1/slow') await after(SLOW_MS, undefined, { signal: gone.signal });
  if (url !== '/v1/stream') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"model":"sample","usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let event = 0; event < STREAM_EVENTS; event++) {
    response.write(`data: {"n":${event}}\n\n`);
    await after(EVENT_INTERVAL_MS, undefined, { signal: gone.signal });
  }
  response.end('data: [DONE]\n\n');
}
