import { IDENTITY_HEADERS } from '../../gate/contract';
import { HOP_BY_HOP_HEADERS } from './hop-by-hop';

/** Credentials of whom the gate has judged: they are for the gate. */
const CREDENTIALS: readonly string[] = ['authorization', 'x-api-key'];

/** Say where a request comes from or what it was before, to servers that believe it (HDR-7); the gate says it itself, from what the load balancer says. */
const ORIGINS: readonly string[] = [
  'cf-connecting-ip', 'cf-connecting-ipv6', 'client-ip', 'fastly-client-ip', 'fly-client-ip', 'forwarded', 'forwarded-for', 'front-end-https', 'true-client-ip', 'x-client-ip',
  'x-cluster-client-ip', 'x-forwarded', 'x-host', 'x-original-host', 'x-originating-ip', 'x-real-ip', 'x-remote-addr', 'x-remote-ip', 'x-scheme', 'x-url-scheme',
];

/** Turns into HTTP_PROXY, by which a CGI-like Core would send its own requests where its caller likes (CVE-2016-5385). */
const PROXY = 'proxy';

/**
 * Families that only the edge writes: Amazon's, of which just the trace id is passed on, certificates (M-13), forwarding, and what proxies keep of the
 * request that was.
 */
const PREFIXES: readonly string[] = ['x-amzn-', 'x-auth-request-', 'x-client-cert', 'x-envoy-', 'x-forwarded-', 'x-original-', 'x-remote-user-', 'x-ssl-', 'ssl-client-', 'sec-websocket-'];

const NAMES: ReadonlySet<string> = new Set([...HOP_BY_HOP_HEADERS, ...CREDENTIALS, ...ORIGINS, ...IDENTITY_HEADERS, PROXY]);

/** Letters, digits and hyphens: of any other name somebody makes one of the above. */
const PLAIN = /^[a-z0-9-]+$/;

/**
 * Whether no Core is told a header, whatever the configuration says.
 *
 * @param name in lower case
 */
export function isWithheld(name: string): boolean {
  return !PLAIN.test(name) || NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}
