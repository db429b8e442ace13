import { Refusal } from '../refusal';
import type { Verdict } from './decide-script';
import type { BudgetName, Plan } from './plans';

/** Of which budget an answer tells; a lease that is taken when an answer turns out to be a stream spends none. */
export interface Spending {
  readonly plan: Plan;
  readonly name?: BudgetName;
}

/** By what a caller was refused. */
export type LimitName = BudgetName | 'streams';

const REASONS: Readonly<Record<LimitName, string>> = { general: 'rate-general', heavy: 'rate-heavy', streams: 'streams' };

/**
 * What draft-ietf-httpapi-ratelimit-headers-10 says of a budget: `r` requests may go on now, and one more in `t` seconds.
 * @param place of the request among those of its row
 */
export function headersOf({ plan, name }: Spending, { granted, remaining, resetMs }: Verdict, place: number): Readonly<Record<string, string>> {
  if (!name) return {};
  const left = remaining + Math.max(0, granted - 1 - place);
  return { 'ratelimit-policy': plan.policies[name], 'ratelimit': `"${name}";r=${left};t=${Math.ceil(resetMs / 1000)}` };
}

export function refusedBy({ name }: Spending, { placeMs }: Verdict): LimitName {
  return placeMs > 0 ? 'streams' : name ?? 'streams';
}

/** `retry-after` tells of the moment that `t` does, but where a place lacks: then it is when one is free at the latest, which is when one that nobody renews lapses. */
export function refusalOf(spending: Spending, verdict: Verdict, place: number): Refusal {
  const by = refusedBy(spending, verdict);
  const waitMs = by === 'streams' ? verdict.placeMs : verdict.resetMs;
  return new Refusal('rate_limited', REASONS[by], { ...headersOf(spending, verdict, place), 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) });
}
