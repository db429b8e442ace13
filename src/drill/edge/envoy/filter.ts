import { extension, typed, type Fragment } from './fragment';
import { ALWAYS, NEVER, not, type Predicate } from './predicate';

const SKIP = extension('skip', 'envoy.extensions.filters.common.matcher.action.v3.SkipFilter');

/**
 * A filter that is passed over where the question is answered with no; undefined where it always would be. The question is asked of every
 * request: Envoy takes one for a single route as well, and then skips the filter silently where more than headers are asked for.
 */
export function only(when: Predicate, name: string, filter: Fragment): Fragment | undefined {
  if (when === NEVER) return undefined;
  if (when === ALWAYS) return { name, typed_config: filter };
  return extension(name, 'envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
    extension_config: { name: `${name}.inner`, typed_config: filter },
    xds_matcher: { matcher_list: { matchers: [{ predicate: not(when), on_match: { action: SKIP } }] } },
  });
}

/** Answers by itself, with nothing but a status. */
export function refusal(status: number): Fragment {
  return typed('envoy.extensions.filters.http.fault.v3.HTTPFault', { abort: { http_status: status, percentage: { numerator: 100, denominator: 'HUNDRED' } } });
}
