import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { freePort } from '../../../src/drill/processes/free-port';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, type GateConfiguration, REDIS_PASSWORD_VARIABLE } from '../../../src/gate/contract';
import { readTrail } from '../../../src/runtime/gate/audit/read-trail';
import { auditFaults } from '../audit-faults';
import { KEY_HEADER, KEY_PREFIX } from '../keys';
import { rateFor } from '../limits';
import { REDIS_PREFIX, type Stage, TABLE } from '../stage';
import { Tally } from '../tally';
import { CORE_PATH } from '../upstream';
import { keyHeaders, ORIGIN } from './headers';
import type { Peer } from './peer';

/** The bundled service as `npm run functions` leaves it. */
const ENTRY = path.resolve(__dirname, '../../../assets/runtime/gate/index.js');

interface Options {
  /** Of Node, for who looks into it. @default - none */
  readonly node?: readonly string[];
  /** @default - the bundle of this tree */
  readonly entry?: string;
  /** Whether each request takes a lease and gives it back (RTL-4). @default false */
  readonly streams?: boolean;
}

function configuration({ corePort, redis, redisUser }: Stage, port: number, streams: boolean): GateConfiguration {
  return {
    version: 1,
    profile: 'remote',
    port,
    core: { port: corePort, healthCheckPath: '/health', publicHealth: false, identityHeader: 'x-identity', scopesHeader: 'x-scopes', removedHeaders: [] },
    policy: { routes: [{ method: 'POST', path: CORE_PATH, subtree: false, access: { kind: 'authenticated' }, tier: 'light', streams }], roles: {} },
    identity: { accept: [['key']], tokens: [], key: { header: KEY_HEADER, prefix: KEY_PREFIX, inAuthorization: false } },
    limits: { maxBodyBytes: 1_000_000, headersTimeoutSeconds: 10, requestTimeoutSeconds: 30, idleTimeoutSeconds: 900, keepAliveSeconds: 905, maxConnections: 1000, drainSeconds: 1 },
    cors: { origins: [ORIGIN], credentials: false, headers: ['content-type', KEY_HEADER], maxAgeSeconds: 600 },
    table: TABLE,
    rate: rateFor({ host: redis.host, port: redis.port, user: redisUser.userName }, `${REDIS_PREFIX}:${port}`),
    metrics: { namespace: 'Bench' },
  };
}

export async function startOurs(stage: Stage, { node = [], entry = ENTRY, streams = false }: Options = {}) {
  const port = await freePort();
  const [pipe, log, authorities] = [`gate-${port}.pipe`, `gate-${port}.log`, `gate-${port}.ca.pem`].map((name) => path.join(stage.folder, name)) as [string, string, string];
  await writeFile(authorities, stage.redis.caPem);
  // In a task its output is a pipe too, and somebody else's process reads it.
  execFileSync('mkfifo', [pipe]);
  const reader = stage.supervisor.start('reader of the log', 'sh', ['-c', 'exec cat "$0" > "$1"', pipe, log]);
  const started = stage.supervisor.start('gate', 'sh', ['-c', 'pipe="$0"; exec "$@" > "$pipe"', pipe, process.execPath, ...node, entry], {
    ...stage.tableEnvironment,
    [CONFIGURATION_VARIABLE]: JSON.stringify(configuration(stage, port, streams)),
    [AUDIT_KEY_VARIABLE]: randomBytes(32).toString('base64url'),
    [REDIS_PASSWORD_VARIABLE]: stage.redisUser.password,
    NODE_EXTRA_CA_CERTS: authorities,
    NODE_ENV: 'production',
  });
  const tally = new Tally();
  return {
    url: `https://127.0.0.1:${port}`,
    pids: [started.pid],
    headersFor: keyHeaders,
    exited: started.exited,
    output: () => started.output(),
    process: started,
    tally,
    finish: async () => {
      await started.stop();
      // It ends once nobody writes to the pipe any more.
      await reader.exited;
      return auditFaults(readTrail((await readFile(log, 'utf8')).split('\n')), tally);
    },
  };
}

export const ours: Peer = {
  name: 'ours',
  does: 'the bundled gate with all that it does: hygiene, policy, revocations, CORS, the audit record, the limit in its own process',
  start: (stage) => startOurs(stage),
};

export const oursWithLeases: Peer = {
  name: 'ours with leases',
  does: 'the same, where each request is a stream: it takes a lease with its budget, and gives it back',
  start: (stage) => startOurs(stage, { streams: true }),
};
