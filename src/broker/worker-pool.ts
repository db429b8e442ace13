import { Duration, Names, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { checkGiven } from '../check-given';
import { checkKinds, having, instance, type Kind, type Kinds, listOf, text } from '../check-kinds';
import { checkContainer, MAX_TASKS } from '../core/container-checks';
import { CoreImage } from '../core/core-image';
import { hardenedContainer, hardenedTask } from '../core/hardened-container';
import { checkCluster, hardenedService } from '../core/hardened-service';
import { checkPlainEnvironment } from '../core/plain-environment';
import { rollService } from '../core/roll-service';
import { type Told, toldOnce } from '../core/told-variables';
import { warnOfEmpty } from '../core/warn-of-empty';
import { CORE_KINDS } from '../core-kinds';
import { letResolve } from '../data/let-resolve';
import { RedisUser } from '../data/redis-user';
import { invalidProp } from '../invalid-prop';
import { checkSameRegion } from '../same-region';
import { Rollout } from '../secrets/rollout';
import { RotationRollout } from '../secrets/rotation-rollout';
import { Size, SIZING } from '../size';
import { isWhole } from '../whole-number';
import { brokerAlarm } from './broker-alarms';
import { BROKER_URL_VARIABLE, SHARED_KEY_VARIABLE, WORKER_ID_PREFIX_VARIABLE } from './contract';
import { CredentialBroker } from './credential-broker';
import { letReachDevices } from './device-network';
import type { WorkerPoolProps } from './worker-pool-props';
import { letStart } from './worker-start';

export type { WorkerPoolProps };

const DEFAULT_CPU = 256;

/** Of the 64 characters of a worker's id, a hyphen and the id of its task, 32 hexadecimal digits, take 33. */
const PREFIX_LENGTH = 31;

/** What would be read where the broker gives nothing (C-16, TS-35). */
const CREDENTIAL_FILE = /CREDENTIAL_FILE$/i;

const REQUIRED = {
  broker: 'Name the CredentialBroker that they check credentials out of.',
  network: 'Name the network that they run in, such as that of the broker.',
  image: 'Name what they run: CoreImage.fromEcr(…) or CoreImage.fromUri(…).',
  healthCheckCommand: 'Begin with CMD or CMD-SHELL, and name a command of the image that fails once the worker does not work any more.',
  audit: 'Name the AuditTrail that takes their log.',
} as const satisfies Partial<Record<keyof WorkerPoolProps, string>>;

const { alarmTopic: ALARM_TOPIC, cluster: CLUSTER, size: SIZE } = CORE_KINDS;
const NUMBER: Kind = { isRight: (value) => typeof value === 'number', todo: 'Name a number, or leave it out.' };
const PROPS: Kinds<WorkerPoolProps> = {
  broker: instance(CredentialBroker, REQUIRED.broker),
  network: having('vpc', REQUIRED.network),
  image: instance(CoreImage, REQUIRED.image),
  healthCheckCommand: listOf(text(REQUIRED.healthCheckCommand)),
  audit: having('hot', REQUIRED.audit),
  queue: instance(RedisUser, 'Name what redis.addUser(…) returns.'),
  rollout: instance(RotationRollout, 'Name a RotationRollout, such as core.rollout, or leave it out.'),
  cpu: NUMBER, memoryLimitMiB: NUMBER, alarmTopic: ALARM_TOPIC, cluster: CLUSTER, size: SIZE,
};

const HEALTH = { interval: Duration.seconds(30), timeout: Duration.seconds(5), retries: 3, startPeriod: Duration.minutes(1) };

/**
 * Workers on AWS Fargate that hold no credentials of devices: each checks out what its job names, and has it for as long as its lease lasts (WCC-4, WCC-5).
 *
 * They run in the core tier, in a group of their own, and reach the broker, the queue and the devices that were named. Beside these, their network interface leads to the
 * network's endpoints of AWS services, since AWS Fargate starts a task through it: their role may do nothing there. A public server is not reached even where the core tier
 * has a way to some.
 *
 * They log in to the broker by the key that all workers share, or join by their task's identity, as its phase says.
 */
export class WorkerPool extends Construct implements ec2.IConnectable {
  /** The service, for metrics and events. */
  public readonly service: ecs.IBaseService;

  /** Who they act as. It may do nothing, and should stay so: what a worker may read without the broker, it has without a job. */
  public readonly role: iam.IRole;

  /** On fewer workers than there should be. */
  public readonly alarms: cloudwatch.IAlarm[];

  /** What replaces them when a key or password that they hold is renewed; nothing where each was rolled out already, or none is renewed. */
  public readonly rollout?: RotationRollout;

  public readonly connections: ec2.Connections;

  public constructor(scope: Construct, id: string, props: WorkerPoolProps) {
    super(scope, id);
    checkGiven(this, props, REQUIRED);
    checkKinds(this, props, PROPS);
    const { broker, network, image, healthCheckCommand, audit, queue, devices = [], user, environment = {}, cluster, alarmTopic, size = Size.PRODUCTION } = props;
    checkSameRegion(this, 'audit', audit.hot.env.region);
    checkCluster(this, 'cluster', cluster, network);
    const { cpu = DEFAULT_CPU, workers = size === Size.DEV ? 1 : 2 } = props;
    const { memoryLimitMiB = 2 * cpu } = props;
    checkContainer(this, { user, cpu, memoryLimitMiB, environment }, '');
    this.check(props);
    const prefix = Names.uniqueResourceName(this, { maxLength: PREFIX_LENGTH, separator: '-' });
    const known = this.tell(props, prefix);
    const task = hardenedTask(this, { cpu, memoryLimitMiB });
    answerAwsSolutions(task, 'ECS2', 'What workers may show everybody; what is secret comes by reference or from the broker, and rules SEC-1 and SEC-2 look at every value.');
    hardenedContainer(this, task, 'Worker', {
      image,
      user,
      cpu,
      memoryLimitMiB,
      environment: known.environment,
      secrets: known.secrets,
      healthCheck: { command: healthCheckCommand, ...HEALTH },
      logGroup: audit.hot,
      streamPrefix: 'worker',
    });
    const service = hardenedService(this, task, { network, description: 'Workers', cluster, desiredCount: workers });
    this.service = service;
    this.role = task.taskRole;
    this.connections = service.connections;
    letStart(this, network, service, task.obtainExecutionRole(), devices);
    broker.grantConnect(this);
    letResolve(network, broker.url.replace('https://', ''));
    queue?._connect({ _network: network, allowTo: (other, port) => { service.connections.allowTo(other, port, 'Workers'); } });
    letReachDevices(this, service, devices);
    broker._enlist({ service, role: task.taskRole, prefix });
    const held = Object.values(known.secrets);
    warnOfEmpty(this, held);
    this.rollout = rollService(this, {
      service,
      held,
      choice: Rollout.automatic(),
      rollout: props.rollout,
      removalPolicy: SIZING[size].removalPolicy,
      alarmTopic,
    });
    this.alarms = [this.watch(workers, alarmTopic)];
  }

  /** How many run, as the cluster's container insights tell it once a minute. */
  public metricRunning(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: 'RunningTaskCount',
      dimensionsMap: { ClusterName: this.service.cluster.clusterName, ServiceName: this.service.serviceName },
      period: Duration.minutes(1),
      statistic: cloudwatch.Stats.MAXIMUM,
      ...props,
    });
  }

  private check(props: WorkerPoolProps): void {
    const { broker, healthCheckCommand, workers = 1, environment = {} } = props;
    if (broker._phase === 'per-worker-keys' && !broker._takesTasks) {
      throw invalidProp(this, 'broker', 'one that workers join by token alone', 'Add WorkerJoin.task() to the joins of its phase: a token is good once, and all tasks of a service are told the same.');
    }
    if (healthCheckCommand.length < 2 || !['CMD', 'CMD-SHELL'].includes(healthCheckCommand[0] ?? '')) {
      throw invalidProp(this, 'healthCheckCommand', healthCheckCommand, REQUIRED.healthCheckCommand);
    }
    if (Token.isUnresolved(workers) || !isWhole(workers, 1, MAX_TASKS)) throw invalidProp(this, 'workers', workers, `Name a whole number from 1 to ${MAX_TASKS}.`);
    const file = Object.keys(environment).find((name) => CREDENTIAL_FILE.test(name));
    if (file !== undefined) throw invalidProp(this, `environment.${file}`, 'a way around the broker', 'Leave it out: a worker that gets no credential from the broker has none.');
    checkPlainEnvironment(this, environment, 'environment', 'keep the value in a secret store, and have the broker give it out.');
  }

  /** What each of them is told; what they sign with while all share a key, and nothing secret beside that and the queue's password. */
  private tell({ broker, queue, environment }: WorkerPoolProps, prefix: string): Told {
    return toldOnce(this, [
      { source: 'environment', environment },
      { source: 'queue', environment: queue?.environment, secrets: queue?.secrets },
      {
        source: 'broker',
        environment: { [BROKER_URL_VARIABLE]: broker.url, [WORKER_ID_PREFIX_VARIABLE]: prefix },
        secrets: broker.workerKey && { [SHARED_KEY_VARIABLE]: broker.workerKey.current },
      },
    ], 'leave it out there, since the pool tells it.');
  }

  private watch(workers: number, alarmTopic: ITopic | undefined): cloudwatch.Alarm {
    const missing = new cloudwatch.MathExpression({
      expression: `${workers} - FILL(running, 0)`, usingMetrics: { running: this.metricRunning() }, period: Duration.minutes(1), label: 'Workers too few',
    });
    const alarm = brokerAlarm(this, 'WorkersGone', missing, alarmTopic);
    // Before there are tasks, silence means nothing.
    alarm.node.addDependency(this.service);
    return alarm;
  }
}
