import type { IdentityConfiguration, ProofKind } from '../../../gate/contract';
import type { ReceivedHeaders } from '../ports';
import { unauthenticated } from './unauthenticated';

/** What a caller shows, by its kind; nothing of it is verified yet. */
export type Credentials = ReadonlyMap<ProofKind, string>;

/**
 * The scheme in any case (RFC 9110, section 11.1), one blank (RFC 6750, section 2.1: `1*SP`, of which we take the shortest form alone, as
 * CX-05 does), and a token's characters. A tab, two blanks or none are refused and not repaired (M-38, TG-11).
 */
const BEARER = /^bearer ([A-Za-z0-9._~+/-]+=*)$/i;

/** Visible ASCII: what `--header` of any client can send. */
const KEY = /^[\x21-\x7e]{1,256}$/;

/** A distinguished name (RFC 4514, which writes other characters as `\` and hexadecimal digits). */
const SUBJECT = /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/;

/** Reads credentials of the kinds that are configured, and refuses those that are not exactly in form. Other headers are not looked at. */
export function readCredentials(headers: ReceivedHeaders, configuration: IdentityConfiguration): Credentials {
  const { certificate, key, tokens } = configuration;
  const shown = new Map<ProofKind, string>();
  const show = (kind: ProofKind, value: string): void => {
    if (shown.has(kind)) throw unauthenticated('credential-twice');
    shown.set(kind, value);
  };
  const isKey = (value: string): boolean => key !== undefined && KEY.test(value) && value.length > key.prefix.length && value.startsWith(key.prefix);

  const subject = certificate && single(headers, certificate.subjectHeader);
  if (subject !== undefined) {
    if (!SUBJECT.test(subject)) throw unauthenticated('certificate-malformed');
    show('certificate', subject);
  }
  const inHeader = key && single(headers, key.header);
  if (inHeader !== undefined) {
    if (!isKey(inHeader)) throw unauthenticated('key-malformed');
    show('key', inHeader);
  }
  const authorization = tokens.length > 0 || key?.inAuthorization ? single(headers, 'authorization') : undefined;
  if (authorization !== undefined) {
    const bearer = BEARER.exec(authorization)?.[1];
    if (bearer === undefined) throw unauthenticated('authorization-malformed');
    if (key?.inAuthorization && isKey(bearer)) show('key', bearer);
    else if (tokens.length > 0) show('token', bearer);
    else throw unauthenticated('key-malformed');
  }
  return shown;
}

/** Kinds that belong to an alternative of which everything is shown: what is shown beside it cannot speak, since it was not to be believed alone. */
export function satisfiedBy(shown: Credentials, { accept }: Pick<IdentityConfiguration, 'accept'>): ReadonlySet<ProofKind> {
  const satisfied = accept.filter((proofs) => proofs.every((kind) => shown.has(kind))).flat();
  if (satisfied.length === 0) throw unauthenticated(shown.size === 0 ? 'no-credential' : 'credential-missing');
  return new Set(satisfied);
}

/** Sent twice, a header means one thing to the load balancer and another to us. */
function single(headers: ReceivedHeaders, name: string): string | undefined {
  const values = headers.get(name) ?? [];
  if (values.length > 1) throw unauthenticated('credential-twice');
  return values[0];
}
