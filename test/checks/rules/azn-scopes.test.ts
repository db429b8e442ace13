import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnUserPool, CfnUserPoolClient, CfnUserPoolResourceServer, OAuthScope, ResourceServerScope, UserPool } from 'aws-cdk-lib/aws-cognito';
import { configurationCases, variableCases } from '../../support/configured-cases';
import { GATE, withIdentity, withToken } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const SCOPES = { TGEFD_SCOPE_DISCOVER: 'core/discover', TGEFD_SCOPE_EVALUATE: 'core/evaluate', TGEFD_SCOPE_METRICS: 'core/metrics', TGEFD_SCOPE_JOBS: 'core/jobs' };
const ON = { TGEFD_RBAC_ENABLED: 'true' };

describeRule('AZN-2.rbac', variableCases({
  compliant: { 'four scopes': { ...ON, ...SCOPES }, 'another app': { ACME_RBAC_ENABLED: 'true' } },
  violating: {
    'off': [{ TGEFD_RBAC_ENABLED: 'false' }, /TGEFD_RBAC_ENABLED leaves every caller every right unless it is exactly true/, 'error'],
    'on in other letters': [{ TGEFD_RBAC_ENABLED: 'True' }, /exactly true/],
    'not set': [{ TGEFD_AUTH_MODE: 'jwt' }, /does not set TGEFD_RBAC_ENABLED/],
    'three scopes': [{ ...ON, ...SCOPES, TGEFD_SCOPE_JOBS: '' }, /no scope for JOBS/],
    'one scope twice': [{ ...ON, ...SCOPES, TGEFD_SCOPE_JOBS: 'core/metrics' }, /one scope for two of/],
  },
  open: ['TGEFD_RBAC_ENABLED'],
}));

describeRule('AZN-3.role-variables', variableCases({
  compliant: { 'a reader of metrics': { TGEFD_ROLE_READER_SCOPES: 'metrics jobs' }, 'declared scopes': { ...SCOPES, TGEFD_ROLE_ANALYST_SCOPES: 'core/discover core/evaluate core/jobs core/metrics' } },
  violating: {
    'a reader who evaluates': [{ TGEFD_ROLE_READER_SCOPES: 'metrics evaluate' }, /TGEFD_ROLE_READER_SCOPES may do evaluate/, 'error'],
    'a reader who evaluates by another name': [{ TGEFD_SCOPE_EVALUATE: 'core/run', TGEFD_ROLE_READER_SCOPES: 'core/run' }, /may do core\/run/],
    'a reader of a resource server': [{ ROLE_VIEWER_SCOPES: 'core/discover' }, /may do core\/discover/],
    'a scope of nobody': [{ ...SCOPES, TGEFD_ROLE_ANALYST_SCOPES: 'core/discover core/delete' }, /grants core\/delete, which is none of the scopes/],
  },
  open: ['TGEFD_ROLE_READER_SCOPES'],
  notApplicable: { 'a role where no scope is declared': { TGEFD_ROLE_ANALYST_SCOPES: 'discover evaluate' } },
}));

const roles = (granted: Readonly<Record<string, readonly string[]>>): { policy: typeof GATE.policy } => ({ policy: { ...GATE.policy, roles: granted } });

describeRule('AZN-3.gate-roles', configurationCases({
  compliant: { 'an analyst who evaluates': roles({ analyst: ['core/evaluate'] }) },
  violating: {
    'a reader who evaluates': [roles({ reader: ['core/metrics', 'core/evaluate'] }), /role reader may do core\/evaluate/, 'error'],
    'a viewer who discovers': [roles({ viewer: ['discover'] }), /role viewer/],
  },
  open: '"core/metrics"]',
  notApplicable: { 'a gate without roles': roles({}) },
}));

