import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

/** A program of the bench in a process of its own, which ends with this one. */
export interface RunningProgram {
  readonly pid: number;
  readonly port: number;
  /** What it says of itself when it is asked. */
  ask<Answer>(): Promise<Answer>;
  stop(): Promise<void>;
}

/** Bundles a file of this folder, or of another. @returns where it is */
export function bundled(folder: string, file: string, from = __dirname): string {
  const outfile = path.join(folder, path.basename(file).replace(/(\.lambda)?\.ts$/, '.js'));
  buildSync({ entryPoints: [path.join(from, file)], bundle: true, outfile, platform: 'node', target: 'node20', minify: true, legalComments: 'none', logLevel: 'warning' });
  return outfile;
}

export async function run(file: string, env: Readonly<Record<string, string>> = {}): Promise<RunningProgram> {
  const child = fork(file, { env: { PATH: process.env.PATH ?? '', ...env }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const { port } = await answerOf<{ readonly port: number }>(child);
  return {
    pid: child.pid ?? 0,
    port,
    ask: <Answer>() => {
      const answered = answerOf<Answer>(child);
      child.send('?');
      return answered;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A program of the bench ended with ${String(code)}.`);
  });
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended]) as [Answer];
    return answer;
  } finally {
    ended.catch(() => undefined);
    over.abort();
  }
}
