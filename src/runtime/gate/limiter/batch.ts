import type { Grant, Identity } from '../ports';
import type { Spending } from './answers';
import type { Row } from './decide-script';
import type { CallerKeys } from './plans';

/** What one request wants, and who waits for it. */
export interface Request extends Spending {
  readonly identity: Identity;
  readonly keys: CallerKeys;
  readonly isStream: boolean;
  readonly resolve: (grant: Grant) => void;
  readonly reject: (refusal: unknown) => void;
}

/** Requests of one caller that are decided together: alike, and with no other of his between them. */
export interface Alike {
  readonly first: Request;
  readonly requests: Request[];
}

/** All that one turn of the event loop brings: asking it in one call halves what a request costs Redis. */
export class Batch {
  private rows: Alike[] = [];
  /** The last of each caller, since what came first is served first. */
  private readonly lastOf = new Map<string, Alike>();

  public constructor(private readonly decide: (rows: readonly Alike[]) => void) {}

  public add(request: Request): void {
    if (this.rows.length === 0) setImmediate(() => this.send());
    const last = this.lastOf.get(request.keys.streams);
    if (last && isAlike(last.first, request)) {
      last.requests.push(request);
      return;
    }
    const row = { first: request, requests: [request] };
    this.rows.push(row);
    this.lastOf.set(request.keys.streams, row);
  }

  private send(): void {
    const { rows } = this;
    this.rows = [];
    this.lastOf.clear();
    this.decide(rows);
  }
}

function isAlike(one: Request, other: Request): boolean {
  return one.plan === other.plan && one.name === other.name && one.isStream === other.isStream;
}

/** @param newId names a lease; no more than there can be places are named */
export function rowOf({ first: { keys, plan, name, isStream }, requests }: Alike, newId: () => string): Row {
  return {
    requests: requests.length,
    ...(name && { budget: { key: keys[name], figures: plan.budgets[name] } }),
    ...(isStream && { streams: { key: keys.streams, places: plan.streams, ids: Array.from({ length: Math.min(requests.length, plan.streams) }, newId) } }),
  };
}
