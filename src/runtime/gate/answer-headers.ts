import { SECURITY_HEADERS } from '../../ingress/contract';
import { HOP_BY_HOP_HEADERS } from './hop-by-hop';
import { REQUEST_ID_HEADER } from './request-id';

export type AnswerHeaders = Record<string, string | string[]>;

/** Tell of what the service is made, or point past the gate. */
const TELLTALES: readonly string[] = ['alt-svc', 'server', 'via', 'x-aspnet-version', 'x-aspnetmvc-version', 'x-powered-by', 'x-runtime', 'x-served-by'];

const WITHHELD: ReadonlySet<string> = new Set([...HOP_BY_HOP_HEADERS, ...TELLTALES, REQUEST_ID_HEADER, ...Object.keys(SECURITY_HEADERS)]);
/** Which origins may read an answer is decided in one place (HDR-1). */
const WITHHELD_PREFIX = 'access-control-';

/**
 * What a caller gets of the Core's headers, and ours.
 *
 * An answer about which the Core says nothing is not stored: caches keep what was asked for with `authorization` to themselves (RFC 9111, 3.5), but not what
 * was asked for with a header of ours.
 *
 * No Content-Security-Policy: a Core's pages would need their own, and a refusal is JSON that `nosniff` keeps from being read as a page.
 *
 * @param cors those of `Cors.headersFor`
 */
export function answerHeaders(coreHeaders: Readonly<Record<string, string | string[] | undefined>>, requestId: string, cors: Readonly<Record<string, string>> = {}): AnswerHeaders {
  const ofConnection = namesIn(coreHeaders.connection);
  const kept = Object.entries(coreHeaders).flatMap(([name, value]): [string, string | string[]][] => {
    const lower = name.toLowerCase();
    return value === undefined || WITHHELD.has(lower) || lower.startsWith(WITHHELD_PREFIX) || ofConnection.includes(lower) ? [] : [[lower, value]];
  });
  const headers: AnswerHeaders = { 'cache-control': 'no-store', ...Object.fromEntries(kept) };
  const vary = [...new Set([headers.vary ?? [], cors.vary ?? []].flat())].join(', ');
  return { ...headers, ...cors, ...(vary === '' ? {} : { vary }), ...SECURITY_HEADERS, [REQUEST_ID_HEADER]: requestId };
}

function namesIn(connection: string | string[] | undefined): string[] {
  return [connection ?? []].flat().flatMap((value) => value.split(',')).map((name) => name.trim().toLowerCase());
}
