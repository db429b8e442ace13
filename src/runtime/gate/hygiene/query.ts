import type { KeyConfiguration } from '../../../gate/contract';
import { malformed } from './malformed';

/** Our figure; a load balancer takes 16 KB of request line. */
const MAX_LENGTH = 4096;

/** RFC 3986, and four that clients leave as they are. `#` is no part of a request. */
const CHARACTERS = /^[A-Za-z0-9._~!$&'()*+,;=:@/?[\]{}|%-]*$/;
const BROKEN_ENCODING = /%(?![0-9A-Fa-f]{2})/;
/** Controls, except those that texts hold: tab, line feed, carriage return. */
const ENCODED_CONTROL = /%(?:0[0-8BCEF]|1[0-9A-F]|7F)/i;

/** Where credentials are put that belong in a header (RFC 6750, 2.3, and common use); hyphens for underscores. */
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set(['access-token', 'api-key', 'apikey', 'x-api-key']);

/**
 * Refuses a query that is none, or that holds a credential.
 *
 * No route looks at it, so `%25` and `%2F` are data here. Credentials are never read from it, since a URL stands in the load balancer's access log and in
 * everybody's history; one is refused, rather than ignored, so that its owner learns that it has to be replaced (CX-05).
 *
 * @param query without the question mark
 */
export function checkQuery(query: string, key: KeyConfiguration | undefined): void {
  if (query === '') return;
  if (query.length > MAX_LENGTH) throw malformed('query-length');
  if (!CHARACTERS.test(query)) throw malformed('query-characters');
  if (BROKEN_ENCODING.test(query) || ENCODED_CONTROL.test(query)) throw malformed('query-encoding');
  for (const [name, value] of new URLSearchParams(query)) {
    const asHeader = name.toLowerCase().replaceAll('_', '-');
    if (CREDENTIAL_NAMES.has(asHeader) || (key && (asHeader === key.header || name.startsWith(key.prefix) || value.startsWith(key.prefix)))) throw malformed('query-credential');
  }
}
