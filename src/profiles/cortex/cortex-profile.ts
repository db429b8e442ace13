import type { Construct } from 'constructs';
import { AdminSession } from '../../authorizer/admin-session';
import { Authorizer } from '../../authorizer/authorizer';
import { GateProof } from '../../authorizer/gate-proof';
import type { HttpsOrigin } from '../../gate/https-origin';
import { PassedProof } from '../../gate/passed-proof';
import type { Route } from '../../ingress/route';
import { invalidProp } from '../../invalid-prop';
import { RotatingSecret } from '../../secrets/rotating-secret';
import { SecretKind } from '../../secrets/secret-kind';
import { SIZING } from '../../size';
import { instance, list, listOf, options, text } from '../../check-kinds';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { cortexLimiter } from './cortex-limiter';
import { CortexModels, type CortexModelsProps } from './cortex-models';
import { cortexRoutes } from './cortex-routes';
import { cortexVariables } from './cortex-variables';

/** What a gateway to language models needs: callers come with API keys, administrators with a login. */
export interface CortexProfileProps {
  /** The pages that may call from a browser, at least one (CX-18): the program admits its own machine's where it is told of none. */
  readonly corsOrigins: HttpsOrigin[];

  /**
   * What callers show to the load balancer beside their key (C-03).
   *
   * @default - nothing: the gate alone asks, so `callers` have to be listed, and a key may come as a bearer token, as SDKs of language models send it
   */
  readonly edge?: Authorizer;

  /**
   * Who may see `/admin` (CX-12), by a login in a cookie of its own: `cortex_session` is the program's.
   *
   * @default - nobody: it is answered 404
   */
  readonly admin?: AdminSession;

  /**
   * Containers of models that it starts and stops itself (CX-57 to CX-60).
   *
   * @default - none
   */
  readonly models?: CortexModelsProps;

  /**
   * What the program may do in the Redis that it counts its callers in (CX-25), by names of commands.
   *
   * @default - what limiters are made of: numbers, sorted sets and hashes, with expiry and scripts
   */
  readonly limiterCommands?: string[];

  /**
   * What is forwarded beside `POST /v1/chat/completions`, `/v1/completions` and `/v1/embeddings`, below `/v1`, each with who may use it (M-30).
   *
   * @default - none
   */
  readonly routes?: Route[];
}

/** CX-05. */
const PORT = 8084;

/** In which the program keeps the login of an administrator (CX-06). */
const OWN_COOKIE = 'cortex_session';

const REQUIRED = {
  corsOrigins: 'Name at least one page that may call, such as [HttpsOrigin.of(\'https://app.acme.com\')]: the program admits origins of its own where it is told of none.',
} as const satisfies Partial<Record<keyof CortexProfileProps, string>>;

const KINDS: ProfilePlan<CortexProfileProps>['kinds'] = {
  corsOrigins: list(REQUIRED.corsOrigins),
  edge: instance(Authorizer, 'Name Authorizer.mtls(…) or another proof that the load balancer asks for, or leave it out.'),
  admin: instance(AdminSession, 'Name AdminSession.cognito(…), or leave it out.'),
  models: options('Name the models that it starts, { containers: […] }, or leave it out.'),
  limiterCommands: listOf(text('List commands of Redis, such as [\'evalsha\'], or leave it out.')),
  routes: list('List routes below /v1, such as [Route.get(\'/v1/models\', { access: Access.authenticated() })], or leave it out.'),
};

function needsOf(scope: Construct, props: CortexProfileProps): ProfileNeeds {
  const { corsOrigins, edge, admin, routes = [] } = props;
  if (corsOrigins.length === 0) throw invalidProp(scope, 'profile.corsOrigins', corsOrigins, REQUIRED.corsOrigins);
  if (edge?._isGateOnly) {
    throw invalidProp(scope, 'profile.edge', 'Authorizer.gateOnly', 'Name a proof that the load balancer asks for, or leave it out: keys alone are what the gate asks for then.');
  }
  if (admin?._cookieName === OWN_COOKIE) throw invalidProp(scope, 'profile.admin.cookieName', OWN_COOKIE, 'The program keeps its own login in that cookie: name another one.');
  const keys = GateProof.apiKeys();
  return { authorizer: edge?.withGateProof(keys) ?? Authorizer.gateOnly(keys), routes: cortexRoutes(scope, routes), ...(admin && { admin }) };
}

function partsOf(parent: Construct, { corsOrigins, limiterCommands, models: modelsProps }: CortexProfileProps, context: ProfileContext): ProfileParts {
  const { network, environment, size, alarmTopic } = context;
  const internalKey = new RotatingSecret(parent, 'InternalKey', { kind: SecretKind.randomValue(), network, environment, alarmTopic, removalPolicy: SIZING[size].removalPolicy });
  const { redis, user } = cortexLimiter(parent, limiterCommands, context);
  const models = modelsProps && new CortexModels(parent, 'Models', { ...modelsProps, network, environment, internalKey });
  return {
    environment: { ...cortexVariables(parent, corsOrigins, context.plan), ...models?._environment },
    secrets: { INTERNAL_VLLM_API_KEY: internalKey.current },
    stores: [user],
    // It knows its callers by their keys, and counts them by those: one key for all would be one budget for all.
    gate: { cors: { origins: corsOrigins }, passes: PassedProof.key('authorization'), redis },
    choices: [],
    constructs: { internalKey },
    ...(models && {
      complete: (core) => {
        models._serve(core);
        return { models };
      },
    }),
  };
}

/** @internal */
export const cortexPlan: ProfilePlan<CortexProfileProps> = { name: 'cortex', port: PORT, required: REQUIRED, kinds: KINDS, needs: needsOf, bind: partsOf };
