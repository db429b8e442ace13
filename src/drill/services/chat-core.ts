import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { type LoopbackServer, listenOnLoopback } from './loopback';

/** A request as it reached the Core. */
export interface ChatRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A Core that speaks as OpenAI's API does, as far as its clients look: what a model says is always the same. */
export interface ChatCore extends LoopbackServer {
  /** In the order of their arrival; health checks are none. */
  readonly requests: readonly ChatRequest[];
  /** How many answers nobody waited for to the end. */
  abandoned(): number;
}

/** What a caller asks for. */
interface Wish {
  readonly model?: string;
  readonly stream?: boolean;
  readonly encoding_format?: string;
}

/** Models that are silent for some seconds: `quiet` after its first word, `slow` before it says anything. */
const SILENT_MODEL = /^(quiet|slow)-(\d+)s$/;
const WORD_INTERVAL_MS = 40;
const EMBEDDING = [0.5, -0.25, 0.125];

/** Starts it. It answers everybody, as a Core behind a gate may. */
export async function startChatCore(): Promise<ChatCore> {
  const requests: ChatRequest[] = [];
  const left = { count: 0 };
  const server = createServer((request, response) => {
    if (request.url === '/health') {
      response.end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) left.count += 1;
      gone.abort();
    });
    take(request, requests).then((taken) => answer(taken, response, gone.signal)).catch(() => response.destroy());
  });
  return { ...await listenOnLoopback(server), requests, abandoned: () => left.count };
}

async function take(request: IncomingMessage, requests: ChatRequest[]): Promise<ChatRequest> {
  const headers = Object.fromEntries(Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]));
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const taken: ChatRequest = { method: request.method ?? '', path: request.url ?? '', headers, body: Buffer.concat(chunks) };
  requests.push(taken);
  return taken;
}

async function answer(request: ChatRequest, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const asked = `${request.method} ${request.path}`;
  if (asked === 'POST /v1/chat/completions') {
    await chat(request, response, gone);
    return;
  }
  const body = PLAIN_ANSWERS[asked]?.(request);
  sendJson(response, body ?? { error: { message: 'There is no such path.', type: 'invalid_request_error' } }, body ? 200 : 404);
}

/** What is said at once. */
const PLAIN_ANSWERS: Readonly<Record<string, (request: ChatRequest) => object>> = {
  'GET /v1/models': () => ({ object: 'list', data: [{ id: 'sample', object: 'model', created: 0, owned_by: 'sample' }] }),
  'POST /v1/embeddings': (request) => embeddings(wishOf(request)),
  'POST /v1/files': ({ body }) => ({ id: 'file-1', object: 'file', bytes: body.length, created_at: 0, filename: 'upload', purpose: 'assistants', status: 'processed' }),
};

async function chat(request: ChatRequest, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const { model = '', stream = false } = wishOf(request);
  const [, silence, seconds] = SILENT_MODEL.exec(model) ?? [];
  const silent = (): Promise<void> => after(Number(seconds) * 1000, undefined, { signal: gone });
  const words = `Hello ${request.headers['x-auth-request-user'] ?? 'stranger'}, the gate let you in.`.split(/(?<= )/);
  const told = { id: 'chatcmpl-1', created: 0, model };
  if (silence === 'slow') await silent();
  if (!stream) {
    const message = { role: 'assistant', content: words.join('') };
    const usage = { prompt_tokens: 1, completion_tokens: words.length, total_tokens: 1 + words.length };
    sendJson(response, { ...told, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
    return;
  }
  const say = (delta: object, reason: 'stop' | null): boolean => (
    response.write(`data: ${JSON.stringify({ ...told, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`)
  );
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [index, content] of words.entries()) {
    say(index === 0 ? { role: 'assistant', content } : { content }, null);
    if (index === 0 && silence === 'quiet') await silent();
    await after(WORD_INTERVAL_MS, undefined, { signal: gone });
  }
  say({}, 'stop');
  response.end('data: [DONE]\n\n');
}

function embeddings({ model = '', encoding_format: format }: Wish): object {
  const embedding = format === 'base64' ? Buffer.from(new Float32Array(EMBEDDING).buffer).toString('base64') : EMBEDDING;
  return { object: 'list', model, data: [{ object: 'embedding', index: 0, embedding }], usage: { prompt_tokens: 1, total_tokens: 1 } };
}

function wishOf({ body }: ChatRequest): Wish {
  return JSON.parse(body.toString()) as Wish;
}

function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
