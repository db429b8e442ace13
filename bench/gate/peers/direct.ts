import { COMMON_HEADERS } from './headers';
import type { Peer } from './peer';

export const direct: Peer = {
  name: 'direct',
  does: 'the Core alone, without TLS: what everybody else adds to',
  start: ({ corePort }) => Promise.resolve({ url: `http://127.0.0.1:${corePort}`, pids: [], headersFor: () => COMMON_HEADERS, decides: false, output: () => '' }),
};
