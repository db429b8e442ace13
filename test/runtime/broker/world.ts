import { randomBytes } from 'node:crypto';
import type { BrokerConfiguration } from '../../../src/broker/contract';
import type { JobItem, LeaseItem, WorkerItem } from '../../../src/broker/items/contract';
import type { FieldName, RouteName } from '../../../src/broker/protocol/contract';
import { readBrokerConfiguration } from '../../../src/runtime/broker/configuration';
import type { BrokerParts } from '../../../src/runtime/broker/parts';
import type { Looked } from '../../../src/runtime/broker/ports';
import { readRequest, type WorkerRequest } from '../../../src/runtime/broker/read-request';
import { type SigningOptions, signedRequest } from '../../support/broker-worker';

/** In seconds. */
export const NOW = 1_800_000_000;
export const HOST = 'broker.example.org';
export const MASTER = 'm'.repeat(43);
export const SHARED = 's'.repeat(43);
const ringOf = (value: string): { current: string; previous: string; next: string } => ({ current: value, previous: value, next: value });

const OWN = { ring: 'own-AbCdEf', keyLifeSeconds: 3600, tokenSeconds: 600 };

/** A configuration as a construct writes it. */
export const CONFIGURATION: BrokerConfiguration = {
  version: 1,
  host: HOST,
  region: 'eu-central-1',
  phase: { kind: 'shared-key', shared: { ring: 'shared-AbCdEf' } },
  windowSeconds: 60,
  requestsPerMinute: 120,
  leases: { ttlSeconds: 300, longestSeconds: 3600, onExit: 'revoke' },
  binding: 'assigned',
  tables: { jobs: 'jobs', state: 'state' },
  secretArns: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:',
  credentials: ['test/credentials/router/ssh-AbCdEf', { id: 'switch', kind: 'snmp', secret: 'switch-AbCdEf', rotates: true }, { id: 'portal', kind: 'api_key', parameter: '/portal' }],
  metrics: { namespace: 'SecureCore/Test' },
};
export const PHASE_3 = { ...CONFIGURATION, phase: { kind: 'per-worker-keys', own: OWN } } as const;

export const read = (configuration: object): ReturnType<typeof readBrokerConfiguration> => readBrokerConfiguration({ BROKER_CONFIGURATION: JSON.stringify(configuration) });

export const WORKER: WorkerItem = { state: 'active', epoch: 7, kind: 'shared', expiresAt: NOW + 1000 };
export const JOB: JobItem = { worker: 'w-1', credentials: new Set(['router', 'switch', 'portal']), assignedAt: NOW - 10, expiresAt: NOW + 600 };
export const LEASE: LeaseItem = { leaseId: 'l'.repeat(43), worker: 'w-1', epoch: 7, fleetEpoch: 0, expiresAt: NOW + 100, renewableUntil: NOW + 500 };
export const LOOKED: Looked = { worker: WORKER, fleet: { epoch: 0 }, job: JOB };

export interface World {
  readonly parts: BrokerParts;
  /** What was asked of which part, in this order. */
  readonly asked: string[];
}

/** Parts that answer well, tell what they were asked, and fail where they are told to. A lease that is put stands there when it is looked for again. */
export function world({ configuration = CONFIGURATION, looked = LOOKED, failing, refusing }: {
  readonly configuration?: BrokerConfiguration; readonly looked?: Looked; readonly failing?: string; readonly refusing?: string;
} = {}): World {
  const asked: string[] = [];
  let now = looked;
  const answer = async <T>(name: string, good: T, bad: T): Promise<T> => {
    asked.push(name);
    if (name === failing) throw new Error('canary');
    return Promise.resolve(name === refusing ? bad : good);
  };
  const values: Readonly<Record<string, string>> = {
    '/portal': '{"api_key":"canary-0123456789"}', [`${CONFIGURATION.secretArns}switch-AbCdEf`]: '{"version":"2c","community":"canary-0123"}',
  };
  const store = (name: string) => ({ read: (place: string) => answer(name, values[place] ?? '{"username":"operator","password":"canary-0123"}', undefined) });
  return {
    asked,
    parts: {
      configuration: read(configuration),
      keys: { read: () => answer('keys', { shared: ringOf(SHARED), own: ringOf(MASTER) }, {}) },
      reads: { look: () => answer('look', now, now) },
      allowances: { useNonce: () => answer('nonce', true, false), countRequest: () => answer('rate', true, false) },
      leases: {
        put: (_, lease) => {
          now = { ...now, lease };
          return answer('put', true, false);
        },
        renew: () => answer('renew', true, false),
        end: () => answer('end', undefined, undefined),
        claim: () => answer('claim', true, false),
        due: () => answer('due', undefined, undefined),
      },
      workers: {
        register: () => answer('register', 'registered', 'refused'),
        exit: () => answer('exit', undefined, undefined),
        stopped: () => answer('stopped', true, false),
        revoke: () => answer('revoke', { epoch: 8, wasUnknown: false }, { epoch: 8, wasUnknown: true }),
        admit: () => answer('admit', 8, undefined),
        invite: () => answer('invite', undefined, undefined),
        list: () => answer('list', { workers: [] }, { workers: [] }),
      },
      fleet: { endAll: () => answer('end-all', 1, 1), open: () => answer('open', 1, 1) },
      stores: { 'secrets-manager': store('secrets-manager'), 'parameter-store': store('parameter-store') },
      tasks: { sessionOf: () => answer('sts', 'session', undefined) },
      clock: () => NOW * 1000 + 500,
      randomBytes,
      log: ({ event }) => asked.push(event),
    },
  };
}

/** A signed request, as it is read from the wire. */
export function requestOf(route: RouteName, fields: Partial<Record<FieldName, string>> = {}, options: Partial<SigningOptions> = {}): WorkerRequest {
  const { path, body } = signedRequest(route, fields, { host: HOST, workerId: 'w-1', key: SHARED, timestamp: NOW, ...options });
  const request = readRequest({ method: 'POST', path, hasQuery: false, headers: new Map([['host', [options.host ?? HOST]], ['content-type', ['application/json']]]), body: Buffer.from(body) });
  if (typeof request === 'string') throw new Error(request);
  return request;
}
