import { extension, type Fragment } from './fragment';
import { ranges } from './patterns';

/** A question about a request in Envoy's matching language. It has no words for always and never, so these stand apart. */
export type Predicate = typeof ALWAYS | typeof NEVER | Fragment;

export const ALWAYS = 'always';
export const NEVER = 'never';

export function and(predicates: readonly Predicate[]): Predicate {
  if (predicates.includes(NEVER)) return NEVER;
  return several('and_matcher', predicates.filter((each) => each !== ALWAYS)) ?? ALWAYS;
}

export function or(predicates: readonly Predicate[]): Predicate {
  if (predicates.includes(ALWAYS)) return ALWAYS;
  return several('or_matcher', predicates.filter((each) => each !== NEVER)) ?? NEVER;
}

export function not(predicate: Predicate): Predicate {
  if (predicate === ALWAYS) return NEVER;
  return predicate === NEVER ? ALWAYS : { not_matcher: predicate };
}

/** The address that the connection comes from, PROXY line included; what X-Forwarded-For says counts for nothing. */
export function source(cidrs: readonly string[]): Predicate {
  if (cidrs.length === 0) return NEVER;
  return {
    single_predicate: {
      input: extension('source-ip', 'envoy.extensions.matching.common_inputs.network.v3.SourceIPInput'),
      custom_match: extension('ip', 'envoy.extensions.matching.input_matchers.ip.v3.Ip', { cidr_ranges: ranges(cidrs), stat_prefix: 'source' }),
    },
  };
}

/** As above, of an address that stands in a header; a header that holds none is in no block. */
export function addressIn(header: string, cidrs: readonly string[]): Predicate {
  if (cidrs.length === 0) return NEVER;
  return {
    single_predicate: {
      input: headerInput(header),
      custom_match: extension('ip', 'envoy.extensions.matching.input_matchers.ip.v3.Ip', { cidr_ranges: ranges(cidrs), stat_prefix: header }),
    },
  };
}

/** Whether the whole of a header, or of a pseudo-header, is what the pattern means; several of a name are one text with commas. Without the header it is not. */
export function header(name: string, regex: string): Predicate {
  return { single_predicate: { input: headerInput(name), value_match: { safe_regex: { google_re2: {}, regex } } } };
}

function headerInput(name: string): Fragment {
  return extension('header', 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: name.toLowerCase() });
}

/** A value that an earlier filter has left for later ones. */
export function metadata(filter: string, path: readonly string[], value: Fragment): Predicate {
  return {
    single_predicate: {
      input: extension('metadata', 'envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput', { filter, path: path.map((key) => ({ key })) }),
      custom_match: extension('metadata', 'envoy.extensions.matching.input_matchers.metadata.v3.Metadata', { value }),
    },
  };
}

/** A text that an earlier filter has left under the key. */
export function filterState(key: string, text: string): Predicate {
  return {
    single_predicate: {
      input: extension('filter-state', 'envoy.extensions.matching.common_inputs.network.v3.FilterStateInput', { key }),
      value_match: { exact: text },
    },
  };
}

function several(kind: string, predicates: readonly Predicate[]): Predicate | undefined {
  return predicates.length > 1 ? { [kind]: { predicate: predicates } } : predicates[0];
}
