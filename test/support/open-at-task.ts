import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { OpenAnswer, WireRequest } from '../../src/drill/scene';

/** Asks one task of a gate, as its load balancer does, which verifies nobody (M-52): no edge chooses another one. */
export async function openAtTask(port: number, { method, path, headers }: WireRequest): Promise<OpenAnswer> {
  const sent = httpsRequest({ host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false });
  sent.end();
  const [response] = await once(sent, 'response') as [IncomingMessage];
  let isOver = false;
  sent.on('error', () => undefined);
  response.on('error', () => undefined).once('close', () => {
    isOver = true;
  }).resume();
  const told = Object.fromEntries(Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]));
  return { status: response.statusCode ?? 0, headers: told, isOver: () => isOver, close: () => sent.destroy() };
}
