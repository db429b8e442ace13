/** A worker as a process of its own: joins as its environment says, works with one credential until it is told `done`, and says what happens, a line for each. */
import { createInterface } from 'node:readline';
import { WorkerClient } from '../../src/worker';

export interface ChildEvent {
  readonly event: 'working' | 'lost' | 'done' | 'failed';
  readonly reason?: string;
}

const say = (said: ChildEvent): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
const wordOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function main(): Promise<void> {
  const { WORKER_URL: url = '', WORKER_ID: workerId = '', WORKER_KEY: key, WORKER_TOKEN: token = '', WORKER_JOB: jobId = '', WORKER_CREDENTIAL: credentialId = '' } = process.env;
  const client = key === undefined ? await WorkerClient.join({ url, workerId, token }) : new WorkerClient({ url, workerId, key });
  const lines = createInterface({ input: process.stdin });
  await client.withLease({ jobId, credentialId }, (_, lost) => new Promise<void>((resolve) => {
    lines.once('line', () => resolve());
    lost.addEventListener('abort', () => {
      say({ event: 'lost', reason: wordOf(lost.reason) });
      resolve();
    });
    say({ event: 'working' });
  }));
  say({ event: 'done' });
  lines.close();
}

main().catch((error: unknown) => {
  say({ event: 'failed', reason: wordOf(error) });
  process.exitCode = 1;
});
