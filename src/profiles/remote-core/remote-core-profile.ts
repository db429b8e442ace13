import type { Construct } from 'constructs';
import { Authorizer } from '../../authorizer/authorizer';
import type { HttpsOrigin } from '../../gate/https-origin';
import { type Route, ROUTE } from '../../ingress/route';
import { instance, listOf, options } from '../../check-kinds';
import { invalidProp } from '../../invalid-prop';
import type { IProviderKey } from '../../secrets/provider-key';
import { checkPages, corsOf } from '../pages';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { hostsOf, PROVIDER_KEYS, secretsOf } from '../provider-keys';
import { BaseUrl } from './base-url';

/** What a Core needs that a platform calls for its users: its document names neither a path nor a variable. */
export interface RemoteCoreProfileProps {
  /** Who a caller must prove to be: by a token, by a client certificate, or both (RC-10, RC-11, RC-12). */
  readonly authorizer: Authorizer;

  /** What is forwarded, each with who may use it (RC-26, RC-28). */
  readonly routes: Route[];

  /**
   * Keys of providers whose models it asks (RC-16, RC-17): each is filled in from AWS Secrets Manager, and the hosts of its provider are let through. Name the hosts of
   * issuers that `LlmProvider` does not know in `egress`.
   *
   * @default - none, and no way to the internet (RC-15)
   */
  readonly providerKeys?: IProviderKey[];

  /**
   * Scopes by role, for routes that ask for either and callers whose tokens name roles (AZN-3).
   *
   * @default - roles stand for no scopes, and a route that asks for one is refused
   */
  readonly roles?: { readonly [role: string]: string[] };

  /**
   * Which pages may call from a browser (C-23).
   *
   * @default - none
   */
  readonly corsOrigins?: HttpsOrigin[];
}

const REQUIRED = {
  authorizer: 'Name who a caller must prove to be: Authorizer.jwt(…), Authorizer.cognito(…) or Authorizer.mtls(…).',
  routes: 'Declare what is forwarded, such as [Route.post(\'/v1/evaluate\', { access: Access.scope(\'core/evaluate\') })].',
} as const satisfies Partial<Record<keyof RemoteCoreProfileProps, string>>;

const KINDS: ProfilePlan<RemoteCoreProfileProps>['kinds'] = {
  authorizer: instance(Authorizer, REQUIRED.authorizer),
  routes: listOf({ ...ROUTE, todo: REQUIRED.routes }),
  providerKeys: PROVIDER_KEYS,
  roles: options('Name roles and their scopes, such as { analyst: [\'core/evaluate\'] }, or leave it out.'),
};

function needsOf(scope: Construct, props: RemoteCoreProfileProps): ProfileNeeds {
  const { authorizer, routes, corsOrigins, providerKeys = [] } = props;
  if (routes.length === 0) throw invalidProp(scope, 'profile.routes', routes, REQUIRED.routes);
  checkPages(scope, corsOrigins);
  const names = providerKeys.map(({ variable }) => variable);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidProp(scope, 'profile.providerKeys', twice, 'Two keys are for that variable: give one.');
  return { authorizer, routes, egress: hostsOf(providerKeys) };
}

function partsOf(parent: Construct, { providerKeys = [], corsOrigins, roles }: RemoteCoreProfileProps, context: ProfileContext): ProfileParts {
  const { parameter } = new BaseUrl(parent, 'BaseUrl', context);
  return {
    environment: {},
    secrets: secretsOf(providerKeys),
    stores: [],
    gate: { roles, ...corsOf(corsOrigins) },
    choices: [],
    constructs: { baseUrl: parameter },
  };
}

/** @internal */
export const remoteCorePlan: ProfilePlan<RemoteCoreProfileProps> = { name: 'remote-core', required: REQUIRED, kinds: KINDS, needs: needsOf, bind: partsOf };
