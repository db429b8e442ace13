import { keyHeaders } from './headers';
import type { Peer } from './peer';
import { startService } from './policy-service';

export const fastify: Peer = {
  name: 'fastify',
  does: 'a bare proxy of Fastify and undici that decides in its own process; none of the rest of a gate',
  async start(stage) {
    const { port, process: started } = await startService(stage, 'fastify-proxy', 'fastify');
    return { url: `https://127.0.0.1:${port}`, pids: [started.pid], headersFor: keyHeaders, exited: started.exited, output: () => started.output() };
  },
};
