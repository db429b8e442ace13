import { Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { isWhole } from '../../whole-number';
import { DEFAULT_RATES, MAX_RATE, WAF_MIN_LIMIT, WAF_WINDOWS } from '../rate';
import type { WebAclOptions } from '../web-acl-props';
import type { Budget } from './budgets';

/** Every budget of a web ACL, checked. */
export interface Budgets {
  readonly any: Budget;
  readonly heavy: Budget;
  readonly credentials: Budget;
  readonly key: Budget;
  readonly keyless: Budget;
  /** The most that makes sense for whoever connects. */
  readonly connection: Budget;
}

export function budgetsOf(scope: IConstruct, options: WebAclOptions): Budgets {
  const window = windowOf(scope, options.rateWindow ?? Duration.minutes(1));
  const highest = MAX_RATE * window;
  const perWindow = (aMinute: number): number => aMinute * window / 60;
  const budget = (prop: keyof WebAclOptions, given: number | undefined, fallback: number, most: number): Budget => {
    const limit = given ?? fallback;
    if (!Token.isUnresolved(limit) && !isWhole(limit, WAF_MIN_LIMIT, most)) {
      const why = most === highest ? `above that, a limit over ${window} s slows nobody down` : 'above rateLimit, it would never be reached';
      throw invalidProp(scope, prop, limit, `Name a whole number of requests from ${WAF_MIN_LIMIT} to ${most}; ${why}.`);
    }
    return { limit, window };
  };
  const any = budget('rateLimit', options.rateLimit, perWindow(DEFAULT_RATES.any), highest);
  const most = Token.isUnresolved(any.limit) ? highest : any.limit;
  return {
    any,
    heavy: budget('heavyRateLimit', options.heavyRateLimit, Math.min(most, perWindow(DEFAULT_RATES.heavy)), most),
    credentials: budget('credentialRateLimit', options.credentialRateLimit, Math.min(most, perWindow(DEFAULT_RATES.credentials)), most),
    key: budget('keyRateLimit', options.keyRateLimit, any.limit, highest),
    keyless: budget('keylessRateLimit', options.keylessRateLimit, any.limit, highest),
    connection: { limit: highest, window },
  };
}

function windowOf(scope: IConstruct, rateWindow: Duration): number {
  const todo = `WAF counts over ${WAF_WINDOWS.join(', ')} seconds: name one of them.`;
  if (rateWindow.isUnresolved()) throw invalidProp(scope, 'rateWindow', 'a token', todo);
  const window = rateWindow.toMilliseconds() / 1000;
  if (!WAF_WINDOWS.includes(window)) throw invalidProp(scope, 'rateWindow', `${window} s`, todo);
  return window;
}
