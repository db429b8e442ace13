import { setTimeout as after } from 'node:timers/promises';
import type { ServiceState } from '../../src/runtime/rollout/ports';
import type { LoadService, LoadTask } from './kind';

/** Beside each other run the new tasks and the old ones for so long, as behind a load balancer that has not heard of it yet. Ours. */
const OVERLAP_MS = 50;

/** One task of a service as ECS has it. */
export interface RunningTask {
  readonly createdAt: number;
  /** Which of the desired tasks it is. */
  readonly turn: number;
  /** What it was started with. */
  readonly value: string;
  readonly task: LoadTask;
  /** What it was asked for and has not answered. */
  readonly underWay: Set<Promise<void>>;
  isStopping: boolean;
}

export interface ServiceParts {
  readonly service: LoadService;
  readonly desired: number;
  /** What ECS reads before it starts a task. */
  readonly read: () => Promise<string>;
  readonly clock: () => number;
}

type Deployment = { -readonly [Name in keyof ServiceState['deployments'][number]]: ServiceState['deployments'][number][Name] };

/** A service of ECS: a deployment starts new tasks with what the secret says then, and stops the old ones when they have answered all that they were asked for. */
export class SimulatedService {
  public tasks: readonly RunningTask[] = [];
  private deployments: readonly Deployment[] = [];
  /** One thing after the other. */
  private last: Promise<void> = Promise.resolve();

  public constructor(private readonly parts: ServiceParts) {}

  public get name(): string {
    return this.parts.service.name;
  }

  public get state(): ServiceState {
    return { isActive: true, deployments: this.deployments, tasks: this.tasks.map(({ createdAt, isStopping }) => ({ createdAt, isStopping })) };
  }

  /** Resolves at once, as UpdateService does. */
  public roll(): void {
    const deployment: Deployment = { createdAt: this.parts.clock(), state: 'in-progress' };
    this.deployments = [...this.deployments.slice(-1), deployment];
    this.then(async () => {
      const old = this.tasks;
      await this.add(Array.from({ length: this.parts.desired }, (_, turn) => turn));
      await after(OVERLAP_MS);
      await this.remove(old);
      deployment.state = 'completed';
    });
  }

  /** Its newest task ends, and another one takes its place, as after a crash or a move to another machine: older ones go on with what they know. */
  public async replaceNewest(): Promise<void> {
    this.then(async () => {
      const newest = this.tasks.slice(-1);
      await this.add(newest.map(({ turn }) => turn));
      await this.remove(newest);
    });
    await this.quiet();
  }

  /** Resolves when all that was asked for has been done. */
  public quiet(): Promise<void> {
    return this.last;
  }

  public async stop(): Promise<void> {
    // What failed there has been told to whoever waited for it.
    await this.quiet().catch(() => undefined);
    await this.remove(this.tasks);
  }

  private then(work: () => Promise<void>): void {
    this.last = this.last.then(work);
    // Whoever waits for it is told.
    this.last.catch(() => undefined);
  }

  private async add(turns: readonly number[]): Promise<void> {
    const started = await Promise.all(turns.map(async (turn): Promise<RunningTask> => {
      const createdAt = this.parts.clock();
      const value = await this.parts.read();
      return { createdAt, turn, value, task: await this.parts.service.start(value, turn), underWay: new Set(), isStopping: false };
    }));
    this.tasks = [...this.tasks, ...started];
  }

  private async remove(gone: readonly RunningTask[]): Promise<void> {
    for (const one of gone) one.isStopping = true;
    await Promise.all(gone.map(async ({ underWay, task }) => {
      await Promise.all(underWay);
      await task.stop();
    }));
    this.tasks = this.tasks.filter((one) => !gone.includes(one));
  }
}
