import { SECURITY_HEADERS } from '../../ingress/contract';
import { USAGE_HEADERS } from './audit/header-usage';
import { HOP_BY_HOP_HEADERS } from './hop-by-hop';
import { REQUEST_ID_HEADER } from './request-id';

export type AnswerHeaders = Record<string, string | string[]>;

/** Tell of what the service is made, or point past the gate. */
const TELLTALES: readonly string[] = ['alt-svc', 'server', 'via', 'x-aspnet-version', 'x-aspnetmvc-version', 'x-powered-by', 'x-runtime', 'x-served-by'];

/** Would become the prototype of ours. */
const PROTOTYPE = '__proto__';

const WITHHELD: ReadonlySet<string> = new Set([...HOP_BY_HOP_HEADERS, ...TELLTALES, ...Object.values(USAGE_HEADERS), REQUEST_ID_HEADER, ...Object.keys(SECURITY_HEADERS), PROTOTYPE]);
/** Which origins may read an answer is decided in one place (HDR-1). */
const WITHHELD_PREFIX = 'access-control-';
/** Of every version of the draft (draft-ietf-httpapi-ratelimit-headers): `ratelimit-policy`, and `ratelimit-limit` and its like of the older ones. */
const BUDGET_PREFIX = 'ratelimit';

/**
 * What a caller gets of the Core's headers, and ours.
 *
 * An answer about which the Core says nothing is not stored: caches keep what was asked for with `authorization` to themselves (RFC 9111, 3.5), but not what
 * was asked for with a header of ours.
 *
 * No Content-Security-Policy: a Core's pages would need their own, and a refusal is JSON that `nosniff` keeps from being read as a page.
 *
 * @param cors those of `Cors.headersFor`
 * @param budget what the limiter says of it; where it says something, the Core's word about budgets is not passed on
 */
export function answerHeaders(
  coreHeaders: Readonly<Record<string, string | string[] | undefined>>,
  requestId: string,
  cors: Readonly<Record<string, string>> = {},
  budget: Readonly<Record<string, string>> = {},
): AnswerHeaders {
  const headers: AnswerHeaders = { 'cache-control': 'no-store' };
  const isCounted = Object.keys(budget).length > 0;
  const ofConnection = namesIn(coreHeaders.connection);
  // One loop that fills one object: this runs for every answer, and each array or object between would be made and thrown away as often.
  for (const name in coreHeaders) {
    const value = coreHeaders[name];
    const lower = name.toLowerCase();
    const isOurs = WITHHELD.has(lower) || lower.startsWith(WITHHELD_PREFIX) || (isCounted && lower.startsWith(BUDGET_PREFIX));
    if (value !== undefined && !isOurs && !ofConnection.includes(lower)) headers[lower] = value;
  }
  const vary = varyOf(headers.vary, cors.vary);
  Object.assign(headers, budget, cors, SECURITY_HEADERS);
  if (vary !== undefined) headers.vary = vary;
  headers[REQUEST_ID_HEADER] = requestId;
  return headers;
}

/** Each of what both vary by, once. */
function varyOf(core: string | string[] | undefined, cors: string | undefined): string | undefined {
  if (core === undefined) return cors;
  return [...new Set([core, cors ?? []].flat())].join(', ') || undefined;
}

const NONE: readonly string[] = [];

/** What a connection has usually no more to say than. */
const KEPT = 'keep-alive';

function namesIn(connection: string | string[] | undefined): readonly string[] {
  if (connection === undefined || connection === KEPT) return NONE;
  return [connection].flat().flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase());
}
