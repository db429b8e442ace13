/** The least that a proxy in Node.js can be which decides the same: Fastify with TLS in front, undici behind, and nothing of what else a gate does. */
import type { IncomingMessage } from 'node:http';
import Fastify from 'fastify';
import { Pool } from 'undici';
import { KEY_HEADER } from '../keys';
import { openDecide } from './decide';
import { readSettings } from './settings';

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', KEY_HEADER]);

async function main(): Promise<void> {
  const settings = readSettings();
  const { port, corePort, key, cert } = settings;
  const decide = await openDecide(settings);
  const core = new Pool(`http://127.0.0.1:${corePort}`, { pipelining: 1 });
  const app = Fastify({ https: { key, cert, minVersion: 'TLSv1.3' }, logger: false, keepAliveTimeout: 60_000 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request: unknown, payload: IncomingMessage, done: (error: Error | null, body: unknown) => void) => done(null, payload));
  app.all('*', async (request, reply) => {
    const shown = request.headers[KEY_HEADER];
    const status = await decide(typeof shown === 'string' ? shown : undefined);
    if (status !== 200) return reply.code(status).send('');
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name)));
    const answer = await core.request({ path: request.url, method: request.method, headers, body: request.body as IncomingMessage | null });
    const passed = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name)));
    return reply.code(answer.statusCode).headers(passed).send(answer.body);
  });
  await app.listen({ port, host: '127.0.0.1' });
}

void main();
