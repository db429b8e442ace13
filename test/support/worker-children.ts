import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import type { ChildEvent } from './worker-child-program';

export interface ChildOptions {
  readonly url: string;
  readonly workerId: string;
  readonly jobId: string;
  readonly credentialId: string;
  readonly proof: { readonly key: string } | { readonly token: string };
}

/** A worker in a process of its own. */
export interface WorkerChild {
  readonly events: readonly ChildEvent[];
  /** Resolves with the event, or rejects where the process ends without it. */
  told(event: ChildEvent['event']): Promise<ChildEvent>;
  /** Lets it finish its work. */
  finish(): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** All that it has written. */
  output(): string;
}

export interface WorkerChildren {
  start(options: ChildOptions): WorkerChild;
  stop(): Promise<void>;
}

export function workerChildren(): WorkerChildren {
  const folder = mkdtempSync(path.join(tmpdir(), 'worker-child-'));
  const outfile = path.join(folder, 'worker.js');
  buildSync({ entryPoints: [path.join(__dirname, 'worker-child-program.ts')], bundle: true, platform: 'node', target: 'node20', outfile, logLevel: 'warning' });
  const children: { readonly child: ChildProcess; readonly ended: Promise<unknown> }[] = [];
  return {
    start({ url, workerId, jobId, credentialId, proof }) {
      const env = {
        PATH: process.env.PATH, WORKER_URL: url, WORKER_ID: workerId, WORKER_JOB: jobId, WORKER_CREDENTIAL: credentialId,
        ...('key' in proof ? { WORKER_KEY: proof.key } : { WORKER_TOKEN: proof.token }),
      };
      const child = spawn(process.execPath, [outfile], { env, stdio: ['pipe', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text; });
      const events: ChildEvent[] = [];
      const listeners = new Set<() => void>();
      createInterface({ input: child.stdout }).on('line', (line) => {
        events.push(JSON.parse(line) as ChildEvent);
        for (const listener of listeners) listener();
      });
      const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
      children.push({ child, ended });
      return {
        events, ended,
        told: (event) => new Promise((resolve, reject) => {
          const look = (): void => {
            const found = events.find((one) => one.event === event);
            if (found === undefined) return;
            listeners.delete(look);
            resolve(found);
          };
          listeners.add(look);
          look();
          void ended.then(() => reject(new Error(`It ended without saying ${event}: ${output}`)));
        }),
        finish: () => void child.stdin.write('done\n'),
        kill: (signal) => void child.kill(signal),
        output: () => output,
      };
    },
    async stop() {
      for (const { child } of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ ended }) => ended));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
