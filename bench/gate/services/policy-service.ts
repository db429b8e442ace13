/**
 * What nginx, Envoy and Caddy ask about each request, over connections that they keep. Every answer is empty and says so with a length: without
 * one it would go out in chunks, which costs each of them more than the decision.
 *
 * /over-403: says 403 where the limit is reached, for nginx, whose auth_request knows 401 and 403 alone. /connections: how many there were.
 */
import { createServer } from 'node:http';
import { KEY_HEADER } from '../keys';
import { openDecide } from './decide';
import { readSettings } from './settings';

async function main(): Promise<void> {
  const settings = readSettings();
  const decide = await openDecide(settings);
  let connections = 0;
  const server = createServer((request, response) => {
    if (request.url === '/connections') {
      const body = String(connections);
      response.writeHead(200, { 'content-length': body.length }).end(body);
      return;
    }
    const answer = (status: number): void => void response.writeHead(status, { 'content-length': '0' }).end();
    const key = request.headers[KEY_HEADER];
    const over = request.url?.startsWith('/over-403') ? 403 : 429;
    decide(typeof key === 'string' ? key : undefined).then((status) => answer(status === 429 ? over : status), () => answer(503));
  });
  server.on('connection', () => { connections += 1; });
  server.keepAliveTimeout = 0;
  server.listen({ port: settings.port, host: '127.0.0.1' });
}

void main();
