import type { Row, Verdict } from './decide-script';
import type { Budget } from './plans';

/** One caller's budget: when its bucket will be full again, and what was granted in the last window, oldest first. */
interface Spent {
  full: number;
  readonly granted: number[];
  budget: Budget;
}

/** Counts in this process alone, with the arithmetic of the script: what is left of RTL-2 while Redis is away. What was granted while it was away before still counts. */
export class LocalCounter {
  private readonly spent = new Map<string, Spent>();

  /** @param clock in microseconds, which never jumps  @param openOf how many leases this process holds of a caller, by their key */
  public constructor(private readonly clock: () => number, private readonly openOf: (key: string) => number) {}

  /** What is granted is held before the next row is decided. When a stream will end nobody knows here, so its place is said to be free soon. */
  public decide({ requests, budget, streams }: Row): Verdict {
    const now = this.now();
    const free = streams ? Math.max(0, streams.places - this.openOf(streams.key)) : requests;
    if (!budget) return { granted: Math.min(requests, free), remaining: 0, resetMs: 0, placeMs: free < requests ? 1 : 0 };
    const spent = this.of(budget.key, budget.figures, now);
    const { tokens, room } = left(spent, now);
    const affordable = Math.max(0, Math.min(requests, tokens, room));
    const granted = Math.min(affordable, free);
    spent.full += granted * budget.figures.tokenMicros;
    spent.granted.push(...Array.from({ length: granted }, () => now));
    return { granted, ...outlook(spent, now), placeMs: free < affordable ? 1 : 0 };
  }

  /** What says nothing any more is forgotten. */
  public sweep(): void {
    const now = this.now();
    for (const [key, spent] of this.spent) if (spent.full <= now && (spent.granted.at(-1) ?? 0) <= now - spent.budget.windowMicros) this.spent.delete(key);
  }

  /** Whole microseconds, as the script has them: with fractions, what is added and taken away again is not always what it was, and a full bucket would lack a token. */
  private now(): number {
    return Math.floor(this.clock());
  }

  private of(key: string, budget: Budget, now: number): Spent {
    const known = this.spent.get(key) ?? { full: now, granted: [], budget };
    this.spent.set(key, known);
    known.budget = budget;
    known.full = Math.max(known.full, now);
    const living = known.granted.findIndex((moment) => moment > now - budget.windowMicros);
    known.granted.splice(0, living < 0 ? known.granted.length : living);
    return known;
  }
}

function left({ full, granted, budget }: Spent, now: number): { readonly tokens: number; readonly room: number } {
  return { tokens: Math.floor((now + budget.burst * budget.tokenMicros - full) / budget.tokenMicros), room: budget.cap - granted.length };
}

function outlook(spent: Spent, now: number): Pick<Verdict, 'remaining' | 'resetMs'> {
  const { full, granted, budget: { burst, tokenMicros, windowMicros } } = spent;
  const { tokens, room } = left(spent, now);
  const remaining = Math.max(0, Math.min(tokens, room));
  if (remaining >= burst) return { remaining, resetMs: 0 };
  const token = full + (remaining + 1 - burst) * tokenMicros - now;
  const place = room <= remaining ? (granted[0] ?? now) + windowMicros - now : 0;
  return { remaining, resetMs: Math.max(1, Math.ceil(Math.max(token, place) / 1000)) };
}
