import { CLAIM, flag, HEADER, HTTPS_URL, list, LOCAL_URL, SCOPE, SCOPES, secret, text, whole, words } from './forms';
import type { Form, Presence, Variable } from './variable';

const tgefd = (name: string, rest: Omit<Variable, 'name' | 'profile'>): Variable => ({ name: `TGEFD_${name}`, profile: 'tgefd', ...rest });
const inMode = (mode: 'jwt' | 'mtls', then: 'required' | 'optional', otherwise: 'optional' | 'refused'): Presence => ({ when: 'TGEFD_AUTH_MODE', is: [mode], then, otherwise });
/** Figures that only a JWT makes use of, and that the gate and the app share. */
const jwtFigure = (name: string, typed: string, form: Form, written: string, refused: readonly string[], rows: readonly string[], documented?: string): Variable => tgefd(name, {
  typed, form, written, refused, rows, ...(documented !== undefined && { documented }), presence: inMode('jwt', 'optional', 'optional'), absence: 'harmless', emission: 'by-props',
  place: 'environment', fedBy: 'prop → gate and Core', local: [],
});
const operationScope = (operation: string, row: string, others: readonly string[] = []): Variable => tgefd(`SCOPE_${operation.toUpperCase()}`, {
  typed: 'auth: TgefdAuth (issuer.scope(…), or scopePrefix)', form: SCOPE, written: operation, presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
  fedBy: 'UserPoolResourceServer with Cognito (<resource-server>/<scope>), else the plain name', refused: ['*', '', `${operation} metrics`], local: [], rows: [row, ...others],
});

