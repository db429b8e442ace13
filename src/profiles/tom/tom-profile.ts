import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Authorizer } from '../../authorizer/authorizer';
import { GateProof } from '../../authorizer/gate-proof';
import { isKeyPrefix, KEY_PREFIX_REMEDY, shownPrefix } from '../../authorizer/key-prefix';
import { checkNamed } from '../../broker/device-credential-checks';
import { DeviceCredentials } from '../../broker/device-credentials';
import { JobBinding } from '../../broker/job-binding';
import { LeaseTerms } from '../../broker/lease-terms';
import { checkGiven } from '../../check-given';
import { checkKinds, instance, type Kinds, list, options, text } from '../../check-kinds';
import { isSpokenFor } from '../../gate/headers/contract';
import { PassedProof } from '../../gate/passed-proof';
import { invalidProp } from '../../invalid-prop';
import { RotatingSecret } from '../../secrets/rotating-secret';
import { SecretKind } from '../../secrets/secret-kind';
import { SIZING } from '../../size';
import { checkSecret } from '../check-secret';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { checkReserved } from './reserved-paths';
import { tomBroker } from './tom-broker';
import type { TomBrokerProps, TomProfileProps } from './tom-props';
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
  workers: instance(WorkerPhase, 'Name WorkerPhase.checkout(), WorkerPhase.perWorkerKeys() or WorkerPhase.migration(…).'),
  credentials: list('List credentials of devices, such as [{ id, kind }], or leave it out.'),
  broker: options('Name what gives credentials out, such as { ingress: { domainName, certificate } }, or leave it out.'),
  queue: options('Name options of the queue, such as { commands }, or leave it out.'),
};

function needsOf(scope: Construct, props: TomProfileProps): ProfileNeeds {
  checkTyped(scope, props);
  const { edge, routes, apiKeyHeader: header = DEFAULT_HEADER, keyPrefix: prefix = DEFAULT_PREFIX, credentials = [] } = props;
  if (edge._isGateOnly) throw invalidProp(scope, 'profile.edge', 'Authorizer.gateOnly', 'Name a proof that the load balancer asks for: a key rides beside it, and never alone (C-03).');
  checkKey(scope, header, prefix);
  checkReserved(scope, routes);
  checkNamed(scope, credentials, 'profile.credentials');
  checkBroker(scope, props);
  return { authorizer: edge.withGateProof(GateProof.apiKeys({ header, prefix })), routes };
}

/** For those whose compiler does not tell them. */
function checkTyped(scope: Construct, { apiKeys, routes }: TomProfileProps): void {
  checkSecret(scope, 'profile.apiKeys', apiKeys);
  if (routes.length === 0) throw invalidProp(scope, 'profile.routes', routes, REQUIRED.routes);
}

const BROKER_INGRESS = 'Name the host name that workers reach the broker by, and its certificate: { domainName, certificate }.';
const BROKER: Kinds<TomBrokerProps> = {
  ingress: options(BROKER_INGRESS),
  jobs: instance(JobBinding, 'Name JobBinding.assigned() or JobBinding.firstToClaim(…), or leave it out.'),
  leases: instance(LeaseTerms, 'Name LeaseTerms.of(…), or leave it out.'),
  workers: options('Name workers, such as { image, healthCheckCommand }, or leave them out.'),
};

/** Credentials that nothing gives out would lie there to be read in another way. */
function checkBroker(scope: Construct, { broker, credentials = [], workers }: TomProfileProps): void {
  if (broker === undefined && credentials.length > 0) {
    throw invalidProp(scope, 'profile.broker', broker, 'Name what gives the credentials out, such as { ingress: { domainName, certificate } }: nothing else may read them.');
  }
  if (broker === undefined && workers?._migrates) throw invalidProp(scope, 'profile.broker', broker, 'Name what workers migrate to, such as { ingress: { domainName, certificate } }.');
  if (broker !== undefined && credentials.length === 0) {
    throw invalidProp(scope, 'profile.credentials', credentials, 'Name what the broker gives out, such as { id: \'core-routers\', kind: DeviceCredentialKind.SSH }, or leave the broker out.');
  }
  if (broker === undefined) return;
  checkGiven(scope, broker, { ingress: BROKER_INGRESS }, 'profile.broker.');
  checkKinds(scope, broker, BROKER, 'profile.broker.');
  checkGiven(scope, broker.ingress, { domainName: BROKER_INGRESS, certificate: BROKER_INGRESS }, 'profile.broker.ingress.');
  checkKinds(scope, broker.ingress, { domainName: text(BROKER_INGRESS) }, 'profile.broker.ingress.');
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
  const { apiKeys, workers = WorkerPhase.checkout(), credentials: asked = [], queue = {}, broker: brokerProps } = props;
  workers._check(parent, context);
  const { server, user } = tomQueue(parent, queue, context);
  const workerKey = workers._sharesKey ? workerKeyOf(parent, context) : undefined;
  const credentials = asked.length > 0 ? new DeviceCredentials(parent, 'Credentials', { ...context, credentials: asked }).credentials : [];
  const broker = brokerProps && tomBroker(parent, brokerProps, { phase: workers, credentials, workerKey, queueUser: user }, context);
  return {
    // Required in every phase: what cannot prove itself is refused, and nothing is tried instead (C-16).
    environment: {
      TOM_CORE_AUTH_MODE: 'api_key', TOM_CORE_WORKER_AUTH_REQUIRED: 'true', TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED: 'true', ...workers._environment, ...broker?.environment,
    },
    secrets: { TOM_CORE_API_KEYS: apiKeys, ...(workerKey && { TOM_CORE_WORKER_HMAC_SECRET: workerKey.current }) },
    stores: [user],
    // It looks the caller's key up in its own list, so that it has to be shown it.
    gate: { passes: PassedProof.key() },
    choices: workers._choices,
    constructs: { queue: server, queueUser: user, ...(workerKey && { workerKey }) },
    ...(broker && { complete: broker.complete }),
  };
}

function workerKeyOf(parent: Construct, { network, environment, size, alarmTopic }: ProfileContext): RotatingSecret {
  return new RotatingSecret(parent, 'WorkerKey', { kind: SecretKind.hmacKey(), network, environment, alarmTopic, removalPolicy: SIZING[size].removalPolicy });
}

/** @internal */
export const tomPlan: ProfilePlan<TomProfileProps> = { name: 'tom', required: REQUIRED, kinds: KINDS, needs: needsOf, bind: partsOf };