describeRule('AZN-4.no-wildcard-variables', variableCases({
  compliant: { 'scopes that are written out': { TGEFD_ROLE_ADMIN_SCOPES: 'discover evaluate jobs metrics' }, 'no scope': { TGEFD_API_KEY_SCOPES: '' } },
  violating: {
    'everything for keys': [{ TGEFD_API_KEY_SCOPES: '*' }, /TGEFD_API_KEY_SCOPES grants \*: whatever scope there will be/, 'error'],
    'everything for administrators': [{ TGEFD_ROLE_ADMIN_SCOPES: 'metrics *' }, /TGEFD_ROLE_ADMIN_SCOPES grants \*/],
    'everything of a server': [{ ACME_DEFAULT_SCOPES: 'core/*' }, /grants core\/\*/],
  },
  open: ['TGEFD_API_KEY_SCOPES'],
}));

describeRule('AZN-4.no-wildcard-gate', configurationCases({
  violating: {
    'everything for a role': [roles({ admin: ['*'] }), /"admin" in the gate grants \*/, 'error'],
    'everything for a certificate': [withIdentity({ certificate: { subjectHeader: 'x', scopes: { 'CN=a.b': ['core/*'] } } }), /"CN=a\.b" in the gate grants core\/\*/],
  },
  open: '"core/metrics"]',
  notApplicable: { 'a gate that grants nothing by role': roles({}) },
}));

describeRule('AZN-5.gate-claims', configurationCases({
  compliant: { 'groups of Cognito': withToken({ rolesClaim: 'cognito:groups' }), 'scp': withToken({ scopesClaim: 'scp' }) },
  violating: {
    'scopes that users write': [withToken({ scopesClaim: 'custom:scopes' as 'scope' }), /takes scopes from "custom:scopes"/, 'error'],
    'roles that users write': [withToken({ rolesClaim: 'custom:role' }), /takes roles from "custom:role", which users may write/],
    'roles from nowhere': [withToken({ rolesClaim: '' }), /takes roles from ""/],
  },
  open: '"scope","keys',
  notApplicable: { 'a gate that takes no tokens': withIdentity({ tokens: [] }) },
}));

describeRule('AZN-5.claim-variables', variableCases({
  compliant: {
    'claims of the issuer': { TGEFD_JWT_SCOPES_CLAIM: 'scope', TGEFD_ROLES_CLAIM: 'cognito:groups' },
    'a header about certificates': { TGEFD_AUTH_MODE: 'mtls', TGEFD_MTLS_SCOPES_HEADER: 'x-scopes' },
    'commas': { GATEWAY_API_KEY_SCOPES: 'chat,completions,embeddings' },
  },
  violating: {
    'scopes that users write': [{ TGEFD_JWT_SCOPES_CLAIM: 'custom:scopes' }, /TGEFD_JWT_SCOPES_CLAIM takes scopes from "custom:scopes"/, 'error'],
    'roles that users write': [{ TGEFD_ROLE_CLAIM: 'custom:role' }, /TGEFD_ROLE_CLAIM takes roles from "custom:role"/],
    'two claims for roles': [{ TGEFD_ROLE_CLAIM: 'role', TGEFD_ROLES_CLAIM: 'roles' }, /names two claims for roles/],
    'a header about certificates without any': [{ TGEFD_AUTH_MODE: 'jwt', TGEFD_MTLS_ROLE_HEADER: 'x-roles' }, /TGEFD_MTLS_ROLE_HEADER is believed though no certificate is asked for/],
    'such a header without a mode': [{ TGEFD_MTLS_SCOPES_HEADER: 'x-scopes' }, /no certificate is asked for/],
    'commas and blanks': [{ GATEWAY_API_KEY_SCOPES: 'chat, completions' }, /mixes commas and blanks/],
    'a comma at the end': [{ GATEWAY_API_KEY_SCOPES: 'chat,' }, /one too many/],
  },
  open: ['TGEFD_JWT_SCOPES_CLAIM'],
}));

type Client = Partial<ConstructorParameters<typeof CfnUserPoolClient>[2]>;

