import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { GateOptions } from '../../gate/gate-props';
import { IDENTITY_HEADERS } from '../../gate/contract';
import { isSpokenFor } from '../../gate/headers/contract';
import { toldHeaders } from '../../gate/told-headers';
import { instance, options, text } from '../../check-kinds';
import { invalidProp } from '../../invalid-prop';
import { Egress } from '../../network/egress';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { TgefdAuth, type TgefdProof } from './tgefd-auth';
import type { TgefdProfileProps } from './tgefd-props';
import { roleScopes } from './tgefd-roles';
import { tgefdRoutes } from './tgefd-routes';
import { tgefdVariables } from './tgefd-variables';

export type { TgefdProfileProps } from './tgefd-props';

const REQUIRED = {
  auth: 'Say how callers prove who they are: TgefdAuth.jwt(…), TgefdAuth.cognito(…) or TgefdAuth.mtls(…).',
  routes: 'Name the paths of each operation: { discover: […], evaluate: […], metrics: […], jobs: […] }.',
} as const satisfies Partial<Record<keyof TgefdProfileProps, string>>;

const KINDS: ProfilePlan<TgefdProfileProps>['kinds'] = {
  auth: instance(TgefdAuth, REQUIRED.auth),
  routes: options(REQUIRED.routes),
  identityHeader: text('Name a header, such as x-caller, or leave it out.'),
  roles: options('Name what roles may do, such as { analyst: [TgefdScope.EVALUATE] }, or leave it out.'),
};

function needsOf(scope: Construct, props: TgefdProfileProps): ProfileNeeds {
  const proof = props.auth._proof(scope);
  checkOfTokens(scope, props, proof);
  checkIdentityHeader(scope, props.identityHeader, proof);
  const { authorizer, keysHost } = proof;
  return { authorizer, routes: tgefdRoutes(scope, proof, props.routes), ...(keysHost !== undefined && { egress: Egress.allowDomains([keysHost]) }) };
}

function partsOf(scope: Construct, props: TgefdProfileProps, { plan }: ProfileContext): ProfileParts {
  const { auth, keySetFetch } = props;
  const proof = auth._proof(scope);
  const roles = roleScopes(scope, proof, props.roles);
  const { identityHeader } = toldHeaders(props);
  const gate: GateOptions = { ...proof.gate, identityHeader, keySetFetch, ...(namesRoles(proof) && { roles }) };
  return { environment: tgefdVariables(scope, { proof, roles, identityHeader, keySetFetch, plan }), secrets: {}, stores: [], gate, choices: [], constructs: {} };
}

/** What nothing would ever come of. */
function checkOfTokens(scope: Construct, { roles, keySetFetch }: TgefdProfileProps, proof: TgefdProof): void {
  if (keySetFetch && proof.mode === 'mtls') throw invalidProp(scope, 'profile.keySetFetch', 'given', 'Take it out: certificates are checked without asking anybody for keys.');
  if (roles && !namesRoles(proof)) throw invalidProp(scope, 'profile.roles', 'given', 'No credential names a role: name the claim that does, TgefdAuth.jwt({ rolesClaim }), or take them out.');
}

/** Those that are there to name somebody, and others that no proxy, credential or request gives a meaning. */
function mayNameCallers(name: string): boolean {
  return IDENTITY_HEADERS.includes(name) || name.startsWith('x-auth-request-') || !(isSpokenFor(name) || ['authorization', 'x-api-key'].includes(name));
}

/** A header that carries something else would say that somebody else calls. */
function checkIdentityHeader(scope: Construct, header: string | undefined, { gate: { scopesHeader } }: TgefdProof): void {
  if (header === undefined) return;
  const name = header.toLowerCase();
  if (mayNameCallers(name) && name !== scopesHeader && !Token.isUnresolved(header) && /^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return;
  throw invalidProp(scope, 'profile.identityHeader', header, 'Write out a header that carries nothing else, of letters, digits and hyphens, at most 64, such as x-auth-request-user.');
}

function namesRoles({ authorizer }: TgefdProof): boolean {
  return authorizer._identity.tokens.some(({ rolesClaim }) => rolesClaim !== undefined);
}

/** @internal */
export const tgefdPlan: ProfilePlan<TgefdProfileProps> = { name: 'tgefd', required: REQUIRED, kinds: KINDS, needs: needsOf, bind: partsOf };
