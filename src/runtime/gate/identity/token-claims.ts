import { revocationSort, type TokenConfiguration } from '../../../gate/contract';
import { type JsonObject, memberOf } from '../../shared/json-object';
import type { Proof } from './proof';
import { isRole, isScope, isSubject } from './names';
import { unauthenticated } from './unauthenticated';

/**
 * In which forms issuers write scopes: `scope` is text (RFC 8693, section 4.2), `scp` text at Microsoft Entra and a list at Okta, `scopes`
 * a list. Nothing is split at commas (AZN-5).
 */
const SCOPE_FORMS: Readonly<Record<TokenConfiguration['scopesClaim'], readonly ('text' | 'list')[]>> = { scope: ['text'], scp: ['text', 'list'], scopes: ['list'] };

/** What a token says of its bearer, after its signature was verified. */
export function judgeClaims(claims: JsonObject, configuration: TokenConfiguration, nowSeconds: number): Proof {
  checkTimes(claims, configuration.clockSkewSeconds, nowSeconds);
  for (const { name, values } of configuration.claims) {
    if (!hasOneOf(memberOf(claims, name), name, values)) throw unauthenticated('token-claims');
  }
  const [sub, subject, jti] = ['sub', configuration.subjectClaim, 'jti'].map((name) => memberOf(claims, name));
  if (!isSubject(sub) || !isSubject(subject) || !(jti === undefined || isSubject(jti))) throw unauthenticated('token-subject');
  const endUser = configuration.endUserClaim === undefined ? undefined : memberOf(claims, configuration.endUserClaim);
  // It names a budget: whatever else could be written there would be a new one for each spelling.
  if (!(endUser === undefined || isSubject(endUser))) throw unauthenticated('token-end-user');
  const revocable = (kind: 'sub' | 'jti', value: string): string => revocationSort(kind, `${configuration.issuer} ${value}`);
  return {
    subject,
    issuer: configuration.issuer,
    ...(endUser === undefined ? {} : { endUser }),
    scopes: scopesOf(claims, configuration.scopesClaim),
    roles: configuration.rolesClaim === undefined ? new Set() : rolesOf(memberOf(claims, configuration.rolesClaim)),
    // Whoever revokes reads the subject in a log, which need not be `sub`.
    revocableAs: [...new Set([revocable('sub', sub), revocable('sub', subject), ...(jti === undefined ? [] : [revocable('jti', jti)])])],
  };
}

/** RFC 7519: a token is good before `exp`, and from `nbf` on; fractions are times like others. `1e999` is a number to JSON and no time. */
function checkTimes(claims: JsonObject, skew: number, now: number): void {
  const [exp, nbf = now, iat = now] = ['exp', 'nbf', 'iat'].map((name) => memberOf(claims, name));
  if (!isTime(exp) || !isTime(nbf) || !isTime(iat)) throw unauthenticated('token-times');
  if (now - skew >= exp) throw unauthenticated('token-expired');
  if (nbf > now + skew || iat > now + skew) throw unauthenticated('token-not-yet');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function hasOneOf(claim: unknown, name: string, values: readonly string[]): boolean {
  const has: unknown[] = typeof claim === 'string' ? (name === 'scope' ? claim.split(' ') : [claim]) : Array.isArray(claim) ? claim : [];
  return has.every((value) => typeof value === 'string') && has.some((value) => values.includes(value));
}

function scopesOf(claims: JsonObject, name: TokenConfiguration['scopesClaim']): ReadonlySet<string> {
  const claim = memberOf(claims, name);
  if (claim === undefined) return new Set();
  const forms = SCOPE_FORMS[name];
  const scopes: unknown = typeof claim === 'string' && forms.includes('text') ? claim.split(' ') : forms.includes('list') ? claim : undefined;
  if (!Array.isArray(scopes) || !scopes.every(isScope)) throw unauthenticated('token-scopes');
  return new Set(scopes);
}

/** One role as text, or a list of them (TG-40, TG-41). */
function rolesOf(claim: unknown): ReadonlySet<string> {
  if (claim === undefined) return new Set();
  const roles: unknown = typeof claim === 'string' ? [claim] : claim;
  if (!Array.isArray(roles) || !roles.every(isRole)) throw unauthenticated('token-roles');
  return new Set(roles);
}
