import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ANSWERS, CONTENT_TYPE, type FieldName, METHOD, PROTOCOL_VERSION, type ProofField, REFUSAL_NAMES, REFUSALS, RETRY_AFTER_HEADER, type RouteName, ROUTES, ZERO_SIGNATURE,
} from '../broker/protocol/contract';
import { BrokerRefusal, isTemporary } from './broker-refusal';
import { formed, sign } from './sign';

/** How a request is proven: the key, and the field that says which one it is; none for the shared key. */
export interface Proof {
  readonly key: string;
  readonly said?: { readonly field: ProofField; readonly value: string };
}
/** Made for each request anew: what a task proves holds its nonce. */
export type Prove = (nonce: string) => Proof | Promise<Proof>;

export type Answer = Readonly<Record<string, unknown>>;

/** How often something is asked again, and for how long at most before each time (ours). */
const AGAIN = 3;
const FIRST_PAUSE_MS = 1000;
/** Longer waits are the caller's to decide: limits count by the minute. */
const MOST_RETRY_SECONDS = 60;
/** Longer than the broker itself may take. */
const TIMEOUT_MS = 15_000;
const NONCE_BYTES = 16;
/** A request without one is blocked before the broker (AWS WAF guide, "Core rule set (CRS) managed rule group", NoUserAgent_HEADER). */
const USER_AGENT = 'cdk-secure-core-worker';

/** Nobody who listens on the way has to be feared between a program and its own machine. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;

/** One broker, asked as one worker. */
export class Broker {
  /** As it is signed. */
  public readonly host: string;
  private readonly origin: string;

  /** @param wait milliseconds, before something is asked again */
  public constructor(url: string, private readonly workerId: string, private readonly wait: Wait = (milliseconds, signal) => pause(milliseconds, undefined, { signal })) {
    const { protocol, hostname, origin, href } = URL.canParse(url) ? new URL(url) : {};
    const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname ?? ''));
    if (!isSafe || hostname === undefined || origin === undefined || href !== `${origin}/`) throw new TypeError('url: must be https://<host>, and nothing behind it');
    this.host = hostname;
    this.origin = origin;
    formed('worker_id', workerId);
  }

  /**
   * Asks, and asks again where that may help, each time with a new nonce.
   *
   * @param signal after which nothing is asked again
   * @throws BrokerRefusal, or an Error where nobody answers
   */
  public async ask(route: RouteName, fields: Readonly<Partial<Record<FieldName, string>>>, prove: Prove, signal?: AbortSignal): Promise<Answer> {
    for (let asked = 0; ; asked += 1) {
      try {
        return await this.askOnce(route, fields, prove);
      } catch (error) {
        const after = error instanceof BrokerRefusal ? error.retryAfter ?? 0 : 0;
        if (!isTemporary(error) || asked >= AGAIN || after > MOST_RETRY_SECONDS) throw error;
        // The whole pause is by chance, so that a fleet that was turned away together does not come back together.
        await this.wait(after * 1000 + Math.random() * FIRST_PAUSE_MS * 2 ** asked, signal);
      }
    }
  }

  private async askOnce(route: RouteName, fields: Readonly<Partial<Record<FieldName, string>>>, prove: Prove): Promise<Answer> {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const { key, said } = await prove(nonce);
    const all: Partial<Record<FieldName, string>> = {
      version: PROTOCOL_VERSION, worker_id: this.workerId, timestamp: String(Math.floor(Date.now() / 1000)), nonce, ...fields, ...(said && { [said.field]: said.value }),
      hmac_signature: ZERO_SIGNATURE,
    };
    const { path } = ROUTES[route];
    const { body } = sign({ host: this.host, path, body: JSON.stringify(all) }, key);
    const response = await this.post(path, body);
    const answer = readAnswer(response.text);
    if (response.status === 200) return granted(route, answer);
    const code = REFUSAL_NAMES.find((name) => answer?.error === name && REFUSALS[name].status === response.status);
    throw new BrokerRefusal({ route, status: response.status, code, retryAfter: numberIn(response.retryAfter), brokerTime: numberIn(answer?.time) });
  }

  private async post(path: string, body: string): Promise<{ readonly status: number; readonly text: string; readonly retryAfter: string | null }> {
    try {
      const headers = { 'content-type': CONTENT_TYPE, 'user-agent': USER_AGENT };
      const response = await fetch(`${this.origin}${path}`, { method: METHOD, headers, body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { status: response.status, text: await response.text(), retryAfter: response.headers.get(RETRY_AFTER_HEADER) };
    } catch (cause) {
      // `fetch` throws a TypeError for whatever happens on the way; here that word means a wrong argument.
      throw new Error(`${this.host} does not answer.`, { cause });
    }
  }
}

function readAnswer(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

function granted(route: RouteName, answer: Answer | undefined): Answer {
  const isWhole = answer !== undefined && Object.entries(ANSWERS[route]).every(([name, { pattern, isAlways }]) => {
    const value = answer[name];
    return value === undefined ? !isAlways : typeof value === 'string' && new RegExp(`^(?:${pattern})$`).test(value);
  });
  if (!isWhole) throw new TypeError(`${route}: the answer is none of the worker protocol.`);
  return answer;
}

function numberIn(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
