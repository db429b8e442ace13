import { AsyncLocalStorage } from 'node:async_hooks';
import type { SecretVersions, Stages } from '../../src/runtime/rotation/ports';

/** A call that fails: it may have happened (`after`), and the whole invocation may have ended with it (`dies`). */
export interface Fault {
  /** Counted from 1. */
  readonly nth: number;
  readonly when: 'before' | 'after';
  readonly dies: boolean;
}

export class Broken extends Error {}

/** Breaks an invocation at its nth call of anything outside of it. */
export class Faults {
  private readonly plans = new AsyncLocalStorage<{ readonly fault?: Fault; count: number }>();

  /** Runs it with a fault of its own, so that others beside it go on. */
  public during<T>(fault: Fault | undefined, work: () => Promise<T>): Promise<T> {
    return this.plans.run({ fault, count: 0 }, work);
  }

  /** How many calls it makes. */
  public async count(work: () => Promise<unknown>): Promise<number> {
    const plan = { count: 0 };
    await this.plans.run(plan, work);
    return plan.count;
  }

  /** Each call takes turns of the event loop, so that invocations at once get in each other's way. */
  public async io<T>(call: () => T): Promise<T> {
    const plan = this.plans.getStore() ?? { count: 0, fault: undefined };
    const nth = plan.count += 1;
    const { fault } = plan;
    await Promise.resolve();
    if (fault && ((nth === fault.nth && fault.when === 'before') || (nth > fault.nth && fault.dies))) throw new Broken();
    const result = call();
    await Promise.resolve();
    if (fault && nth === fault.nth) throw new Broken();
    return result;
  }
}

const [CURRENT, PENDING, PREVIOUS] = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'] as const;

/** A secret in memory, with the rules of Secrets Manager's API: a version never changes, and a label is on one version. */
export class MemorySecret implements SecretVersions {
  public isRotated = true;
  public readonly values = new Map<string, string>();
  public readonly labels = new Map<string, string>();
  /** Every value that was ever current, in turn. */
  public readonly history: string[] = [];

  public constructor(first: string, private readonly faults = new Faults()) {
    this.values.set('first', first);
    this.promote('first');
  }

  public get stagesNow(): Stages {
    return { current: this.labels.get(CURRENT), pending: this.labels.get(PENDING), previous: this.labels.get(PREVIOUS) };
  }

  public value(label: keyof Stages): string | undefined {
    return this.values.get(this.stagesNow[label] ?? '');
  }

  /** What Secrets Manager does before it calls a rotation function. */
  public begin(token: string): void {
    this.labels.set(PENDING, token);
  }

  public stages(): Promise<Stages & { readonly isRotated: boolean }> {
    return this.faults.io(() => ({ ...this.stagesNow, isRotated: this.isRotated }));
  }

  public read(versionId: string): Promise<string | undefined> {
    return this.faults.io(() => this.values.get(versionId));
  }

  public putPending(versionId: string, value: string): Promise<void> {
    return this.faults.io(() => {
      if (this.put(versionId, value)) this.labels.set(PENDING, versionId);
    });
  }

  public putCurrent(versionId: string, value: string): Promise<void> {
    return this.faults.io(() => {
      const isFinished = this.labels.get(PENDING) === this.labels.get(CURRENT);
      if (!this.put(versionId, value)) return;
      this.promote(versionId);
      if (isFinished) this.labels.set(PENDING, versionId);
    });
  }

  public makeCurrent(versionId: string, from: string): Promise<void> {
    return this.faults.io(() => {
      if (this.labels.get(CURRENT) !== from) throw new Error('the label is on another version');
      if (!this.values.has(versionId)) throw new Error('there is no such version');
      this.promote(versionId);
    });
  }

  public forgetPrevious(versionId: string): Promise<void> {
    return this.faults.io(() => {
      if (this.labels.get(PREVIOUS) !== versionId) throw new Error('the label is on another version');
      this.labels.delete(PREVIOUS);
    });
  }

  /** @returns whether anything is new */
  private put(versionId: string, value: string): boolean {
    const known = this.values.get(versionId);
    if (known !== undefined && known !== value) throw new Error('a version never changes');
    this.values.set(versionId, value);
    return known === undefined;
  }

  private promote(versionId: string): void {
    const before = this.labels.get(CURRENT);
    if (before !== undefined) this.labels.set(PREVIOUS, before);
    this.labels.set(CURRENT, versionId);
    this.history.push(this.values.get(versionId) ?? '');
  }
}
