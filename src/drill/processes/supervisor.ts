import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Keeper } from './keeper';
import { launch, type ManagedProcess, type OnOutput } from './managed-process';
import { stopOnSignal } from './signals';

export type { ManagedProcess } from './managed-process';

/** The processes of one drill and its private folder: none of them outlives it, however it ends. */
export class Supervisor {
  public static async open(): Promise<Supervisor> {
    // mkdtemp makes it 0700.
    const folder = await mkdtemp(path.join(tmpdir(), 'cdk-secure-core-'));
    try {
      return new Supervisor(folder, await Keeper.start(folder));
    } catch (error) {
      await remove(folder);
      throw error;
    }
  }

  private readonly processes: ManagedProcess[] = [];
  private readonly actions: (() => Promise<void> | void)[] = [];
  private readonly forgetSignals = stopOnSignal(() => this.stop());
  private stopped?: Promise<void>;

  private constructor(public readonly folder: string, private readonly keeper: Keeper) {}

  /** Starts a program that knows nothing of the caller but the PATH and the language; its home is the run's folder, so that it finds no credentials either. */
  public start(name: string, command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, onOutput?: OnOutput): ManagedProcess {
    if (this.stopped) throw new Error(`${name} cannot be started: the drill is being stopped.`);
    const started = launch({
      name,
      command,
      args,
      folder: this.folder,
      env: { PATH: process.env.PATH ?? '', LANG: process.env.LANG ?? 'C.UTF-8', HOME: this.folder, TMPDIR: this.folder, ...env },
      keeper: this.keeper,
      onOutput,
    });
    this.processes.push(started);
    return started;
  }

  /** Something else to be done at the end, last asked first, after the processes have stopped: a server waits for their connections. */
  public onStop(action: () => Promise<void> | void): void {
    this.actions.unshift(action);
  }

  /** May be called more than once. Does all it can before it throws the first error of an action. */
  public stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    await Promise.all(this.processes.map((started) => started.stop()));
    const errors: unknown[] = [];
    for (const action of this.actions) {
      try {
        await action();
      } catch (error) {
        errors.push(error);
      }
    }
    await this.keeper.end();
    await remove(this.folder);
    this.forgetSignals();
    if (errors.length > 0) throw errors[0];
  }
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
