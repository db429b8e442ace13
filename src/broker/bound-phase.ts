import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { checkKinds, instance, type Kinds, options } from '../check-kinds';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { ROLLOUT_EXEMPT_METADATA } from '../secrets/contract';
import { RotatingSecret } from '../secrets/rotating-secret';
import { Rotation } from '../secrets/rotation';
import { checkSameEnvironment } from '../secrets/secret-environment';
import { SecretKind } from '../secrets/secret-kind';
import { Size } from '../size';
import type { SharedKeyOptions, WorkerKeyOptions } from './broker-phase';
import { BOUNDS, migrationEnd, type PhaseConfiguration, type PhaseName, type StatedPhase } from './contract';
import { OwnKeys } from './own-keys';

/** What a phase is bound to. */
export interface PhaseContext {
  readonly broker: Construct;
  readonly network: IPrivateNetwork;
  readonly environment: string;
  readonly size: Size;
  readonly removalPolicy: RemovalPolicy;
  readonly alarmTopic?: ITopic;
}

/** A phase as it was asked for. */
export interface AskedPhase {
  readonly name: PhaseName;
  readonly shared?: SharedKeyOptions;
  readonly own?: WorkerKeyOptions;
  readonly until?: string;
}

/** A phase with its keys. */
export interface BoundPhase {
  readonly name: PhaseName;
  readonly stated: StatedPhase;
  /** What workers sign with who have no key of their own. */
  readonly workerKey?: RotatingSecret;
  readonly own?: OwnKeys;
  /** All that the broker reads. */
  readonly rings: readonly RotatingSecret[];
  /** Of those what was made for it. */
  readonly made: readonly RotatingSecret[];
  /** @param nameOf a ring, as the broker is told */
  readonly configuration: (nameOf: (ring: RotatingSecret) => string) => PhaseConfiguration;
}

const OPTIONS: Kinds<AskedPhase> = {
  shared: options('Name options of the shared key, such as { rotation }, or leave them out.'),
  own: options('Name options of workers\' own keys, such as { keyLife }, or leave them out.'),
};
const SHARED: Kinds<SharedKeyOptions> = {
  key: instance(RotatingSecret, 'Name the RotatingSecret that workers are told, or leave it out.'),
  rotation: instance(Rotation, 'Name Rotation.every(…), or leave it out.'),
};
const DAY_MS = 86_400_000;
const EXEMPT = 'Only the broker holds it, which reads it anew within seconds; no task does.';

const ring = ({ broker, network, environment, removalPolicy, alarmTopic }: PhaseContext, id: string, rotation: Rotation | undefined): RotatingSecret =>
  new RotatingSecret(broker, id, { kind: SecretKind.hmacKey(), network, environment, rotation, removalPolicy, alarmTopic });

/** Makes the keys of a phase. */
export function bindPhase(context: PhaseContext, phase: AskedPhase): BoundPhase {
  const { broker, environment } = context;
  checkKinds(broker, phase, OPTIONS, 'phase.');
  const { name, shared, own: asked, until } = phase;
  if (shared) checkKinds(broker, shared, SHARED, 'phase.');
  const stated: StatedPhase = { phase: name, environment, ...(name === 'migration' && { until: checkedUntil(context, until), writtenOn: new Date().toISOString().slice(0, 10) }) };
  const workerKey = shared && (shared.key ?? ring(context, 'WorkerKey', shared.rotation));
  if (shared?.key) checkSameEnvironment(broker, 'phase.key', shared.key.secret);
  const own = asked && new OwnKeys(broker, asked);
  const master = asked && ring(context, 'OwnKeys', asked.rotation);
  if (master?.secret.node.defaultChild instanceof CfnSecret) master.secret.node.defaultChild.addMetadata(ROLLOUT_EXEMPT_METADATA, EXEMPT);
  return {
    name,
    stated,
    workerKey,
    own,
    rings: [workerKey, master].filter((one) => one !== undefined),
    made: [shared?.key ? undefined : workerKey, master].filter((one) => one !== undefined),
    configuration: (nameOf) => {
      const parts = { ...(workerKey && { shared: { ring: nameOf(workerKey) } }), ...(master && own && { own: { ring: nameOf(master), ...own.configuration() } }) };
      return configured(parts, until);
    },
  };
}

type Parts = { readonly [kind in 'shared' | 'own']?: Extract<PhaseConfiguration, { kind: 'migration' }>[kind] };

function configured({ shared, own }: Parts, until: string | undefined): PhaseConfiguration {
  if (shared && own && until !== undefined) return { kind: 'migration', shared, own, until };
  if (own) return { kind: 'per-worker-keys', own };
  if (shared) return { kind: 'shared-key', shared };
  throw new Error('A phase has keys of one kind at least.');
}

function checkedUntil({ broker, environment, size }: PhaseContext, until: string | undefined): string {
  if (size === Size.PRODUCTION || /^prod/i.test(environment)) {
    throw invalidProp(broker, 'phase', 'BrokerPhase.migration',
      'Size.PRODUCTION and environments that begin with prod have one phase at a time: take BrokerPhase.sharedKey until every worker can join, and perWorkerKeys then.');
  }
  const end = migrationEnd(until ?? '') * 1000;
  const days = (end - Date.now()) / DAY_MS;
  const [, most] = BOUNDS.migrationDays;
  // A day that no month has is read as one of the next.
  const isDay = Number.isFinite(end) && new Date(end).toISOString().startsWith(until ?? '');
  if (until !== undefined && isDay && days > 0 && days <= most) return until;
  throw invalidProp(broker, 'phase.until', until, `Name a day to come, as YYYY-MM-DD, at most ${most} days away.`);
}
