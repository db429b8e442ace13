import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { WireRequest } from '../scene';

const TIMEOUT_MS = 10_000;

/**
 * What one task answers, asked as its load balancer asks, which verifies nobody (M-52); undefined where it does not answer.
 *
 * @param isPlain whether what stands there is no gate, but a Core that speaks no TLS
 */
export async function statusAt(port: number, { method, path, headers }: Pick<WireRequest, 'method' | 'path' | 'headers'>, isPlain = false): Promise<number | undefined> {
  try {
    const options = { host: '127.0.0.1', port, method, path, headers: { ...headers, connection: 'close' }, agent: false as const, timeout: TIMEOUT_MS };
    const asked = isPlain ? httpRequest(options) : httpsRequest({ ...options, rejectUnauthorized: false });
    const [response] = await once(asked.end(), 'response') as [IncomingMessage];
    response.resume();
    return response.statusCode;
  } catch {
    return undefined;
  }
}
