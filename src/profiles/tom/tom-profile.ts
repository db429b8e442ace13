import type { Construct } from 'constructs';
import { GateProof } from '../../authorizer/gate-proof';
import { PassedProof } from '../../gate/passed-proof';
import { invalidProp } from '../../invalid-prop';
import { RotatingSecret } from '../../secrets/rotating-secret';
import { SecretKind } from '../../secrets/secret-kind';
import { SIZING } from '../../size';
import { checkGiven } from '../check-given';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { checkCredentials, DeviceCredentials } from './device-credentials';
import { checkReserved } from './reserved-paths';
import type { TomProfileProps } from './tom-props';
import { tomQueue } from './tom-queue';
import { WorkerPhase } from './worker-phase';

export type { TomProfileProps };

/** The document names none (ours). */
const PORT = 8000;
const DEFAULT_HEADER = 'X-API-Key';
const DEFAULT_PREFIX = 'tom_';

const REQUIRED = {
  apiKeys: 'Name the secret that holds callers\' keys as a JSON array of key:user, such as ecs.Secret.fromSecretsManager(…).',
  edge: 'Name what callers show beside their key: Authorizer.jwt(…), Authorizer.cognito(…) or Authorizer.mtls(…).',
  routes: 'Declare what is forwarded, such as [Route.subtree(\'/api\', { access: Access.authenticated() })].',
} as const satisfies Partial<Record<keyof TomProfileProps, string>>;

/** @internal */
export function tomPlan(props: TomProfileProps): ProfilePlan {
  return {
    name: 'tom',
    port: PORT,
    needs: (scope) => needsOf(scope, props),
    bind: (scope, context) => partsOf(scope, props, context),
  };
}

function needsOf(scope: Construct, props: TomProfileProps): ProfileNeeds {
  checkGiven(scope, props, REQUIRED);
  const { edge, routes, apiKeyHeader: header = DEFAULT_HEADER, keyPrefix: prefix = DEFAULT_PREFIX, credentials = [] } = props;
  if (edge._isGateOnly) throw invalidProp(scope, 'profile.edge', 'Authorizer.gateOnly', 'Name a proof that the load balancer asks for: a key rides beside it, and never alone (C-03).');
  checkReserved(scope, routes);
  checkCredentials(scope, credentials);
  return { authorizer: edge.withGateProof(GateProof.apiKeys({ header, prefix })), routes };
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
