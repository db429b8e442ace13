import { isIP } from 'node:net';
import type { GateConfiguration } from '../../gate/contract';
import type { Identity, ReceivedHeaders } from './ports';
import type { GateSecrets } from './read-configuration';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';
import { REQUEST_ID_HEADER } from './request-id';
import { TRACE_HEADERS, type TraceContext } from './trace-context';
import { isWithheld } from './withheld-headers';

type Header = readonly [string, string | string[]];

const TRACE_PARTS = ['traceparent', 'tracestate', 'amazonTraceId'] as const satisfies readonly (keyof TraceContext)[];

/** Visible ASCII, blanks only between: OpenID Connect Core, section 2, has subjects in ASCII. */
const SUBJECT = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** RFC 6749, 3.3: without blanks, since they separate scopes. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** A load balancer's own name for the cookies of a login (ELB guide, "Authenticate users"): another rule of it may have kept it. */
const DEFAULT_LOGIN_COOKIE = 'AWSELBAuthSessionCookie';

/**
 * What the Core is told: what the caller sent, without credentials and without what only the edge may say, and who he is.
 *
 * Cookies pass, since the gate takes none for a credential and a Core may have sessions of its own; only the load balancer's are taken out.
 */
export function requestHeadersForCore(
  received: ReceivedHeaders,
  identity: Identity,
  requestId: string,
  trace: TraceContext,
  configuration: GateConfiguration,
  secrets: Pick<GateSecrets, 'coreKey'>,
): Record<string, string | string[]> {
  const own: readonly Header[] = [
    ...originHeaders(received, configuration),
    [REQUEST_ID_HEADER, requestId],
    ...TRACE_PARTS.flatMap((part): Header[] => {
      const value = trace[part];
      return value === undefined ? [] : [[TRACE_HEADERS[part], value]];
    }),
    // Last, so that nothing else is ever read as them.
    ...keyHeaders(configuration, secrets),
    ...identityHeaders(identity, configuration),
  ];
  const replaced = new Set([...namesOf(configuration), REQUEST_ID_HEADER, ...Object.values(TRACE_HEADERS)]);
  const logins = new Set([DEFAULT_LOGIN_COOKIE, configuration.identity.admin?.cookieName]);
  const passed = [...received].filter(([name]) => !isWithheld(name) && !replaced.has(name)).flatMap(([name, values]): Header[] => {
    const kept = name === 'cookie' ? values.map((value) => withoutLogins(value, logins)).filter((value) => value !== '') : values;
    const [first] = kept;
    if (first === undefined) return [];
    return [[name, kept.length === 1 ? first : [...kept]]];
  });
  return Object.fromEntries([...passed, ...own]);
}

/** Headers that the configuration gives a meaning. */
function namesOf({ core, identity }: GateConfiguration): string[] {
  const { key, certificate, admin } = identity;
  return [core.identityHeader, core.scopesHeader, core.keyHeader, key?.header, certificate?.subjectHeader, admin?.subjectHeader, ...core.removedHeaders].filter((name) => name !== undefined);
}

/** A subject that is no header value is refused, not encoded: an encoding that the Core does not undo would be somebody else's name. */
function identityHeaders({ subject, scopes }: Identity, { core: { identityHeader, scopesHeader } }: GateConfiguration): Header[] {
  if (!SUBJECT.test(subject)) throw new Refusal('forbidden', 'subject-characters');
  if (scopesHeader === undefined) return [[identityHeader, subject]];
  if (![...scopes].every((scope) => SCOPE.test(scope))) throw new Refusal('forbidden', 'scope-characters');
  return [[identityHeader, subject], [scopesHeader, [...scopes].sort().join(' ')]];
}

function keyHeaders({ core: { keyHeader } }: GateConfiguration, { coreKey }: Pick<GateSecrets, 'coreKey'>): Header[] {
  if (keyHeader === undefined) return [];
  if (coreKey === undefined) throw new Refusal('internal', 'core-key-missing');
  return [[keyHeader, keyHeader === 'authorization' ? `Bearer ${coreKey}` : coreKey]];
}

/** Without a load balancer, or where it says nothing that is an address, the Core is told none: what else there is, the caller wrote (M-14). */
function originHeaders(received: ReceivedHeaders, { profile }: GateConfiguration): Header[] {
  const address = profile === 'local' ? undefined : lastHop(onlyValue(received, 'x-forwarded-for'));
  return [['x-forwarded-proto', 'https'], ...(address === undefined ? [] : [['x-real-ip', address], ['x-forwarded-for', address]] as const)];
}

/** The right-most address, which the load balancer has added; it may have its port behind it (ELB guide, `routing.http.xff_client_port`). */
function lastHop(forwardedFor: string | undefined): string | undefined {
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? '';
  const { v4, v6 } = /^(?:(?<v4>[0-9.]+)(?::[0-9]{1,5})?|\[(?<v6>[0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?)$/.exec(last)?.groups ?? {};
  const address = v4 ?? v6 ?? last;
  return isIP(address) === 0 ? undefined : address;
}

function withoutLogins(cookie: string, logins: ReadonlySet<string | undefined>): string {
  const isLogin = (pair: string): boolean => {
    const name = (pair.split('=', 1)[0] ?? '').trim();
    return logins.has(name) || logins.has(name.replace(/-\d+$/, ''));
  };
  return cookie.split(';').filter((pair) => !isLogin(pair)).join(';').trim();
}
