import { isIP } from 'node:net';
import type { GateConfiguration } from '../../gate/contract';
import { passedHeaderOf } from '../../gate/headers/contract';
import { passedCredentialOf } from './passed-credential';
import type { Identity, ReceivedHeaders } from './ports';
import type { GateSecrets } from './read-configuration';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';
import { REQUEST_ID_HEADER } from './request-id';
import { TRACE_HEADERS, type TraceContext } from './trace-context';
import { isWithheld } from './withheld-headers';

type Headers = Record<string, string | string[]>;

const TRACE_PARTS = ['traceparent', 'tracestate', 'baggage', 'amazonTraceId'] as const satisfies readonly (keyof TraceContext)[];

/** Visible ASCII, blanks only between: OpenID Connect Core, section 2, has subjects in ASCII. */
const SUBJECT = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** RFC 6749, 3.3: without blanks, since they separate scopes. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** A load balancer's own name for the cookies of a login (ELB guide, "Authenticate users"): another rule of it may have kept it. */
const DEFAULT_LOGIN_COOKIE = 'AWSELBAuthSessionCookie';

/** Writes what the Core is told; throws a Refusal where the caller cannot be named. */
export type CoreHeaders = (received: ReceivedHeaders, identity: Identity, requestId: string, trace: TraceContext) => Headers;

/**
 * What the Core is told: what the caller sent, without credentials and without what only the edge may say, and who he is; beside it the one credential that the configuration
 * passes, if it is verified.
 *
 * Cookies pass, since the gate takes none for a credential and a Core may have sessions of its own; only the load balancer's are taken out.
 */
export function coreHeadersOf(configuration: GateConfiguration, secrets: Pick<GateSecrets, 'coreKey'>): CoreHeaders {
  const replaced = new Set([...namesOf(configuration), REQUEST_ID_HEADER, ...Object.values(TRACE_HEADERS)]);
  const logins = new Set([DEFAULT_LOGIN_COOKIE, configuration.identity.admin?.cookieName]);
  const passedHeader = passedHeaderOf(configuration.core.passes);
  const passedCredential = passedCredentialOf(configuration);
  const isPassed = remembered((name) => !isWithheld(name) && !replaced.has(name));
  return (received, identity, requestId, trace) => {
    const headers: Headers = {};
    // Loops that fill one object: this runs for every request, and each array between would be made and thrown away as often.
    for (const [name, values] of received) {
      if (!isPassed(name)) continue;
      const kept = name === 'cookie' ? values.map((value) => withoutLogins(value, logins)).filter((value) => value !== '') : values;
      const [first] = kept;
      if (first !== undefined) headers[name] = kept.length === 1 ? first : [...kept];
    }
    setOrigin(headers, received, configuration);
    headers[REQUEST_ID_HEADER] = requestId;
    for (const part of TRACE_PARTS) {
      const value = trace[part];
      if (value !== undefined) headers[TRACE_HEADERS[part]] = value;
    }
    // Last, so that nothing else is ever read as them.
    setKey(headers, configuration, secrets);
    const credential = passedCredential(received, identity);
    if (passedHeader !== undefined && credential !== undefined) headers[passedHeader] = credential;
    setIdentity(headers, identity, configuration);
    return headers;
  };
}

/** Callers use the same names again and again; invented ones are judged each time once there are so many. */
const MAX_REMEMBERED_NAMES = 500;

function remembered(judge: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const verdict = judge(name);
    if (known.size < MAX_REMEMBERED_NAMES) known.set(name, verdict);
    return verdict;
  };
}

/** Headers that the configuration gives a meaning. */
function namesOf({ core, identity }: GateConfiguration): string[] {
  const { key, certificate, admin } = identity;
  const told = [core.identityHeader, core.scopesHeader, core.keyHeader, passedHeaderOf(core.passes)];
  return [...told, key?.header, certificate?.subjectHeader, admin?.subjectHeader, ...core.removedHeaders].filter((name) => name !== undefined);
}

/** A subject that is no header value is refused, not encoded: an encoding that the Core does not undo would be somebody else's name. */
function setIdentity(headers: Headers, { subject, scopes }: Identity, { core: { identityHeader, scopesHeader } }: GateConfiguration): void {
  if (!SUBJECT.test(subject)) throw new Refusal('forbidden', 'subject-characters');
  headers[identityHeader] = subject;
  if (scopesHeader === undefined) return;
  const told = [...scopes].sort();
  if (!told.every((scope) => SCOPE.test(scope))) throw new Refusal('forbidden', 'scope-characters');
  headers[scopesHeader] = told.join(' ');
}

function setKey(headers: Headers, { core: { keyHeader } }: GateConfiguration, { coreKey }: Pick<GateSecrets, 'coreKey'>): void {
  if (keyHeader === undefined) return;
  if (coreKey === undefined) throw new Refusal('internal', 'core-key-missing');
  headers[keyHeader] = keyHeader === 'authorization' ? `Bearer ${coreKey}` : coreKey;
}

/** Without a load balancer, or where it says nothing that is an address, the Core is told none: what else there is, the caller wrote (M-14). */
function setOrigin(headers: Headers, received: ReceivedHeaders, { profile }: GateConfiguration): void {
  headers['x-forwarded-proto'] = 'https';
  const address = profile === 'local' ? undefined : lastHop(onlyValue(received, 'x-forwarded-for'));
  if (address === undefined) return;
  headers['x-real-ip'] = address;
  headers['x-forwarded-for'] = address;
}

/** The right-most address, which the load balancer has added; it may have its port behind it (ELB guide, `routing.http.xff_client_port`). */
function lastHop(forwardedFor: string | undefined): string | undefined {
  if (forwardedFor === undefined) return undefined;
  const last = forwardedFor.slice(forwardedFor.lastIndexOf(',') + 1).trim();
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
