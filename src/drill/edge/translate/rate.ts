import type { ForwardedAddress, RateKey, RateStatement, WafStatement } from '../model';
import { only } from './only';
import { changesOf } from './request-parts';
import type { Spot } from './spot';
import { unreadable } from './unreadable';

const WINDOWS = ['60', '120', '300', '600'] as const;

/** AWS: "Rate-based rule high-level settings" for limit and window, "Rate-based rule aggregation options and keys" for what is counted. */
export function rateOf(spot: Spot, scopeDown: WafStatement | undefined): RateStatement {
  return {
    kind: 'rate',
    limit: spot.get('Limit').requiredWhole(10, 2_000_000_000),
    windowSeconds: Number(spot.get('EvaluationWindowSec').oneOf(WINDOWS) ?? '300'),
    key: keyOf(spot),
    ...(scopeDown === undefined ? {} : { scopeDown }),
  };
}

function keyOf(spot: Spot): RateKey {
  const type = spot.get('AggregateKeyType').requiredOneOf(['IP', 'FORWARDED_IP', 'CONSTANT', 'CUSTOM_KEYS']);
  const custom = spot.get('CustomKeys');
  const forwarded = spot.get('ForwardedIPConfig');
  if (type === 'CUSTOM_KEYS') return customKey(custom, forwarded);
  if (custom.exists) custom.refuse(`it does not belong to a rate by ${type}; take it out`);
  if (type === 'FORWARDED_IP') return { kind: 'forwarded', from: forwardedOf(forwarded) };
  if (forwarded.exists) forwarded.refuse(`it does not belong to a rate by ${type}; take it out`);
  return { kind: type === 'IP' ? 'address' : 'constant' };
}

function customKey(custom: Spot, forwarded: Spot): RateKey {
  const keys = custom.items().map((key) => partKey(key, forwarded));
  const [first, ...more] = keys;
  if (first === undefined) return custom.refuse('a rate by custom keys has at least one; add it');
  return more.length === 0 ? first : { kind: 'several', keys };
}

const KNOWN = ['Header', 'UriPath', 'HTTPMethod', 'IP', 'ForwardedIP'] as const;
const OTHERS = ['ASN', 'Cookie', 'JA3Fingerprint', 'JA4Fingerprint', 'LabelNamespace', 'QueryArgument', 'QueryString'] as const;

function partKey(key: Spot, forwarded: Spot): RateKey {
  const kind = only(key, [...KNOWN, ...OTHERS]);
  const transformations = key.get(kind).get('TextTransformations');
  if (changesOf(transformations).length > 0) return unreadable(transformations, 'the drill counts by texts as they are sent');
  switch (kind) {
    case 'Header': return { kind: 'header', name: key.get('Header').get('Name').requiredText() };
    case 'UriPath': return { kind: 'path' };
    case 'HTTPMethod': return { kind: 'method' };
    case 'IP': return { kind: 'address' };
    case 'ForwardedIP': return { kind: 'forwarded', from: forwardedOf(forwarded) };
    default: return unreadable(key.get(kind), 'the drill does not know how to count requests by this');
  }
}

/** AWS: "Using forwarded IP addresses in AWS WAF". */
export function forwardedOf(config: Spot): ForwardedAddress {
  return { header: config.get('HeaderName').requiredText(), otherwise: config.get('FallbackBehavior').requiredOneOf(['MATCH', 'NO_MATCH']) === 'MATCH' };
}
