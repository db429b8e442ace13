import type { Clock } from '../ports';

/** Remembers things for a while, and no more of them than it may: the oldest goes first. */
export class BoundedCache<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly since: number }>();

  public constructor(private readonly bounds: { readonly entries: number; readonly milliseconds: number }, private readonly clock: Clock) {}

  public get(key: string): T | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    const age = this.clock() - entry.since;
    // A clock that was turned back makes an age negative.
    if (age >= 0 && age < this.bounds.milliseconds) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  public set(key: string, value: T): void {
    this.entries.delete(key);
    this.entries.set(key, { value, since: this.clock() });
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.bounds.entries && oldest !== undefined) this.entries.delete(oldest);
  }

  public get size(): number {
    return this.entries.size;
  }
}
