/** What the construct and the service have to agree on about headers that are not anybody's to name. */
import { IDENTITY_HEADERS, type PassedConfiguration } from '../contract';

/** What a request is made of, and the gate's own words to the Core. */
export const REQUEST_HEADERS: ReadonlySet<string> = new Set([
  'host', 'content-length', 'content-type', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer', 'expect', 'cookie', 'x-request-id', 'traceparent', 'tracestate',
]);

/** Where a request comes from, how far a proxy has got with it, and what the families that only the edge writes begin with. */
const EDGE_HEADERS = /^(x-real-ip$|x-forwarded-|x-original-|x-amzn-|x-auth-request-|x-client-cert|x-ssl-|ssl-client-|x-envoy-|x-remote-user-|proxy-|sec-|access-control-|baggage$|forwarded$|origin$|keep-alive$)/;

/**
 * Whether a header already says something else: a credential in it would be read as that, or take the place of what the gate says.
 *
 * @param header in lower case
 */
export function isSpokenFor(header: string): boolean {
  return REQUEST_HEADERS.has(header) || IDENTITY_HEADERS.includes(header) || EDGE_HEADERS.test(header);
}

/** The header in which the Core is shown a caller's credential; undefined where it is shown none. */
export function passedHeaderOf(passes: PassedConfiguration): string;
export function passedHeaderOf(passes: PassedConfiguration | undefined): string | undefined;
export function passedHeaderOf(passes: PassedConfiguration | undefined): string | undefined {
  return passes?.proof === 'key' ? passes.header : passes && 'authorization';
}
