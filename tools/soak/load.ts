import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import WebSocket from 'ws';
import type { SoakStage } from './stage';

/** What somebody does, and how often among a hundred. */
interface Deed {
  readonly weight: number;
  readonly run: (call: Call) => Promise<void>;
}

interface Call {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly dispatcher: Agent;
  readonly core: SoakStage['core'];
}

const TICK_MS = 50;
/** Of all callers together; what would be more waits for the next tick, so that a slow machine is not flooded. */
const MAX_UNDER_WAY = 200;
const CONNECTIONS = 64;
/** Whoever is answered nothing by then never is. */
const PATIENCE_MS = 60_000;

async function ask({ origin, headers, dispatcher }: Call, method: 'GET' | 'POST', path: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const { body } = await request(`${origin}${path}`, { method, dispatcher, headers: { ...headers, ...more }, ...(method === 'POST' && { body: '{"input":"Hello?"}' }) });
  await body.dump({ limit: 1_000_000 });
}

/** Goes away in the middle of an answer; where it was refused, there is none to go away from. */
async function leaveStream({ origin, headers, dispatcher }: Call): Promise<void> {
  const { statusCode, body } = await request(`${origin}/v1/stream`, { dispatcher, headers });
  if (statusCode !== 200) {
    await body.dump();
    return;
  }
  body.on('error', () => undefined);
  for await (const chunk of body) {
    if (chunk !== undefined) break;
  }
  body.destroy();
}

/** Goes away once the Core has been asked, before anybody was told anything. */
async function leaveEarly({ id, origin, headers, dispatcher, core }: Call): Promise<void> {
  const gone = new AbortController();
  const arrived = core.arrived(id).then(() => gone.abort());
  await request(`${origin}/v1/slow`, { dispatcher, headers, signal: gone.signal }).then(({ body }) => body.dump(), () => arrived);
}

/** A socket that is used and closed; a refusal is an answer too. */
async function talk({ origin, headers }: Call): Promise<void> {
  const socket = new WebSocket(`${origin.replace('https', 'wss')}/v1/live`, { headers, rejectUnauthorized: false });
  let said = 0;
  await new Promise<void>((resolve) => {
    socket.on('open', () => socket.send('hello'));
    socket.on('message', () => {
      said += 1;
      if (said < 5) setTimeout(() => socket.send('again'), 100);
      else socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      socket.terminate();
    });
    socket.on('error', () => undefined).on('close', () => resolve());
  });
}

const DEEDS: Readonly<Record<string, Deed>> = {
  'light': { weight: 60, run: (call) => ask(call, 'GET', '/v1/light') },
  'heavy': { weight: 10, run: (call) => ask(call, 'POST', '/v1/heavy', { 'content-type': 'application/json' }) },
  'stream': { weight: 10, run: (call) => ask(call, 'GET', '/v1/stream') },
  'stream left': { weight: 5, run: leaveStream },
  'left early': { weight: 3, run: leaveEarly },
  'WebSocket': { weight: 4, run: talk },
  'no credential': { weight: 4, run: (call) => ask(call, 'GET', '/v1/light', { 'x-api-key': '' }) },
  'no such route': { weight: 2, run: (call) => ask(call, 'GET', '/v2') },
  'malformed': { weight: 2, run: (call) => ask(call, 'GET', '/v1%2flight') },
};
const WHEEL = Object.entries(DEEDS).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name));

/** Bounded traffic of many callers over both gates. */
export class Load {
  public sent = 0;
  public underWay = 0;
  public failed = 0;
  /** Why the first few failed, for whoever has to find out. */
  public readonly failures: string[] = [];
  private readonly dispatcher = new Agent({ connections: CONNECTIONS, connect: { rejectUnauthorized: false }, bodyTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS });
  private timer?: NodeJS.Timeout;
  private due = 0;
  private turn = 0;

  public constructor(private readonly stage: SoakStage, private readonly perSecond: number) {}

  public start(): void {
    this.timer = setInterval(() => {
      this.due = Math.min(this.due + this.perSecond * TICK_MS / 1000, this.perSecond);
      for (; this.due >= 1 && this.underWay < MAX_UNDER_WAY; this.due--) void this.run();
    }, TICK_MS);
  }

  /** No more is begun, and what has been begun comes to its end. */
  public async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const deadline = Date.now() + PATIENCE_MS; this.underWay > 0 && Date.now() < deadline;) await new Promise((resolve) => setTimeout(resolve, 50));
    await this.dispatcher.destroy();
  }

  private async run(): Promise<void> {
    const { gates, keys, core, pairs } = this.stage;
    this.turn += 1;
    // Without a common divisor, so that every caller does everything at every gate.
    const name = WHEEL[(this.turn * 37) % WHEEL.length] ?? '';
    const port = gates[this.turn % gates.length]?.port ?? 0;
    const id = randomUUID();
    const origin = `https://127.0.0.1:${port}`;
    const call: Call = { id, core, dispatcher: this.dispatcher, origin, headers: { 'x-request-id': id, 'x-api-key': keys[Math.floor(Math.random() * keys.length)] ?? '' } };
    this.sent += 1;
    this.underWay += 1;
    pairs.see('request', id, name);
    try {
      await DEEDS[name]?.run(call);
    } catch (error) {
      this.failed += 1;
      if (this.failures.length < 5) this.failures.push(`${name}: ${error instanceof Error ? error.message : 'unknown'}`);
    } finally {
      this.underWay -= 1;
    }
  }
}