export const TGEFD: readonly Variable[] = [
  tgefd('AUTH_MODE', {
    typed: 'auth: TgefdAuth', form: words('jwt', 'mtls'), presence: 'required', absence: 'unknown', emission: 'always', place: 'environment', right: 'jwt',
    fedBy: 'derived; equal to what the gate accepts', refused: ['none', 'api_key', 'JWT', ''], local: ['none', 'api_key'], rows: ['TG-07', 'TG-08', 'TG-27', 'TG-02', 'TG-06'],
  }),
  tgefd('JWT_SECRET', {
    typed: '– (LocalProfile.tgefd: LocalTgefdAuth.sharedSecret)', form: secret(32, 'at least 32 bytes'), presence: 'refused', absence: 'harmless', emission: 'never', place: 'nowhere',
    fedBy: 'nobody outside local', refused: ['any-value-of-at-least-32-characters'], local: ['any-value-of-at-least-32-characters'], rows: ['TG-09', 'TG-02', 'TG-08'],
  }),
  tgefd('JWT_HEADER', {
    typed: '– (the load balancer reads no other)', form: words('authorization'), documented: 'authorization', written: 'authorization', presence: inMode('jwt', 'optional', 'optional'),
    absence: 'harmless', emission: 'by-props', place: 'environment', fedBy: 'literal', refused: ['x-token', 'Authorization ', ''], local: ['x-token'], rows: ['TG-10'],
  }),
  tgefd('JWT_BEARER_PREFIX', {
    typed: '– (with its blank, byte for byte)', form: words('bearer '), documented: 'bearer ', written: 'bearer ', presence: inMode('jwt', 'optional', 'optional'), absence: 'harmless',
    emission: 'by-props', place: 'environment', fedBy: 'literal', refused: ['bearer', 'Bearer', 'Bearer ', ' bearer ', ''], local: ['Bearer '], rows: ['TG-11'],
  }),
  tgefd('JWT_ISSUER', {
    typed: 'auth: TgefdAuth.jwt({ issuer }) | .cognito(CognitoIssuer)', form: HTTPS_URL, localForm: LOCAL_URL, right: 'https://login.acme.com/',
    presence: inMode('jwt', 'required', 'optional'), absence: 'unknown',
    emission: 'by-props', place: 'environment', fedBy: 'AWS::Cognito::UserPool, or prop; equals the listener\'s Issuer', refused: ['http://login.acme.com/', 'login.acme.com', ''],
    local: ['http://login.acme.com/', ''], rows: ['TG-12', 'TG-18'],
  }),
  tgefd('JWT_AUDIENCE', {
    typed: 'auth: TgefdAuth.jwt({ audience }) | .cognito', form: list(',', text(/^[^\s,*]{1,256}$/, 'an audience')), right: 'tgefd', presence: inMode('jwt', 'required', 'optional'),
    absence: 'unknown', emission: 'by-props', place: 'environment', fedBy: 'prop, or AWS::Cognito::UserPoolClient', refused: ['*', ''], local: [''], rows: ['TG-13', 'TG-18'],
  }),
  jwtFigure('JWT_SUB_CLAIM', 'auth … subjectClaim: JwtSubjectClaim', words('sub', 'client_id', 'username'), 'sub', ['email', 'custom:id', ''], ['TG-14'], 'sub'),
  // The prop takes 0 to 60, as the gate does (IDN-11); a hand-written 120 is within the catalogue.
  jwtFigure('JWT_CLOCK_SKEW_SEC', 'auth … clockSkew: Duration', whole(0, 120), '60', ['-1', '121', '1h'], ['TG-15'], '60'),
  tgefd('JWT_ALLOWED_ALGS', {
    typed: '– (JwtAlgorithm.RS256)', form: list(',', words('RS256')), documented: 'HS256,RS256', written: 'RS256', presence: 'required', absence: 'unsafe', emission: 'always',
    place: 'environment', fedBy: 'literal (C-05)', refused: ['HS256,RS256', 'HS256', 'none', 'RS256,none', ''], local: ['HS256,RS256', 'HS256'], rows: ['TG-16', 'TG-20'],
  }),
  tgefd('JWKS_URL', {
    typed: 'auth: TgefdAuth.jwt({ jwksUri }) | .cognito', form: HTTPS_URL, localForm: LOCAL_URL, right: 'https://login.acme.com/.well-known/jwks.json',
    presence: inMode('jwt', 'required', 'optional'), absence: 'unknown', emission: 'by-props', place: 'environment',
    fedBy: 'UserPool ProviderURL + /.well-known/jwks.json, or prop; its host goes into the egress',
    refused: ['http://login.acme.com/jwks', 'file:///keys.json', ''], local: ['http://login.acme.com/jwks'], rows: ['TG-17', 'TG-21'],
  }),
  jwtFigure('JWKS_TTL_SEC', 'keySetFetch: KeySetFetch (ttl: Duration)', whole(60, 3600), '300', ['59', '3601', '0'], ['TG-19', 'TG-22']),
  jwtFigure('JWKS_TIMEOUT_SEC', 'keySetFetch (timeout: Duration)', whole(1, 10), '3', ['0', '11'], ['TG-23']),
  jwtFigure('JWKS_MAX_ATTEMPTS', 'keySetFetch (maxAttempts: number)', whole(1, 5), '3', ['0', '6'], ['TG-24']),
  jwtFigure('JWKS_BACKOFF_SEC', 'keySetFetch (backoff: Duration)', { kind: 'decimal', above: 0, most: 60 }, '0.2', ['0', '-1', 'soon'], ['TG-25']),
  jwtFigure('JWKS_MAX_BACKOFF_SEC', 'keySetFetch (maxBackoff: Duration)', { kind: 'decimal', above: 0, most: 60 }, '2', ['0', 'later'], ['TG-26']),
  tgefd('MTLS_IDENTITY_HEADER', {
    typed: 'identityHeader: string (gate.identityHeader)', form: HEADER, documented: 'x-ssl-client-subject', written: 'x-auth-request-user', presence: inMode('mtls', 'required', 'optional'),
    absence: 'harmless', emission: 'by-props', place: 'environment', fedBy: 'what the gate writes; equal to TGEFD_IDENTITY_HEADER', refused: ['authorization', 'X_SSL', ''], local: [],
    rows: ['TG-28'],
  }),
  tgefd('RBAC_ENABLED', {
    typed: '–', form: flag('true'), written: 'true', presence: 'required', absence: 'unsafe', emission: 'always', place: 'environment', fedBy: 'literal',
    refused: ['false', 'True', '1', ''], local: ['false'], rows: ['TG-33', 'TG-05'],
  }),
  operationScope('discover', 'TG-34', ['TG-30']),
  operationScope('evaluate', 'TG-35', ['TG-30']),
  operationScope('metrics', 'TG-36', ['TG-30']),
  operationScope('jobs', 'TG-37', ['TG-30']),
  tgefd('JWT_SCOPES_CLAIM', {
    typed: 'auth … scopesClaim: JwtScopesClaim', form: words('scope', 'scp', 'scopes'), written: 'scope', presence: inMode('jwt', 'optional', 'optional'), absence: 'harmless',
    emission: 'by-props', place: 'environment', fedBy: 'prop → gate and Core; scope with Cognito', refused: ['custom:scopes', 'groups', ''], local: [], rows: ['TG-38'],
  }),
  tgefd('MTLS_SCOPES_HEADER', {
    typed: '– (gate.scopesHeader)', form: HEADER, written: 'x-auth-request-scopes', presence: inMode('mtls', 'optional', 'refused'), absence: 'harmless', emission: 'by-props',
    place: 'environment', fedBy: 'what the gate writes', refused: ['authorization', ''], local: [], rows: ['TG-39'],
  }),
  tgefd('ROLE_CLAIM', {
    typed: '– (ROLES_CLAIM is written instead)', form: CLAIM, right: 'role', presence: 'optional', absence: 'harmless', emission: 'never', place: 'environment', fedBy: 'nobody',
    refused: ['custom:role', ''], local: [], rows: ['TG-40'],
  }),
  tgefd('ROLES_CLAIM', {
    typed: 'auth … rolesClaim: string', form: CLAIM, right: 'cognito:groups', presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'environment',
    fedBy: 'prop → gate and Core; cognito:groups with groups of people', refused: ['custom:roles', ''], local: [], rows: ['TG-41'],
  }),
  tgefd('MTLS_ROLE_HEADER', {
    typed: '– (certificates name no roles at the gate)', form: HEADER, right: 'x-auth-request-roles', presence: inMode('mtls', 'optional', 'refused'), absence: 'harmless', emission: 'never',
    place: 'environment', fedBy: 'nobody', refused: ['authorization', ''], local: [], rows: ['TG-42'],
  }),
  tgefd('API_KEY_SCOPES', {
    typed: '– (the mode takes no keys)', form: SCOPES, documented: '*', written: 'metrics', presence: 'required', absence: 'unsafe', emission: 'always', place: 'environment',
    fedBy: 'literal: the least scope, ${TGEFD_SCOPE_METRICS} (C-10)', refused: ['*', 'discover,evaluate', ''], local: ['*'], rows: ['TG-43'],
  }),
  tgefd('ROLE_ADMIN_SCOPES', {
    typed: 'roles: TgefdRoles (admin)', form: SCOPES, documented: '*', written: 'discover evaluate jobs metrics', presence: 'required', absence: 'unsafe', emission: 'always',
    place: 'environment', fedBy: 'literal: the four scopes as tokens spell them (C-10)', refused: ['*', 'admin', 'discover,evaluate', ''], local: ['*'], rows: ['TG-44'],
  }),
  tgefd('ROLE_ANALYST_SCOPES', {
    typed: 'roles: TgefdRoles (analyst)', form: SCOPES, documented: 'discover evaluate jobs metrics', written: 'discover evaluate jobs metrics', presence: 'optional', absence: 'harmless',
    emission: 'always', place: 'environment', fedBy: 'prop → gate roles and Core', refused: ['*', 'everything', 'discover, jobs'], local: [], rows: ['TG-45'],
  }),
  tgefd('ROLE_READER_SCOPES', {
    typed: 'roles: TgefdRoles (reader)', form: SCOPES, documented: 'metrics jobs', written: 'metrics jobs', presence: 'optional', absence: 'harmless', emission: 'always',
    place: 'environment', fedBy: 'prop → gate roles and Core', refused: ['*', 'discover', 'metrics evaluate'], local: [], rows: ['TG-46'],
  }),
  tgefd('IDENTITY_HEADER', {
    typed: 'identityHeader: string (gate.identityHeader)', form: HEADER, written: 'x-auth-request-user', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'prop → gate and Core, one value (C-07)', refused: ['authorization', 'x_user', ''], local: [], rows: ['TG-50', 'TG-55', 'TG-49'],
  }),
  tgefd('HEAVY_RATE_LIMIT_PER_MINUTE', {
    typed: 'ratePlan: RatePlan (heavyPerMinute)', form: whole(1, 600), written: '60', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'RatePlan → gate and Core', refused: ['0', '601'], local: [], rows: ['TG-56'],
  }),
  tgefd('HEAVY_BURST_LIMIT', {
    typed: 'ratePlan: RatePlan (heavyBurst)', form: whole(1, 600), written: '10', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'RatePlan → gate and Core', refused: ['0', '601'], local: [], rows: ['TG-57'],
  }),
];
