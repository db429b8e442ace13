import { BODY_BYTES, METHOD, ROUTE_NAMES, type RouteName, ROUTES } from '../../broker/protocol/contract';
import type { AlbRequest } from './alb-event';
import { canonicalOf } from './canonical';
import { readBody, type ReadBody } from './read-body';

/** A request of the protocol, of which nothing is proven yet. */
export interface WorkerRequest extends Omit<ReadBody, 'bodyDigest'> {
  /** Lower case, without a port. */
  readonly host: string;
  /** What its signature has to be of. */
  readonly canonical: string;
}

export type RequestFault = 'no-route' | 'too-large' | 'malformed';

const BY_PATH: ReadonlyMap<string, RouteName> = new Map(ROUTE_NAMES.map((name) => [ROUTES[name].path, name]));

/** The charset is the only parameter that JSON may be sent with, and changes nothing (RFC 8259, 11). */
const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;
const PORT = /:[0-9]{1,5}$/;
/** RFC 1123, 2.1, in length; a line feed in it would move the lines of what is signed. */
const HOST = /^[a-z0-9.-]{1,253}$/;

/** Which route a request is for; nothing where there is none. Paths are compared byte for byte. */
export function routeOf({ method, path }: Pick<AlbRequest, 'method' | 'path'>): RouteName | undefined {
  return method === METHOD ? BY_PATH.get(path) : undefined;
}

/** Judges only what stands in the request: the same one is always read alike, by whomever. */
export function readRequest(request: AlbRequest): WorkerRequest | RequestFault {
  const route = routeOf(request);
  if (route === undefined) return 'no-route';
  if (request.body.length > BODY_BYTES.most) return 'too-large';
  const host = onlyValue(request, 'host')?.toLowerCase().replace(PORT, '');
  if (host === undefined || !HOST.test(host) || request.hasQuery || request.headers.has('content-encoding')) return 'malformed';
  if (!JSON_TYPE.test(onlyValue(request, 'content-type') ?? '')) return 'malformed';
  const body = readBody(request.body, route);
  if (body === undefined) return 'malformed';
  const { signed, asked, bodyDigest } = body;
  const { workerId, timestamp, nonce } = signed;
  return { host, signed, asked, canonical: canonicalOf({ path: request.path, host, workerId, timestamp, nonce, bodyDigest }) };
}

/** Of a header that stands twice, two readers could believe different ones. */
function onlyValue({ headers }: AlbRequest, name: string): string | undefined {
  const values = headers.get(name);
  return values?.length === 1 ? values[0] : undefined;
}
