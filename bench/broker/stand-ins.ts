import type { BrokerConfiguration } from '../../src/broker/contract';

/** What the bench's own broker is told, and its one worker knows. */
export const KEY = 'bench-key-'.padEnd(43, 'k');
export const WORKER = 'bench';
export const CREDENTIAL = 'router';
export const RING_SECRET = 'bench/workers/ring';
export const TABLES = { jobs: 'bench-jobs', state: 'bench-state' } as const;
export const REGION = 'eu-central-1';
export const HOST = '127.0.0.1';
const ACCOUNT = '111122223333';
export const CREDENTIAL_SECRET = `bench/credentials/${CREDENTIAL}/ssh`;

/** Seconds since 1970. */
export const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3600;

export const ringText = (): string => JSON.stringify({ current: KEY, previous: KEY.replace(/^b/, 'p'), next: KEY.replace(/^b/, 'n') });

/** @param ring and credential: names, or ARNs where the secrets have been made elsewhere */
export function configurationOf(ring = RING_SECRET, secret = CREDENTIAL_SECRET): BrokerConfiguration {
  return {
    version: 1, host: HOST, region: REGION, windowSeconds: 60, binding: 'assigned', tables: TABLES,
    phase: { kind: 'shared-key', shared: { ring } },
    // What is measured is not how it limits.
    requestsPerMinute: 1_000_000_000,
    leases: { ttlSeconds: 900, longestSeconds: 3600, onExit: 'revoke' },
    secretArns: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:`,
    credentials: [{ id: CREDENTIAL, kind: 'ssh', secret }],
    metrics: { namespace: 'Bench' },
  };
}
