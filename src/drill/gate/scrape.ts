import { once } from 'node:events';
import { get, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const TIMEOUT_MS = 5000;
/** A line of the exposition format: a name, labels in braces where there are some, and a value. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)$/;

/** What a task says of itself to whoever reaches its metrics port, as Prometheus would ask: for each name the sum over all labels. */
export async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  // It shows the gate's own certificate, which nobody vouches for (M-52).
  const options: RequestOptions = { host: '127.0.0.1', port, path: '/metrics', rejectUnauthorized: false, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const [response] = await once(get(options), 'response') as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`The metrics port answered ${response.statusCode ?? 'with nothing'}.`);
  return sumsIn(body);
}

export function sumsIn(exposition: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const line of exposition.split('\n')) {
    const [, name, value] = SAMPLE.exec(line) ?? [];
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}
