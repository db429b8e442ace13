import { createHash } from 'node:crypto';
import type { BudgetConfiguration, PlanConfiguration, PlanOverride, RateConfiguration } from '../../../gate/rate/contract';
import type { Identity } from '../ports';

/** Limits in the scripts' own units, all of them whole numbers: nothing is lost in rounding. */
export interface Budget {
  /** In which the bucket gets one token; rounded against the caller, by less than a millionth. */
  readonly tokenMicros: number;
  /** What the bucket holds, and never more than the cap, beyond which it would change nothing. */
  readonly burst: number;
  readonly windowMicros: number;
  /** Requests in any window. */
  readonly cap: number;
}

export type BudgetName = 'general' | 'heavy';

/** What one caller may use. */
export interface Plan {
  readonly budgets: Readonly<Record<BudgetName, Budget>>;
  /** What answers say of a budget: `ratelimit-policy`. */
  readonly policies: Readonly<Record<BudgetName, string>>;
  /** Streams that are open at once. */
  readonly streams: number;
}

/** Which plan is whose: of several that name a caller, the first. */
export type PlanChoice = (identity: Identity) => Plan;

/** @param shares of how many equal parts of every budget the plans are one; at least 1 of everything is left */
export function choosePlans({ plan, overrides }: Pick<RateConfiguration, 'plan' | 'overrides'>, shares = 1): PlanChoice {
  const usual = planOf(plan, shares);
  const named = overrides.map((override) => ({ override, plan: planOf(override.plan, shares) }));
  return (identity) => named.find(({ override }) => names(override, identity))?.plan ?? usual;
}

function names({ by, name }: PlanOverride, identity: Identity): boolean {
  return by === 'key' ? identity.keyOwner === name : identity.roles.has(name);
}

function planOf({ general, heavy, streams }: PlanConfiguration, shares: number): Plan {
  const parts = { general: partOf(general, shares), heavy: partOf(heavy, shares) };
  return {
    budgets: { general: budgetOf(parts.general), heavy: budgetOf(parts.heavy) },
    policies: { general: policyOf('general', parts.general), heavy: policyOf('heavy', parts.heavy) },
    streams: part(streams, shares),
  };
}

const part = (whole: number, shares: number): number => Math.max(1, Math.floor(whole / shares));

function partOf({ requests, windowSeconds, burst }: BudgetConfiguration, shares: number): BudgetConfiguration {
  return { requests: part(requests, shares), windowSeconds, burst: part(burst, shares) };
}

function budgetOf({ requests, windowSeconds, burst }: BudgetConfiguration): Budget {
  const windowMicros = windowSeconds * 1_000_000;
  return { tokenMicros: Math.ceil(windowMicros / requests), burst: Math.min(burst, requests), windowMicros, cap: requests };
}

/** A structured field (RFC 9651), as draft-ietf-httpapi-ratelimit-headers-10 has it. */
function policyOf(name: BudgetName, { requests, windowSeconds }: BudgetConfiguration): string {
  return `"${name}";q=${requests};w=${windowSeconds}`;
}

/** A caller's keys. */
export interface CallerKeys {
  readonly general: string;
  readonly heavy: string;
  readonly streams: string;
}

/** Beyond it, a caller's keys are made anew: some MB of memory against two microseconds for each request. */
const MAX_KNOWN = 10_000;

/** A caller's keys, made once as long as he is not one of too many. */
export class CallerKeyring {
  private readonly known = new Map<string, CallerKeys>();

  public constructor(private readonly prefix: string) {}

  public of(identity: Pick<Identity, 'subject' | 'endUser'>): CallerKeys {
    const name = nameOf(identity);
    const known = this.known.get(name);
    if (known) return known;
    const keys = keysOf(this.prefix, identity);
    // Whoever calls often is soon known again.
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(name, keys);
    return keys;
  }
}

/** Lengths go before names, so that no two pairs of a caller and an end user are one (M-59). */
function nameOf({ subject, endUser }: Pick<Identity, 'subject' | 'endUser'>): string {
  return `${subject.length}:${subject}${endUser === undefined ? '' : `${endUser.length}:${endUser}`}`;
}

/**
 * Who calls is nobody's business in Redis, and a name may be long or hold anything. The hash is the tag, so that a cluster has all keys of a caller in
 * one place.
 */
export function keysOf(prefix: string, identity: Pick<Identity, 'subject' | 'endUser'>): CallerKeys {
  const hash = createHash('sha256').update(nameOf(identity));
  const caller = `${prefix}:{${hash.digest('base64url')}}`;
  return { general: `${caller}:general`, heavy: `${caller}:heavy`, streams: `${caller}:streams` };
}
