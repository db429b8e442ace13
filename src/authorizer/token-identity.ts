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
export function checkTokenIdentity(scope: IConstruct, { rolesClaim, clockSkew = CLOCK_SKEW }: JwtIssuerProps): void {
  if (clockSkew.isUnresolved() || !isWhole(clockSkew.toMilliseconds() / 1000, 0, MAX_CLOCK_SKEW_SECONDS)) {
    throw invalidProp(scope, 'authorizer.clockSkew', clockSkew.isUnresolved() ? 'a token' : clockSkew.toString(), `Name 0 to ${MAX_CLOCK_SKEW_SECONDS} whole seconds.`);
  }
  if (rolesClaim === undefined) return;
  const refused = (todo: string): Error => invalidProp(scope, 'authorizer.rolesClaim', rolesClaim, todo);
  if (Token.isUnresolved(rolesClaim) || !/^[\x21-\x7e]{1,256}$/.test(rolesClaim)) throw refused('Write out one claim of 1 to 256 printable characters without blanks, such as cognito:groups.');
  if (OTHER_CLAIMS.includes(rolesClaim)) throw refused('Name the claim that lists roles: this one says something else.');
  if (USER_WRITABLE.includes(rolesClaim) || /^(custom|dev):/.test(rolesClaim)) {
    throw refused('Name a claim that only the issuer writes, such as cognito:groups: people can write this one about themselves.');
  }
}
