import { setTimeout as after } from 'node:timers/promises';
import type { RunningTask, SimulatedService } from './service';

const TICK_MS = 5;
/** What would be more waits. Whatever rotates has its turn in the same process between them: on a slow machine each of its calls takes as long as all of these. */
const MAX_UNDER_WAY = 16;
/** Failures are told in full for so many; the rest are counted. */
const MAX_TOLD = 20;

/** Requests at a steady rate, each made by the next of the tasks that run. */
export class Load {
  public requests = 0;
  public failed = 0;
  public longestMs = 0;
  /** What was said of those that failed. */
  public readonly failures: string[] = [];
  /** The values with which somebody was served. */
  public readonly served = new Set<string>();
  private underWay = 0;
  private turn = 0;
  private owed = 0;
  private timer?: NodeJS.Timeout;
  private from = 0;
  private seconds = 0;

  /** @param rate requests a second */
  public constructor(private readonly services: readonly SimulatedService[], private readonly rate: number) {}

  /** Requests a second, on the average. */
  public get mean(): number {
    return this.requests / this.seconds;
  }

  public start(): void {
    this.from = performance.now();
    let last = this.from;
    this.timer = setInterval(() => {
      const now = performance.now();
      // What could not be asked in time is asked late, for as long as a second.
      this.owed = Math.min(this.owed + (now - last) * this.rate / 1000, this.rate);
      last = now;
      for (; this.owed >= 1 && this.underWay < MAX_UNDER_WAY; this.owed -= 1) this.send();
    }, TICK_MS);
  }

  /** What is under way is waited for by the tasks' own end. */
  public stop(): void {
    clearInterval(this.timer);
    this.seconds = (performance.now() - this.from) / 1000;
  }

  /** Resolves when so many more have been answered than now, whatever that takes. */
  public async more(count: number): Promise<void> {
    const wanted = this.answered + count;
    while (this.answered < wanted) await after(TICK_MS);
  }

  private get answered(): number {
    return this.requests - this.underWay;
  }

  private send(): void {
    const asking = this.services.flatMap(({ tasks }) => tasks.filter(({ isStopping, task }) => !isStopping && task.ask));
    const one = asking[this.turn++ % asking.length];
    if (!one) return;
    const asked = this.ask(one).finally(() => one.underWay.delete(asked));
    one.underWay.add(asked);
  }

  private async ask({ task, value }: RunningTask): Promise<void> {
    const from = performance.now();
    this.requests += 1;
    this.underWay += 1;
    try {
      await task.ask?.();
      this.served.add(value);
    } catch (error) {
      this.failed += 1;
      if (this.failures.length < MAX_TOLD) this.failures.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    } finally {
      this.underWay -= 1;
      this.longestMs = Math.max(this.longestMs, performance.now() - from);
    }
  }
}
