import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { ROUTES, ZERO_SIGNATURE } from '../../src/broker/protocol/contract';
import { sign } from '../../src/worker/sign';
import { CREDENTIAL, HOST, KEY, WORKER } from './stand-ins';

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One after the other on each connection, for so many seconds; each request is new, and signed as it is sent. @throws where one is not answered by 200 */
export async function load(port: number, job: () => string, connections: number, seconds: number): Promise<LoadResult> {
  const pool = new Pool(`http://${HOST}:${port}`, { connections });
  const took: number[] = [];
  const from = performance.now();
  const end = from + seconds * 1000;
  try {
    await Promise.all(Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const body = checkout(job());
        const sent = performance.now();
        const { statusCode, body: answer } = await pool.request({ method: 'POST', path: ROUTES.checkout.path, headers: { 'content-type': 'application/json' }, body });
        const text = await answer.text();
        took.push(performance.now() - sent);
        if (statusCode !== 200) throw new Error(`A checkout was answered by ${statusCode}: ${text.slice(0, 100)}`);
      }
    }));
  } finally {
    await pool.close();
  }
  const sorted = took.sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { requests: sorted.length, seconds: (performance.now() - from) / 1000, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function checkout(jobId: string): string {
  const fields = {
    version: '1', worker_id: WORKER, timestamp: String(Math.floor(Date.now() / 1000)), nonce: randomBytes(16).toString('base64url'),
    job_id: jobId, credential_id: CREDENTIAL, hmac_signature: ZERO_SIGNATURE,
  };
  return sign({ host: HOST, path: ROUTES.checkout.path, body: JSON.stringify(fields) }, KEY).body;
}