/** A client of a pool with a server of two scopes. */
function client(stack: Stack, allowedOAuthScopes: string[] | undefined, props: Client = {}, scopes = ['invoke', 'admin']): CfnUserPoolClient {
  const pool = new CfnUserPool(stack, 'Pool');
  new CfnUserPoolResourceServer(stack, 'Server', { userPoolId: pool.ref, identifier: 'core', name: 'core', scopes: scopes.map((scopeName) => ({ scopeName, scopeDescription: scopeName })) });
  return new CfnUserPoolClient(stack, 'Client', { userPoolId: pool.ref, allowedOAuthScopes, ...props });
}

/** The same as the CDK makes it, where clients name the server by reference. */
function cdkClient(stack: Stack, ...names: string[]): void {
  const pool = new UserPool(stack, 'Pool');
  const all = ['invoke', 'admin'].map((scopeName) => new ResourceServerScope({ scopeName, scopeDescription: scopeName }));
  const server = pool.addResourceServer('Server', { identifier: 'core', scopes: all });
  pool.addClient('Client', { oAuth: { scopes: all.filter(({ scopeName }) => names.includes(scopeName)).map((scope) => OAuthScope.resourceServer(server, scope)) } });
}

const raw = (stack: Stack, scopes: string[]): void => {
  new CfnUserPoolResourceServer(stack, 'Server', { userPoolId: 'pool', identifier: 'core', name: 'core', scopes: ['invoke', 'admin'].map((scopeName) => ({ scopeName, scopeDescription: '' })) });
  new CfnResource(stack, 'Client', { type: 'AWS::Cognito::UserPoolClient', properties: { UserPoolId: 'pool', AllowedOAuthScopes: scopes } });
};

describeRule('AZN-4.no-wildcard-client', {
  compliant: { 'scopes that are written out': (stack) => client(stack, ['core/invoke']) },
  violating: { 'everything': { build: (stack) => client(stack, ['core/*']), message: /may ask for core\/\*/, severity: 'error' } },
  override: { build: (stack) => client(stack, ['core/invoke']).addPropertyOverride('AllowedOAuthScopes', ['*']), message: /may ask for \*/ },
  raw: { build: (stack) => raw(stack, ['*']), message: /may ask for \*/ },
  undecidable: (stack) => client(stack, ['core/invoke']).addPropertyOverride('AllowedOAuthScopes', deployTimeValue(stack)),
  notApplicable: { 'a client that asks for no scope': (stack) => client(stack, undefined) },
});

const EVERYTHING = /may ask for every scope of \w+: whoever has its secret may do everything/;

describeRule('AZN-6.least-scope', {
  compliant: {
    'one of two scopes': (stack) => client(stack, ['core/invoke', 'openid']),
    'the only scope': (stack) => client(stack, ['core/invoke'], {}, ['invoke']),
    'one of two, as the CDK makes it': (stack) => cdkClient(stack, 'invoke'),
  },
  violating: {
    'both scopes': { build: (stack) => client(stack, ['core/invoke', 'core/admin']), message: EVERYTHING, severity: 'warning' },
    'both, as the CDK makes it': { build: (stack) => cdkClient(stack, 'invoke', 'admin'), message: EVERYTHING },
  },
  override: { build: (stack) => client(stack, ['core/invoke']).addPropertyOverride('AllowedOAuthScopes.1', 'core/admin'), message: EVERYTHING },
  raw: { build: (stack) => raw(stack, ['core/invoke', 'core/admin']), message: EVERYTHING },
  undecidable: (stack) => client(stack, ['core/invoke']).addPropertyOverride('AllowedOAuthScopes', deployTimeValue(stack)),
  notApplicable: {
    'a client of another pool': (stack) => client(stack, ['core/invoke', 'core/admin'], { userPoolId: 'elsewhere' }),
    'a client that asks for no scope': (stack) => client(stack, undefined),
  },
});
