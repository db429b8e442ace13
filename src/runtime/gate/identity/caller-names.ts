import type { IdentityConfiguration, ProofKind } from '../../../gate/contract';
import { ADMIN_SUBJECT_PREFIX } from '../admin-plane';
import type { Proof } from './proof';
import { unauthenticated } from './unauthenticated';

/**
 * Who speaks for a caller that shows several proofs, the most specific one first: an API key names one application, a token a client of
 * its issuer, a certificate a machine.
 *
 * Subject, scopes and roles are all of that one; the others vouch for the caller and add nothing. Their union would let somebody do at once
 * what neither of his credentials permits, and their intersection would leave nothing where, as is usual, one of them states no scopes.
 */
export const SPEAKERS: readonly ProofKind[] = ['key', 'token', 'certificate'];

/** What a caller is called: to the Core, and where requests are counted. */
export type CallerName = (kind: ProofKind, proof: Pick<Proof, 'subject' | 'issuer'>) => string;

/**
 * Names that no two callers share.
 *
 * One source of names is taken as it is. Where there are several, such as keys beside tokens or two issuers, somebody could have the owner of a key
 * named like a person, so each name says where it comes from: `key:<owner>`, `token:<issuer>#<subject>` or `certificate:<subject>`. No issuer holds a `#`.
 */
export function callerNames(configuration: Pick<IdentityConfiguration, 'accept' | 'tokens' | 'admin'>): CallerName {
  if (sourcesOf(configuration) > 1) return (kind, { subject, issuer }) => `${kind}:${issuer === undefined ? '' : `${issuer}#`}${subject}`;
  const { admin } = configuration;
  return (_, { subject }) => {
    // A caller of that name would be somebody who logged in to the admin plane.
    if (admin !== undefined && subject.startsWith(ADMIN_SUBJECT_PREFIX)) throw unauthenticated('subject-reserved');
    return subject;
  };
}

/** Of each alternative one proof speaks; of several that are satisfied at once, one of theirs. */
function sourcesOf({ accept, tokens }: Pick<IdentityConfiguration, 'accept' | 'tokens'>): number {
  const speakers = new Set(accept.flatMap((proofs) => SPEAKERS.find((kind) => proofs.includes(kind)) ?? []));
  return speakers.size + (speakers.has('token') ? tokens.length - 1 : 0);
}
