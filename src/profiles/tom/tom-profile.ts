import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Authorizer } from '../../authorizer/authorizer';
import { GateProof } from '../../authorizer/gate-proof';
import { isKeyPrefix, KEY_PREFIX_REMEDY, shownPrefix } from '../../authorizer/key-prefix';
import { isSpokenFor } from '../../gate/headers/contract';
import { PassedProof } from '../../gate/passed-proof';
import { instance, list, options } from '../../check-kinds';
import { invalidProp } from '../../invalid-prop';
import { RotatingSecret } from '../../secrets/rotating-secret';
import { SecretKind } from '../../secrets/secret-kind';
import { SIZING } from '../../size';
import { checkSecret } from '../check-secret';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { checkCredentials, DeviceCredentials } from './device-credentials';
import { checkReserved } from './reserved-paths';
import type { TomProfileProps } from './tom-props';
import { tomQueue } from './tom-queue';
import { WorkerPhase } from './worker-phase';

export type { TomProfileProps };

const DEFAULT_HEADER = 'X-API-Key';
const DEFAULT_PREFIX = 'tom_';

const REQUIRED = {
  apiKeys: 'Name the secret that holds callers\' keys as a JSON array of key:user, such as ecs.Secret.fromSecretsManager(…).',
  edge: 'Name what callers show beside their key: Authorizer.jwt(…), Authorizer.cognito(…) or Authorizer.mtls(…).',
  routes: 'Declare what is forwarded, such as [Route.subtree(\'/api\', { access: Access.authenticated() })].',
} as const satisfies Partial<Record<keyof TomProfileProps, string>>;

const KINDS: ProfilePlan<TomProfileProps>['kinds'] = {
  edge: instance(Authorizer, REQUIRED.edge),
  routes: list(REQUIRED.routes),
  workers: instance(WorkerPhase, 'Name WorkerPhase.checkout() or WorkerPhase.perWorkerKeys().'),
  credentials: list('List credentials of devices, such as [{ id, kind }], or leave it out.'),
  queue: options('Name options of the queue, such as { commands }, or leave it out.'),
};

function needsOf(scope: Construct, props: TomProfileProps): ProfileNeeds {
  checkTyped(scope, props);
  const { edge, routes, apiKeyHeader: header = DEFAULT_HEADER, keyPrefix: prefix = DEFAULT_PREFIX, credentials = [] } = props;
  if (edge._isGateOnly) throw invalidProp(scope, 'profile.edge', 'Authorizer.gateOnly', 'Name a proof that the load balancer asks for: a key rides beside it, and never alone (C-03).');
  checkKey(scope, header, prefix);
  checkReserved(scope, routes);
  checkCredentials(scope, credentials);
  return { authorizer: edge.withGateProof(GateProof.apiKeys({ header, prefix })), routes };
}

/** For those whose compiler does not tell them. */
function checkTyped(scope: Construct, { apiKeys, routes }: TomProfileProps): void {
  checkSecret(scope, 'profile.apiKeys', apiKeys);
  if (routes.length === 0) throw invalidProp(scope, 'profile.routes', routes, REQUIRED.routes);
}

/** By the props that were written; what a key may look like, and what carries it on, the gate would say by its own. */
function checkKey(scope: Construct, header: string, prefix: string): void {
  const isFree = typeof header === 'string' && !Token.isUnresolved(header) && /^[a-z][a-z0-9-]{0,63}$/i.test(header) && !isSpokenFor(header.toLowerCase());
  if (!isFree || header.toLowerCase() === 'authorization') {
    throw invalidProp(scope, 'profile.apiKeyHeader', header, 'Write out a header of letters, digits and hyphens that carries nothing else, at most 64, such as X-API-Key.');
  }
  if (!isKeyPrefix(prefix)) throw invalidProp(scope, 'profile.keyPrefix', shownPrefix(prefix), KEY_PREFIX_REMEDY);
}

function partsOf(parent: Construct, props: TomProfileProps, context: ProfileContext): ProfileParts {
  const { apiKeys, workers = WorkerPhase.checkout(), credentials = [], queue = {} } = props;
  const { server, user } = tomQueue(parent, queue, context);
  const workerKey = workers._sharesKey ? workerKeyOf(parent, context) : undefined;
  if (credentials.length > 0) new DeviceCredentials(parent, 'Credentials', { ...context, credentials });
  return {
    environment: { TOM_CORE_AUTH_MODE: 'api_key', TOM_CORE_WORKER_AUTH_REQUIRED: 'true', TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED: 'true' },
    secrets: { TOM_CORE_API_KEYS: apiKeys, ...(workerKey && { TOM_CORE_WORKER_HMAC_SECRET: workerKey.current }) },
    stores: [user],
    // It looks the caller's key up in its own list, so that it has to be shown it.
    gate: { passes: PassedProof.key() },
    choices: [workers._choice],
    constructs: { queue: server, queueUser: user, ...(workerKey && { workerKey }) },
  };
}

function workerKeyOf(parent: Construct, { network, environment, size, alarmTopic }: ProfileContext): RotatingSecret {
  return new RotatingSecret(parent, 'WorkerKey', { kind: SecretKind.hmacKey(), network, environment, alarmTopic, removalPolicy: SIZING[size].removalPolicy });
}

/** @internal */
export const tomPlan: ProfilePlan<TomProfileProps> = { name: 'tom', required: REQUIRED, kinds: KINDS, needs: needsOf, bind: partsOf };
