import type { Budget } from '../../src/runtime/gate/limiter/plans';

interface Spent {
  readonly granted: number[];
  /** In microseconds of refill, so that everything is a whole number. */
  filled: number;
  at: number;
}

/** What the limits say, in the plainest way: everything is remembered, and each request is asked for alone. */
export class NaiveCaller {
  private readonly spent: Record<'general' | 'heavy', Spent>;
  private leases: { readonly id: string; readonly until: number }[] = [];

  public constructor(private readonly budgets: Readonly<Record<'general' | 'heavy', Budget>>, private readonly places: number, private readonly ttl: number) {
    const full = ({ burst, tokenMicros }: Budget): Spent => ({ granted: [], filled: burst * tokenMicros, at: 0 });
    this.spent = { general: full(budgets.general), heavy: full(budgets.heavy) };
  }

  public decide(now: number, { budget, count, ids }: { readonly budget: 'general' | 'heavy' | undefined; readonly count: number; readonly ids: readonly string[] | undefined }): unknown {
    let granted = 0;
    let lacksPlace = false;
    for (; granted < count; granted += 1) {
      const mayPay = budget === undefined || this.left(now, budget) > 0;
      const hasPlace = ids === undefined || this.open(now) < this.places;
      lacksPlace = mayPay && !hasPlace;
      if (!mayPay || !hasPlace) break;
      if (budget !== undefined) {
        this.spent[budget].filled -= this.budgets[budget].tokenMicros;
        this.spent[budget].granted.push(now);
      }
      if (ids) this.leases.push({ id: ids[granted] ?? '', until: now + this.ttl });
    }
    return { granted, remaining: budget === undefined ? 0 : this.left(now, budget), lacksPlace };
  }

  public release(id: string): void {
    this.leases = this.leases.filter((lease) => lease.id !== id);
  }

  public renew(now: number, id: string): boolean {
    const isHeld = this.open(now) < this.places || this.leases.some((lease) => lease.id === id && lease.until > now);
    this.release(id);
    if (isHeld) this.leases.push({ id, until: now + this.ttl });
    return isHeld;
  }

  private left(now: number, name: 'general' | 'heavy'): number {
    const spent = this.spent[name];
    const { tokenMicros, burst, windowMicros, cap } = this.budgets[name];
    spent.filled = Math.min(burst * tokenMicros, spent.filled + (now - spent.at));
    spent.at = now;
    const inWindow = spent.granted.filter((moment) => moment > now - windowMicros).length;
    return Math.max(0, Math.min(Math.floor(spent.filled / tokenMicros), cap - inWindow));
  }

  private open(now: number): number {
    return this.leases.filter(({ until }) => until > now).length;
  }
}
