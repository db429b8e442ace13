import { Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TokenAlgorithm } from '../gate/contract';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import type { AuthorizerToken } from './authorizer-identity';
import { type JwtIssuerProps, JwtScopesClaim, JwtSubjectClaim } from './jwt-props';
import type { Claim } from './jwt-validation';

/** TG-15's default, and the most that IDN-11 allows. */
const MAX_CLOCK_SKEW_SECONDS = 60;
const CLOCK_SKEW = Duration.seconds(MAX_CLOCK_SKEW_SECONDS);

/** Claims that say something else (RFC 7519, RFC 8693), so that whoever is called `admin` would be one. */
const OTHER_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'client_id', 'token_use', 'username', 'cognito:username', 'origin_jti', 'scope', 'scp', 'scopes'];

/** Claims that are about a token and not about a person (RFC 7519, RFC 8693, OpenID Connect Core, and Cognito's own). */
const OF_THE_TOKEN = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'auth_time', 'nonce', 'acr', 'amr', 'sid', 'at_hash', 'c_hash', 'token_use', 'origin_jti', 'event_id', 'scope', 'scp', 'scopes'];

/** Claims that people can write about themselves: OpenID Connect's standard ones, and where providers keep what a sign-up form asks. */
const USER_WRITABLE = [
  'name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website', 'email', 'gender', 'birthdate',
  'zoneinfo', 'locale', 'phone_number', 'address', 'user_metadata', 'unsafe_metadata',
];

/** What the gate demands of a token, beside that its signature holds. */
export function tokenIdentity(props: JwtIssuerProps, claims: readonly Claim[], algorithms: readonly TokenAlgorithm[]): AuthorizerToken {
  const { issuer, jwksUri, scopesClaim = JwtScopesClaim.SCOPE, rolesClaim, clockSkew = CLOCK_SKEW } = props;
  // Whoever names clients has machines for callers, whose `sub` is the client or nothing.
  const subjectClaim = props.subjectClaim ?? (claims.some(({ name }) => name === 'client_id') ? JwtSubjectClaim.CLIENT_ID : JwtSubjectClaim.SUB);
  return {
    issuer,
    jwksUri,
    claims: claims.map(({ name, values }) => ({ name, values })),
    algorithms,
    clockSkewSeconds: clockSkew.toSeconds({ integral: false }),
    subjectClaim,
    scopesClaim,
    rolesClaim,
  };
}

/** Refuses what the load balancer knows nothing of, so that nothing else would. */
export function checkTokenIdentity(scope: IConstruct, { rolesClaim, clockSkew = CLOCK_SKEW }: JwtIssuerProps, place = 'authorizer'): void {
  if (clockSkew.isUnresolved() || !isWhole(clockSkew.toMilliseconds() / 1000, 0, MAX_CLOCK_SKEW_SECONDS)) {
    throw invalidProp(scope, `${place}.clockSkew`, clockSkew.isUnresolved() ? 'a token' : clockSkew.toString(), `Name 0 to ${MAX_CLOCK_SKEW_SECONDS} whole seconds.`);
  }
  if (rolesClaim === undefined) return;
  checkClaim(scope, `${place}.rolesClaim`, rolesClaim, 'cognito:groups', OTHER_CLAIMS, 'Name the claim that lists roles: this one says something else.');
}

/** Refuses a claim that names no person: of the token itself, a fresh one would be a fresh budget. */
export function checkEndUserClaim(scope: IConstruct, prop: string, claim: string): void {
  checkClaim(scope, prop, claim, 'act_sub', OF_THE_TOKEN, 'Name the claim that says for whom the bearer asks: this one is about the token.');
}

function checkClaim(scope: IConstruct, prop: string, claim: string, example: string, others: readonly string[], todo: string): void {
  if (Token.isUnresolved(claim) || !/^[\x21-\x7e]{1,256}$/.test(claim)) throw invalidProp(scope, prop, claim, `Write out one claim of 1 to 256 printable characters without blanks, such as ${example}.`);
  if (others.includes(claim)) throw invalidProp(scope, prop, claim, todo);
  if (USER_WRITABLE.includes(claim) || /^(custom|dev):/.test(claim)) {
    throw invalidProp(scope, prop, claim, `Name a claim that only the issuer writes, such as ${example}: people can write this one about themselves.`);
  }
}
