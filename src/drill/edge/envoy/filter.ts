import type { BlockModel } from '../model';
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

/** Answers by itself as it is told. */
export function answer({ status, headers = [], body }: BlockModel): Fragment {
  const fields = [{ name: ':status', value: String(status) }, ...(body ? [{ name: 'content-type', value: body.contentType }] : []), ...headers];
  const table = fields.map(({ name, value }) => `[${inLua(name.toLowerCase())}]=${inLua(value)}`).join(',');
  return lua(`h:respond({${table}},${inLua(body?.text ?? '')})`);
}

/** What is done to every request, which stands in `h`. */
export function lua(statements: string): Fragment {
  return typed('envoy.extensions.filters.http.lua.v3.Lua', { default_source_code: { inline_string: `function envoy_on_request(h)\n${statements}\nend` } });
}

/** A text byte by byte, so that no character of it can end it. */
export function inLua(text: string): string {
  return `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;
}

/** Lets every request pass. */
export const IDLE: Fragment = typed('envoy.extensions.filters.http.fault.v3.HTTPFault');
