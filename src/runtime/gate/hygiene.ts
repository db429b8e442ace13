import type { KeyConfiguration } from '../../gate/contract';
import { receivedHeaders } from './received-headers';
import { Refusal } from './refusal';
import { checkFraming } from './hygiene/framing';
import { checkHeaderFields } from './hygiene/header-fields';
import { checkHost } from './hygiene/host';
import { malformed } from './hygiene/malformed';
import { checkPath } from './hygiene/path';
import { checkQuery } from './hygiene/query';

/** A request as Node's parser gives it; `http.IncomingMessage` is one, once method and url are there. */
export interface RawRequest {
  readonly method: string;
  /** The request target. */
  readonly url: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
}

/** All that there are here. CONNECT and TRACE, among others, are not; HEAD passes where a policy takes any method. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** RFC 9110, 10.2.1: a 405 says what would have been taken. */
export const ALLOWED_METHODS: Readonly<Record<string, string>> = { allow: METHODS.join(', ') };

/**
 * Refuses what two servers could read differently, and repairs nothing: what passes reaches the Core as it came, so that the Core acts on what was judged.
 *
 * @param key how API keys look, so that one in the query is refused; undefined where none are taken
 */
export function checkRequest({ method, url, rawHeaders, httpVersion }: RawRequest, key: KeyConfiguration | undefined): void {
  // 1.0 has no host and closes on its own terms; load balancers speak 1.1 to their targets.
  if (httpVersion !== '1.1') throw malformed('http-version');
  if (!METHODS.includes(method)) throw new Refusal('method_not_allowed', 'method', ALLOWED_METHODS);
  const { path, query } = splitTarget(url);
  checkPath(path);
  checkQuery(query, key);
  const received = receivedHeaders(rawHeaders);
  checkHeaderFields(rawHeaders, received);
  checkHost(received);
  checkFraming(method, received);
}

/** What is judged, and what is data. */
export function splitTarget(url: string): { readonly path: string; readonly query: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}
