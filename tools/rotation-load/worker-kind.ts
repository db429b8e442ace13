import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { BROKER_VARIABLE, type BrokerConfiguration } from '../../src/broker/contract';
import { albEvent } from '../../src/drill/broker/alb-event';
import { listenOnLoopback } from '../../src/drill/services/loopback';
import type { AlbAnswer } from '../../src/runtime/broker/answers';
import { createAudit } from '../../src/runtime/broker/audit';
import { readBrokerConfiguration } from '../../src/runtime/broker/configuration';
import { handle, type HandlerParts } from '../../src/runtime/broker/handle';
import { KeyRingSource, keysOf } from '../../src/runtime/broker/key-ring-source';
import { createMetrics } from '../../src/runtime/broker/metrics';
import { type Looked, secondsOf } from '../../src/runtime/broker/ports';
import { ringStrategy } from '../../src/runtime/rotation/ring';
import type { KeyRing } from '../../src/secrets/contract';
import { BrokerRefusal, WorkerClient } from '../../src/worker';
import { type KindParts, type LoadKind, type OpenKind, Refused } from './kind';

/** What is ten seconds where rotations are days apart is a moment here, where they are seconds apart. */
const RING_CACHE_SECONDS = 0.05;
const CREDENTIAL = 'router';
const HOST = '127.0.0.1';
const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3600;

const CONFIGURATION: BrokerConfiguration = {
  version: 1, host: HOST, region: 'eu-central-1', windowSeconds: 60, requestsPerMinute: 1_000_000, binding: 'assigned',
  phase: { kind: 'shared-key', shared: { ring: 'ring' } },
  leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' },
  tables: { jobs: 'jobs', state: 'state' }, secretArns: '', credentials: [{ id: CREDENTIAL, kind: 'ssh', secret: 'secret' }], metrics: { namespace: 'Load' },
};

const keyIn = (value: string): string => (JSON.parse(value) as KeyRing).current;

/** Workers that sign with what their task was started with, and the broker, which reads the ring anew: nobody rolls it out when that changes. */
export const openWorkers: OpenKind = async (parts) => {
  const broker = await startBroker(parts);
  const client = (turn: number, value: string): WorkerClient => new WorkerClient({ url: broker.url, workerId: `worker-${turn}`, key: keyIn(value) });
  return {
    name: 'workers (a key that signs checkouts)',
    strategy: ringStrategy('base64url'),
    first: JSON.stringify({ seed: randomBytes(32).toString('hex') }),
    services: [{
      name: 'workers',
      start: (value, turn) => {
        const worker = client(turn, value);
        return Promise.resolve({
          ask: async () => {
            const { credential } = await worker.checkout({ jobId: `job-${turn}`, credentialId: CREDENTIAL });
            if (credential.kind !== 'ssh') throw new Refused('A checkout gave another credential.');
          },
          stop: () => Promise.resolve(),
        });
      },
    }],
    isLetIn: async (value) => {
      await after(2 * RING_CACHE_SECONDS * 1000);
      return client(0, value).register().then(() => true, (error: unknown) => {
        if (error instanceof BrokerRefusal && error.status === 401) return false;
        throw error;
      });
    },
    log: broker.log,
    stop: broker.stop,
  } satisfies LoadKind;
};

interface RunningBroker {
  readonly url: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** The broker's own code from the request to the answer. What no rotation changes is in memory: workers, jobs and leases, which are all there. */
async function startBroker({ read, log }: KindParts): Promise<RunningBroker> {
  const written: string[] = [];
  const write = (line: string): void => void written.push(line);
  const clock = Date.now;
  const shared = new KeyRingSource({ read }, 'ring', clock, RING_CACHE_SECONDS);
  const configuration = readBrokerConfiguration({ [BROKER_VARIABLE]: JSON.stringify(CONFIGURATION) });
  const handler: HandlerParts = {
    ...inMemory(), configuration, clock, randomBytes, log, randomId: randomUUID, keys: keysOf({ shared }),
    audit: createAudit({ write, gate: randomBytes(8).toString('hex'), clock }),
    metrics: createMetrics({ write, namespace: CONFIGURATION.metrics.namespace, phase: CONFIGURATION.phase, clock }),
  };
  const server = await listenOnLoopback(createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { method = '', url = '', rawHeaders, headers } = request;
      handle(albEvent({ method, url, rawHeaders, headers, body: Buffer.concat(chunks) }, 'group'), handler).then((answer) => {
        const { statusCode, multiValueHeaders, body } = answer as AlbAnswer;
        response.writeHead(statusCode, multiValueHeaders).end(body);
      }, () => response.destroy());
    });
  }));
  return { url: `http://${HOST}:${server.port}`, log: () => written.join(''), stop: () => server.stop() };
}

function inMemory(): Pick<HandlerParts, 'reads' | 'allowances' | 'leases' | 'workers' | 'fleet' | 'stores'> {
  const nobodyAsks = (): never => {
    throw new Error('Nobody asks for this under load.');
  };
  const lookedFor = (worker: string): Looked => ({
    fleet: { epoch: 0 },
    worker: { state: 'active', epoch: 1, kind: 'shared', expiresAt: IN_AN_HOUR },
    job: { worker, credentials: new Set([CREDENTIAL]), assignedAt: secondsOf(Date.now), expiresAt: IN_AN_HOUR },
    lease: { leaseId: 'l'.repeat(43), worker, epoch: 1, fleetEpoch: 0, expiresAt: IN_AN_HOUR, renewableUntil: IN_AN_HOUR },
  });
  const nonces = new Set<string>();
  const store = { read: () => Promise.resolve(JSON.stringify({ username: 'operator', password: 'of a router that is not there' })) };
  return {
    reads: { look: ({ worker = '' }) => Promise.resolve(lookedFor(worker)) },
    allowances: {
      useNonce: (_, nonce) => {
        const isNew = !nonces.has(nonce);
        nonces.add(nonce);
        return Promise.resolve(isNew);
      },
      countRequest: () => Promise.resolve(true),
    },
    leases: { put: nobodyAsks, renew: nobodyAsks, end: nobodyAsks, claim: nobodyAsks, due: nobodyAsks },
    workers: { register: () => Promise.resolve('registered'), exit: nobodyAsks, stopped: nobodyAsks, revoke: nobodyAsks, admit: nobodyAsks, invite: nobodyAsks, list: nobodyAsks },
    fleet: { endAll: nobodyAsks, open: nobodyAsks },
    stores: { 'secrets-manager': store, 'parameter-store': store },
  };
}
