import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { keySetBounds, type KeySetFetchProps } from '../../gate/key-set-fetch';
import type { PlanConfiguration } from '../../gate/rate/contract';
import type { TgefdProof } from './tgefd-auth';
import type { RoleScopes } from './tgefd-roles';
import { TgefdScope } from './tgefd-scope';

/** What the variables are derived from: the very things that the gate is configured with. */
export interface TgefdFacts {
  readonly proof: TgefdProof;
  /** As credentials spell scopes. */
  readonly roles: RoleScopes;
  readonly identityHeader: string;
  readonly keySetFetch: KeySetFetchProps | undefined;
  readonly plan: PlanConfiguration;
}

/** How long one request for keys may take altogether is the gate's to compare with its ingress; here it is not known. */
const NO_IDLE_TIMEOUT = Duration.days(1);

/** Everything that TGEFD is told (catalogue 3.2). What it takes to be true by itself and is unsafe, keys with scope `*` and HS256, is always said otherwise (CFG-7). */
export function tgefdVariables(scope: IConstruct, facts: TgefdFacts): Record<string, string> {
  const { proof: { mode, spelled, gate: { scopesHeader } }, roles, identityHeader, plan: { heavy } } = facts;
  return {
    TGEFD_AUTH_MODE: mode,
    TGEFD_JWT_ALLOWED_ALGS: 'RS256',
    TGEFD_RBAC_ENABLED: 'true',
    ...Object.fromEntries(Object.values(TgefdScope).map((one) => [`TGEFD_SCOPE_${one.toUpperCase()}`, spelled(one)])),
    TGEFD_API_KEY_SCOPES: spelled(TgefdScope.METRICS),
    ...Object.fromEntries(Object.entries(roles).map(([role, scopes]) => [`TGEFD_ROLE_${role.toUpperCase()}_SCOPES`, scopes.join(' ')])),
    TGEFD_IDENTITY_HEADER: identityHeader,
    TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: String(heavy.requests),
    TGEFD_HEAVY_BURST_LIMIT: String(heavy.burst),
    ...ofTokens(scope, facts),
    ...(scopesHeader !== undefined && { TGEFD_MTLS_IDENTITY_HEADER: identityHeader, TGEFD_MTLS_SCOPES_HEADER: scopesHeader }),
  };
}

/** What the gate demands of a token, in TGEFD's words; nothing where it takes none. */
function ofTokens(scope: IConstruct, { proof: { authorizer }, keySetFetch }: TgefdFacts): Record<string, string> {
  const [token] = authorizer._identity.tokens;
  if (!token) return {};
  const { issuer, jwksUri, claims, clockSkewSeconds, subjectClaim, scopesClaim, rolesClaim } = token;
  const bounds = keySetBounds(scope, keySetFetch, NO_IDLE_TIMEOUT, 'profile.keySetFetch');
  return {
    TGEFD_JWT_HEADER: 'authorization',
    // With its blank: what follows is the token, to the byte (TG-11).
    TGEFD_JWT_BEARER_PREFIX: 'bearer ',
    TGEFD_JWT_ISSUER: issuer,
    TGEFD_JWT_AUDIENCE: claims.filter(({ name }) => name === 'aud' || name === 'client_id').flatMap(({ values }) => values).join(','),
    TGEFD_JWT_SUB_CLAIM: subjectClaim,
    TGEFD_JWT_CLOCK_SKEW_SEC: String(clockSkewSeconds),
    TGEFD_JWT_SCOPES_CLAIM: scopesClaim,
    ...(rolesClaim !== undefined && { TGEFD_ROLES_CLAIM: rolesClaim }),
    TGEFD_JWKS_URL: jwksUri,
    TGEFD_JWKS_TTL_SEC: String(bounds.ttlSeconds),
    TGEFD_JWKS_TIMEOUT_SEC: String(bounds.timeoutSeconds),
    TGEFD_JWKS_MAX_ATTEMPTS: String(bounds.maxAttempts),
    TGEFD_JWKS_BACKOFF_SEC: String(bounds.backoffSeconds),
    TGEFD_JWKS_MAX_BACKOFF_SEC: String(bounds.maxBackoffSeconds),
  };
}
