import type { ConditionModel } from '../model';
import { extension, type Fragment } from './fragment';
import { literally, oneOf, queryWildcards, ranges, wildcards } from './patterns';

const SOURCE = 'drill.source';
/** In a target, up to the query. */
const IN_PATH = '[^?]';

/**
 * A rule's conditions, all of which must hold, after elasticloadbalancing/latest/application/rule-condition-types.html.
 * - Host: case does not matter. Whether a port in the header does is not written there; here it does not.
 * - Path: case matters, and the query is no part of it.
 * - Header: case does not matter; of several headers of a name one is enough.
 * - Query: case does not matter. Whether percent-encoding is decoded first is not written there; here it is not.
 * - Source: the address of the connection, whatever X-Forwarded-For says.
 */
export function matchOf(conditions: readonly ConditionModel[]): Fragment {
  const sources = conditions.filter((each) => each.kind === 'source');
  return {
    prefix: '/',
    headers: conditions.filter((each) => each.kind !== 'source').map(headerMatch),
    filter_state: sources.map(({ cidrs }) => ({ key: SOURCE, address_match: { ranges: ranges(cidrs) } })),
  };
}

/** Leaves the source address where routes can ask for it: they look at headers and at filter state alone. */
export function rememberSource(): Fragment {
  return extension('envoy.filters.network.set_filter_state', 'envoy.extensions.filters.network.set_filter_state.v3.Config', {
    on_new_connection: [{ object_key: SOURCE, factory_key: 'envoy.network.ip', format_string: { text_format_source: { inline_string: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' } } }],
  });
}

function headerMatch(model: Exclude<ConditionModel, { kind: 'source' }>): Fragment {
  switch (model.kind) {
    case 'host': return header(':authority', `(?i)${any(model.values, '.')}(?::\\d+)?`);
    case 'path': return header(':path', `${any(model.values, IN_PATH)}(?:\\?.*)?`);
    case 'header': return header(model.name, `(?i)(?:.*,)?\\s*${any(model.values, '.')}\\s*(?:,.*)?`);
    case 'method': return header(':method', oneOf(model.values.map(literally)));
    case 'query': return header(':path', String.raw`(?i)[^?]*\?(?:.*&)?${oneOf(model.values.map(pair))}(?:&.*)?`);
  }
}

/** Several headers of a name are one value with commas, as Envoy sees them. The whole value has to match. */
function header(name: string, regex: string): Fragment {
  return { name: name.toLowerCase(), string_match: { safe_regex: { regex } } };
}

function any(values: readonly string[], character: string): string {
  return oneOf(values.map((value) => wildcards(value, character)));
}

function pair({ key, value }: { readonly key?: string; readonly value: string }): string {
  return `${key === undefined ? '[^=&]*' : queryWildcards(key, '[^=&]')}=${queryWildcards(value, '[^&]')}`;
}
