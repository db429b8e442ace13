import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../services/loopback';
import { albEvent } from './alb-event';
import { type Called, FunctionProcess } from './function-process';

export interface AlbFrontOptions {
  /** The bundled function; its handler is called `handler`. */
  readonly file: string;
  /** All that the function is told. */
  readonly env: Readonly<Record<string, string>>;
  /** How many requests it serves at once; more wait, as long as nobody gives up. @default 1 */
  readonly environments?: number;
  /** Hears what the function writes, which is its log. */
  readonly onOutput?: (text: string) => void;
}

/** A function behind a load balancer, on loopback. */
export interface AlbFront {
  readonly port: number;
  /** Calls the function without the load balancer, as `lambda:InvokeFunction` does. @throws where the function does */
  readonly invoke: (event: unknown) => Promise<unknown>;
  stop(): Promise<void>;
}

/** What the load balancer hands on at most (ELB guide, "Lambda functions as targets"). */
const MOST_BYTES = 1024 * 1024;
const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/broker/0123456789abcdef';

/** Answers HTTP as a load balancer does whose target is a function: it makes events of requests and answers of what the function returns. TLS, web ACL and routes are somebody else's. */
export async function startAlbFront({ file, env, environments = 1, onOutput = () => undefined }: AlbFrontOptions): Promise<AlbFront> {
  const pool = new Environments(() => new FunctionProcess(file, env, onOutput), environments);
  const server = await listenOnLoopback(createServer((request, response) => {
    // A caller that has gone is told nothing.
    serve(request, response, pool).catch(() => response.destroy());
  }));
  return {
    port: server.port,
    invoke: async (event) => {
      const called = await pool.call(event);
      if ('failure' in called) throw new Error(called.failure);
      return called.answer;
    },
    stop: async () => {
      await server.stop();
      await pool.stop();
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, pool: Environments): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  const { method = '', url = '', rawHeaders, headers } = request;
  const called = await pool.call(albEvent({ method, url, rawHeaders, headers, body }, TARGET_GROUP));
  const answer = 'answer' in called ? answerIn(called.answer) : undefined;
  // The function failed, or answered what is none.
  if (answer === undefined) response.writeHead(502).end();
  else response.writeHead(answer.statusCode, answer.multiValueHeaders).end(Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8'));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface FunctionAnswer {
  readonly statusCode: number;
  readonly multiValueHeaders: Record<string, string[]>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

function answerIn(answer: unknown): FunctionAnswer | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { statusCode, multiValueHeaders, body, isBase64Encoded } = answer as Partial<FunctionAnswer>;
  const isWhole = typeof statusCode === 'number' && typeof multiValueHeaders === 'object' && typeof body === 'string';
  return isWhole ? { statusCode, multiValueHeaders, body, isBase64Encoded: isBase64Encoded === true } : undefined;
}

/** As many execution environments as are asked for; one that ended is replaced by the next call. */
class Environments {
  private readonly idle: FunctionProcess[] = [];
  private readonly all = new Set<FunctionProcess>();
  private readonly waiting: ((environment: FunctionProcess) => void)[] = [];

  public constructor(private readonly start: () => FunctionProcess, private readonly most: number) {}

  public async call(event: unknown): Promise<Called> {
    const environment = await this.take();
    try {
      return await environment.call(event);
    } finally {
      this.giveBack(environment);
    }
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.all].map((environment) => environment.stop()));
  }

  private async take(): Promise<FunctionProcess> {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.all.size < this.most) return this.started();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private giveBack(environment: FunctionProcess): void {
    if (!environment.isAlive) this.all.delete(environment);
    const next = this.waiting.shift();
    if (next !== undefined) next(environment.isAlive ? environment : this.started());
    else if (environment.isAlive) this.idle.push(environment);
  }

  private started(): FunctionProcess {
    const environment = this.start();
    this.all.add(environment);
    return environment;
  }
}
