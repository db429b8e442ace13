import { Refusal } from '../refusal';
import type { ReceivedHeaders } from '../ports';
import { malformed } from './malformed';

/** Our figure: browsers send some twenty. */
const MAX_FIELDS = 100;

/** What a load balancer that drops invalid headers lets through (AWS ELB guide, `routing.http.drop_invalid_header_fields`): no underscore, which some servers read as a hyphen. */
const NAME = /^[A-Za-z0-9-]{1,128}$/;

/** Visible ASCII and blanks: no control, no folded line, and nothing that one server reads as Latin-1 and the next as UTF-8. */
const VALUE = /^[\x20-\x7e]*$/;

/**
 * Lists by definition, so that two are one. All others may be sent once: where they are not, one server believes the first and another the last.
 *
 * A cookie is no list, and is sent in one header by HTTP/1.1 (RFC 6265, 5.4) and by who translates from HTTP/2 (RFC 9113, 8.2.3). Neither is
 * X-Forwarded-For to us: which of two a load balancer would add to is not documented.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  'accept', 'accept-charset', 'accept-encoding', 'accept-language', 'baggage', 'cache-control', 'forwarded', 'if-match', 'if-none-match', 'link', 'pragma', 'prefer',
  'sec-websocket-extensions', 'sec-websocket-protocol', 'tracestate', 'trailer', 'via', 'warning',
]);

/** Tell some frameworks to act on another method or path than the one that was judged (M-29). */
const STEERING: readonly string[] = ['x-http-method', 'x-http-method-override', 'x-method-override', 'x-original-url', 'x-rewrite-url'];

/** Refuses headers that two servers could read differently. @param rawHeaders names and values in turn */
export function checkHeaderFields(rawHeaders: readonly string[], received: ReceivedHeaders): void {
  if (rawHeaders.length > MAX_FIELDS * 2) throw new Refusal('headers_too_large', 'header-count');
  // As they were sent: some letters outside ASCII become ASCII in lower case.
  if (!rawHeaders.every((text, at) => at % 2 === 1 || NAME.test(text))) throw malformed('header-name');
  for (const [name, values] of received) {
    if (!values.every((value) => VALUE.test(value))) throw malformed('header-value');
    if (values.length > 1 && !REPEATABLE.has(name)) throw malformed('header-repeated');
  }
  if (STEERING.some((name) => received.has(name))) throw malformed('header-steering');
}
