import OpenAI from 'openai';
import { Agent } from 'undici';
import { DOMAIN } from './core';
import type { Stand } from './stand';

/** Which door, and what OpenAI's client is told beside it. */
export interface ClientOptions {
  /** Past the edge. @default false */
  readonly isStraight?: boolean;
  /** @default - the client's own */
  readonly maxRetries?: number;
}

/** OpenAI's own client, as callers have it: only where the name leads to, and who vouches for it, is this machine's. */
export function openAiAt({ edgePort, edgeCaPem, gatePort }: Pick<Stand, 'edgePort' | 'edgeCaPem' | 'gatePort'>, apiKey: string, { isStraight = false, ...options }: ClientOptions = {}): OpenAI {
  const here = { address: '127.0.0.1', family: 4 };
  const dispatcher = new Agent({
    // Nobody can vouch for what the gate makes in its memory.
    connect: isStraight ? { rejectUnauthorized: false } : { ca: edgeCaPem, lookup: (_name, _options, found) => found(null, [here]) },
    // Node's fetch gives up an answer after five silent minutes by itself (undici, `headersTimeout` and `bodyTimeout`).
    bodyTimeout: 0,
    headersTimeout: 0,
  });
  const host = isStraight ? `127.0.0.1:${gatePort}` : `${DOMAIN}:${edgePort}`;
  return new OpenAI({
    apiKey,
    baseURL: `https://${host}/v1`,
    // One class by two packages' types: what Node's fetch takes, and what undici makes.
    fetchOptions: { dispatcher: dispatcher as unknown as RequestInit['dispatcher'] },
    ...options,
  });
}
