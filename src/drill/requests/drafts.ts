import type { ConditionModel, ListenerModel, RuleModel } from '../edge/model';
import { edgesOf } from './addresses';
import { meets, meetsAll, type Draft, type QueryPair } from './matching';
import { cidrsOf, letsIn } from './web-acl';
import { instances } from './wildcards';

type Kind = ConditionModel['kind'];
type Condition<K extends Kind> = Extract<ConditionModel, { readonly kind: K }>;

/** Where no rule asks for anything. The address stands for those that callers get who name none: of the range that is kept for measurements (RFC 2544). */
export const PLAIN: Draft = { host: '127.0.0.1', method: 'GET', path: '/', query: [], headers: {}, from: '198.18.0.1' };

/** What is tried where the rule asks for nothing: the plain first, and others in case rules before it take that. */
const HOSTS = [PLAIN.host, 'drill.test', 'other.test'];
const METHODS = [PLAIN.method, 'POST', 'PUT', 'PATCH', 'DELETE'];
const PATHS = [PLAIN.path, '/drill', '/other', '/zulu', '/7'];
/** Anybody's, the machine itself, a private network, the networks that are kept for documentation (RFC 5737, RFC 3849), and the lowest of all. */
export const ADDRESSES: readonly string[] = [PLAIN.from, '127.0.0.1', '10.11.12.13', '198.51.100.10', '203.0.113.10', '2001:db8::10', '0.0.0.0', '::'];

/** A request that the rule answers and no rule before it. Throws where there is none. */
export function draftFor(listener: ListenerModel, rule: RuleModel): Draft {
  const earlier = listener.rules.slice(0, listener.rules.indexOf(rule));
  const asks = <K extends Kind>(kind: K): readonly Condition<K>[] => rule.conditions.filter((condition): condition is Condition<K> => condition.kind === kind);
  const choices: Readonly<Record<Kind, readonly Partial<Draft>[]>> = {
    host: valuesOr(HOSTS, asks('host')).map((host) => ({ host })),
    method: [...asks('method').flatMap(({ values }) => values), ...METHODS].map((method) => ({ method })),
    path: valuesOr(PATHS, asks('path')).map((path) => ({ path: path.startsWith('/') ? path : `/${path}` })),
    query: combinations(asks('query').map(pairs)).map((query) => ({ query })),
    header: combinations(byName(asks('header')).map(headers)).map((parts) => ({ headers: Object.assign({}, ...parts) as Draft['headers'] })),
    source: addressesFor(listener, [rule, ...earlier]).map((from) => ({ from })),
  };
  const varied = Object.entries(choices).map(([kind, drafts]) => {
    const fitting = drafts.filter((part) => asks(kind as Kind).every((condition) => meets(condition, { ...PLAIN, ...part })));
    if (fitting.length === 0) throw new Error(`No request meets the ${kind} condition of ${rule.place.logicalId}.`);
    // What no rule before this one looks at need not be varied, nor what no web ACL does.
    return (kind === 'source' && cidrsOf(listener.webAcl).length > 0) || earlier.some(({ conditions }) => conditions.some((condition) => condition.kind === kind)) ? fitting : fitting.slice(0, 1);
  });
  let isLeft = false;
  for (const parts of lazyCombinations(varied)) {
    const draft: Draft = Object.assign({}, PLAIN, ...parts) as Draft;
    if (earlier.some((other) => meetsAll(other, draft))) continue;
    isLeft = true;
    if (listener.webAcl === undefined || letsIn(listener.webAcl, draft)) return draft;
  }
  if (isLeft) throw new Error(`The web ACL of ${listener.place.logicalId} lets nobody in.`);
  throw new Error(`Rules before ${rule.place.logicalId} answer every request that was thought of for it.`);
}

function valuesOr(others: readonly string[], conditions: readonly { readonly values: readonly string[] }[]): readonly string[] {
  return conditions.length === 0 ? others : conditions.flatMap(({ values }) => values).flatMap((value) => instances(value));
}

function pairs({ values }: Condition<'query'>): readonly QueryPair[] {
  return values.flatMap(({ key = 'drill', value }) => instances(key, 'query').flatMap((name) => instances(value, 'query').map((text) => ({ key: name, value: text }))));
}

/** A request has one header of a name, and so one value for all the conditions that ask for it. */
function byName(conditions: readonly Condition<'header'>[]): readonly (readonly Condition<'header'>[])[] {
  const names = new Set(conditions.map(({ name }) => name.toLowerCase()));
  return [...names].map((each) => conditions.filter(({ name }) => name.toLowerCase() === each));
}

function headers(conditions: readonly Condition<'header'>[]): readonly Record<string, string>[] {
  return conditions.flatMap(({ name, values }) => values.flatMap((value) => instances(value)).map((value) => ({ [name]: value })))
    .filter((part) => conditions.every((condition) => meets(condition, { ...PLAIN, headers: part })));
}

function addressesFor({ webAcl }: ListenerModel, rules: readonly RuleModel[]): readonly string[] {
  const sources = rules.flatMap(({ conditions }) => conditions).flatMap((condition) => condition.kind === 'source' ? condition.cidrs : []);
  return [...ADDRESSES, ...edgesOf([...sources, ...cidrsOf(webAcl)])];
}

function combinations<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return [...lazyCombinations(lists)];
}

function* lazyCombinations<T>([first, ...rest]: readonly (readonly T[])[]): Generator<readonly T[]> {
  if (first === undefined) {
    yield [];
    return;
  }
  for (const one of first) for (const others of lazyCombinations(rest)) yield [one, ...others];
}
