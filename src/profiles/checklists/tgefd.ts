import { byOperator, byTemplate, byVariables, type ChecklistItem } from './checklist';

/** The document calls itself a checklist, and has lines without boxes: one item a line, and where variables stand below a line, one for each thing that they are about. */
export const TGEFD: readonly ChecklistItem[] = [
  // Authentication and authorization
  byVariables('TG-02', 'Tokens or certificates prove callers', 'TGEFD_AUTH_MODE'),
  byTemplate('TG-03', 'Keys rotate and can be revoked'),
  byVariables('TG-05', 'Roles bound what callers do', 'TGEFD_RBAC_ENABLED'),
  byVariables('TG-06', 'API keys open nothing by default', 'TGEFD_API_KEY_SCOPES'),
  // JWT
  byVariables('TG-09', 'No shared secret signs tokens', 'TGEFD_JWT_SECRET'),
  byVariables('TG-10', 'Tokens come in one known header', 'TGEFD_JWT_HEADER', 'TGEFD_JWT_BEARER_PREFIX'),
  byVariables('TG-14', 'One claim says who calls', 'TGEFD_JWT_SUB_CLAIM'),
  byVariables('TG-15', 'Clocks may differ a little only', 'TGEFD_JWT_CLOCK_SKEW_SEC'),
  byVariables('TG-17', 'Tokens are checked by public keys', 'TGEFD_JWKS_URL'),
  byVariables('TG-18', 'Issuer and audience are compared', 'TGEFD_JWT_ISSUER', 'TGEFD_JWT_AUDIENCE'),
  byVariables(
    'TG-19', 'Keys are kept and fetched sparingly',
    'TGEFD_JWKS_TTL_SEC', 'TGEFD_JWKS_TIMEOUT_SEC', 'TGEFD_JWKS_MAX_ATTEMPTS', 'TGEFD_JWKS_BACKOFF_SEC', 'TGEFD_JWKS_MAX_BACKOFF_SEC',
  ),
  byVariables('TG-20', 'Weak algorithms are turned away', 'TGEFD_JWT_ALLOWED_ALGS'),
  // Certificates
  byVariables('TG-28', 'Certificates are told by one header', 'TGEFD_MTLS_IDENTITY_HEADER'),
  byTemplate('TG-29', 'Only the ingress passes identities on'),
  // Scopes
  byVariables('TG-30', 'Each operation has its own scope', 'TGEFD_SCOPE_DISCOVER', 'TGEFD_SCOPE_EVALUATE', 'TGEFD_SCOPE_METRICS', 'TGEFD_SCOPE_JOBS'),
  byTemplate('TG-31', 'Each endpoint asks for its scope'),
  byVariables('TG-32', 'Credentials carry scopes and roles', 'TGEFD_JWT_SCOPES_CLAIM', 'TGEFD_MTLS_SCOPES_HEADER', 'TGEFD_ROLE_CLAIM', 'TGEFD_ROLES_CLAIM', 'TGEFD_MTLS_ROLE_HEADER'),
  byVariables('TG-44', 'Roles name each of their scopes', 'TGEFD_ROLE_ADMIN_SCOPES', 'TGEFD_ROLE_ANALYST_SCOPES', 'TGEFD_ROLE_READER_SCOPES'),
  // Limits
  byTemplate('TG-47', 'Limits go by proven identity'),
  byTemplate('TG-48', 'Only known proxies name addresses'),
  byVariables('TG-50', 'One header of ours names callers', 'TGEFD_IDENTITY_HEADER'),
  byTemplate('TG-51', 'Callers cannot send that header'),
  byTemplate('TG-53', 'Each caller has a quota'),
  byVariables('TG-54', 'Heavy calls have a budget apart', 'TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE', 'TGEFD_HEAVY_BURST_LIMIT'),
  // Secrets
  byTemplate('TG-58', 'Secrets stand in a store'),
  byOperator('TG-59', 'Audit retention is set in writing'),
  byTemplate('TG-60', 'Storage credentials live shortly'),
  byTemplate('TG-61', 'Whoever reads secrets is recorded'),
  byTemplate('TG-62', 'Secrets rotate on schedule'),
  byOperator('TG-63', 'A leaked key has a runbook'),
  // Audit
  byTemplate('TG-64', 'Audit records hold what counts'),
  byTemplate('TG-65', 'Records are masked, and kept long'),
  byTemplate('TG-66', 'Nobody can change audit records'),
  // Transport
  byTemplate('TG-71', 'TLS on every hop'),
  byTemplate('TG-72', 'Services may ask for certificates'),
  byTemplate('TG-73', 'Egress goes to known hosts'),
];
