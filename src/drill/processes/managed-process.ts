import { spawn } from 'node:child_process';
import type { Keeper } from './keeper';
import { lastLines } from './last-lines';

export interface ManagedProcess {
  /** NaN where the process could not be started: no signal can be sent to that by mistake, as it could to 0 or -1. */
  readonly pid: number;
  /** The exit code; null where a signal ended it or where it could not be started, which `output` then says. */
  readonly exited: Promise<number | null>;
  /** The last lines of what it wrote to standard output and standard error. */
  output(): string;
  stop(): Promise<void>;
}

export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly keeper: Pick<Keeper, 'watch' | 'forget'>;
  readonly onOutput?: OnOutput;
}

/** Hears all that a process writes, while it does. */
export type OnOutput = (text: string, stream: 'stdout' | 'stderr') => void;

const KEPT_LINES = 200;
/** What a process has to end by itself after SIGTERM. */
const GRACE_MS = 1000;
/** How long a process that left the group may hold the output open after its parent's end. */
const OUTPUT_GRACE_MS = 500;

/** Starts a process as the leader of a group of its own, so that what it starts in turn dies with it. */
export function launch({ name, command, args, folder, env, keeper, onOutput }: Launch): ManagedProcess {
  let kept = '';
  const keep = (text: string) => {
    kept = lastLines(kept + text, KEPT_LINES);
  };
  const child = spawn(command, args, { detached: true, cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid !== undefined) keeper.watch(pid);
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      keep(text);
      onOutput?.(text, stream);
    });
  }

  child.on('exit', () => {
    if (pid === undefined) return;
    // A group lasts as long as its last member: whatever the leader has left behind goes now, while the number is still its own.
    signalGroup(pid, 'SIGKILL');
    keeper.forget(pid);
    setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), OUTPUT_GRACE_MS).unref();
  });
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(pid === undefined ? null : code));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (pid !== undefined) return;
      keep(`${name} could not be started: ${command} ${REASONS[error.code ?? ''] ?? `gives ${error.message}`}.\n`);
      resolve(null);
    });
  });

  const stop = async () => {
    if (pid !== undefined && child.exitCode === null && child.signalCode === null) {
      signalGroup(pid, 'SIGTERM');
      const impatience = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
      await exited;
      clearTimeout(impatience);
    }
    await exited;
  };
  return { pid: pid ?? Number.NaN, exited, output: () => kept, stop };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'is not an executable file that this user may run',
};

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // There is nobody left in it.
  }
}
