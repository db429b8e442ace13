import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { AddressKey } from '../client-address';
import { blockWith } from './answers';
import type { RuleDraft } from './rule-draft';
import { allOf, hasHeader, not, type Statement } from './statements';

/** Requests within a window. */
export interface Budget {
  readonly limit: number;
  /** In seconds. */
  readonly window: number;
}

type RateKey = Omit<wafv2.CfnWebACL.RateBasedStatementProperty, 'limit' | 'evaluationWindowSec' | 'scopeDownStatement'>;

function rateRule(name: string, { limit, window }: Budget, key: RateKey, appliesTo?: Statement): RuleDraft {
  return {
    name,
    // A client that waits a whole window is let in again, whenever in it the budget ran out.
    verdict: { action: blockWith('tooMany', { 'retry-after': String(window) }) },
    statement: { rateBasedStatement: { ...key, limit, evaluationWindowSec: window, ...(appliesTo && { scopeDownStatement: appliesTo }) } },
  };
}

/** A budget for every address. */
export function byAddress(name: string, budget: Budget, keys: readonly AddressKey[], requests?: Statement): RuleDraft[] {
  return keys.map(({ suffix, key, appliesTo }) => {
    const scopes = [appliesTo, requests].filter((scope) => scope !== undefined);
    return rateRule(`${name}${suffix}`, budget, key, scopes.length > 0 ? allOf(scopes) : undefined);
  });
}

/** A budget for whoever connects, were it a proxy that speaks for many. */
export function byConnection(name: string, budget: Budget): RuleDraft {
  return rateRule(name, budget, { aggregateKeyType: 'IP' });
}

/** A budget for every value of a header, and one that all requests without it share: WAF counts nothing that has no key (M-60). */
export function byHeader(header: string, budget: Budget, keyless: Budget): RuleDraft[] {
  return [
    rateRule('PerKey', budget, { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ header: { name: header, textTransformations: [{ priority: 0, type: 'NONE' }] } }] }),
    rateRule('WithoutKey', keyless, { aggregateKeyType: 'CONSTANT' }, not(hasHeader(header))),
  ];
}
