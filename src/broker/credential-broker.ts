import { type RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { saveQueries } from '../audit/insights-queries';
import { invalidProp } from '../invalid-prop';
import type { SecureIngress } from '../ingress/secure-ingress';
import type { RotatingSecret } from '../secrets/rotating-secret';
import { SecretAccess } from '../secrets/secret-access';
import { claimEnvironment } from '../secrets/secret-environment';
import { Size, SIZING } from '../size';
import type { BoundPhase } from './bound-phase';
import { brokerAlarm, brokerAlarms, brokerMetric } from './broker-alarms';
import { checkBroker } from './broker-checks';
import { brokerFunction, namespaceOf } from './broker-function';
import { brokerIngress } from './broker-ingress';
import type { CredentialBrokerProps } from './broker-props';
import { BROKER_TAG, DEFAULTS, type PhaseName } from './contract';
import { JobTable } from './job-table';
import { BROKER_METRICS } from './operations/contract';
import { checkPrefix } from './own-keys';
import { RotationAfterCheckout } from './rotation-after-checkout';
import { StateTable } from './state-table';
import { StoppedTasks, type WorkerTasks } from './stopped-tasks';
import { WORKER_QUERIES } from './worker-queries';
import { WorkerRefusals } from './worker-refusals';

/** What a pool of this library tells its broker. */
export interface EnlistedPool extends WorkerTasks {
  /** What its tasks act as. */
  readonly role: iam.IRole;
}

/**
 * Gives credentials of devices out to workers, one by one, for jobs that name them (WCC-1 to WCC-10): to whoever signs for himself, for a job that is his, for
 * minutes, and with a record of it.
 *
 * It is one function behind an internal load balancer of its own. The orchestrator says in a table whose a job is, and can read nothing; the broker reads that table
 * and cannot write it. No worker may read a credential, a key or a table past it.
 *
 * The end of a lease stops further checkouts and renewals. It does not un-know a password: whoever had it has it until it is changed on the device.
 */
export class CredentialBroker extends Construct {
  /** Where workers find it: `https://<domainName>`. */
  public readonly url: string;

  /** The load balancer in front of it. */
  public readonly ingress: SecureIngress;

  /** Who may have which credential for which job. */
  public readonly jobTable: dynamodb.ITable;

  /** What the broker alone knows. */
  public readonly stateTable: dynamodb.ITable;

  /** On refusals, replays, stores that do not answer, and all else that is told of; and those of its keys. */
  public readonly alarms: cloudwatch.IAlarm[];

  /** What workers sign with who have no key of their own: roll it out to whoever is told it. Nothing where each has its own. */
  public readonly workerKey?: RotatingSecret;

  /**
   * How workers prove who they are.
   *
   * @internal
   */
  public readonly _phase: PhaseName;

  private readonly phase: BoundPhase;
  private readonly jobs: JobTable;
  private readonly state: StateTable;
  private readonly handler: lambda.IFunction;
  private readonly namespace: string;
  private readonly removalPolicy: RemovalPolicy;
  private readonly alarmTopic?: ITopic;
  private readonly log: CredentialBrokerProps['audit'];
  private stopped?: StoppedTasks;

  public constructor(scope: Construct, id: string, props: CredentialBrokerProps) {
    super(scope, id);
    checkBroker(this, props);
    const { network, environment, size = Size.PRODUCTION, encryptionKey, alarmTopic, audit } = props;
    claimEnvironment(this, environment);
    const removalPolicy = props.removalPolicy ?? SIZING[size].removalPolicy;
    this.removalPolicy = removalPolicy;
    this.alarmTopic = alarmTopic;
    this.log = audit;
    this.namespace = namespaceOf(this);
    const host = props.ingress.domainName.toLowerCase();
    this.url = `https://${host}`;
    this.jobs = props.jobTable ?? new JobTable(this, 'Jobs', { encryptionKey, removalPolicy });
    this.state = new StateTable(this, 'State', { encryptionKey, removalPolicy });
    this.jobTable = this.jobs.table;
    this.stateTable = this.state.table;
    this.phase = props.phase._bind({ broker: this, network, environment, size, removalPolicy, alarmTopic });
    this._phase = this.phase.name;
    this.workerKey = this.phase.workerKey;
    const { handler, role } = brokerFunction(this, props, { host, namespace: this.namespace, phase: this.phase, jobs: this.jobs, state: this.state });
    this.handler = handler;
    this.ingress = brokerIngress(this, props, props.requestsPerWorker ?? DEFAULTS.requestsPerMinute);
    this.ingress._forwardToFunction(handler);
    Tags.of(this.ingress).add(BROKER_TAG, this._phase, { includeResourceTypes: [CfnTargetGroup.CFN_RESOURCE_TYPE_NAME] });
    saveQueries(this, audit.hot, WORKER_QUERIES);
    const refusals = new WorkerRefusals(this, 'RefusalsByWorker', audit);
    this.alarms = [
      ...brokerAlarms(this, { namespace: this.namespace, handler, edge: this.ingress.metrics, refusals, migrates: this._phase === 'migration' }, alarmTopic),
      ...this.phase.made.flatMap(({ alarms }) => alarms),
      ...this.rotateAfterCheckout(props),
      ...this.watchReads(props, role),
    ];
  }

  /**
   * Whether tasks may join by their identity.
   *
   * @internal
   */
  public get _takesTasks(): boolean {
    return this.phase.own?.takesTasks ?? false;
  }

  /**
   * Lets a worker connect. It still has to sign whatever it asks, and to be let in by it.
   *
   * @param worker in this VPC or a peered one
   */
  public grantConnect(worker: ec2.IConnectable): void {
    this.ingress.grantInvoke(worker);
  }

  /**
   * Lets the orchestrator say who may have which credential for which job: it puts and deletes single items in the table of jobs, and reads none (M-36).
   *
   * @param orchestrator such as a `CoreService`
   */
  public grantAssignJobs(orchestrator: iam.IGrantable): iam.Grant {
    return this.jobs.grantAssign(orchestrator);
  }

  /**
   * Lets somebody invite, list, revoke and admit workers: he may call the function, and reach no table.
   *
   * @param manager such as a role that people of operations assume; no worker
   */
  public grantManageWorkers(manager: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee: manager, actions: ['lambda:InvokeFunction'], resourceArns: [this.handler.functionArn] });
  }

  /** Credentials that were given out, in five minutes. */
  public metricCheckouts(): cloudwatch.Metric {
    return brokerMetric(this.namespace, BROKER_METRICS.checkouts);
  }

  /** Requests that were answered 401 or 403, in five minutes. */
  public metricRefusals(): cloudwatch.Metric {
    return brokerMetric(this.namespace, BROKER_METRICS.refusals);
  }

  /** Requests that came a second time, in five minutes. */
  public metricReplays(): cloudwatch.Metric {
    return brokerMetric(this.namespace, BROKER_METRICS.replays);
  }

  /** Requests that were answered 503, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return brokerMetric(this.namespace, BROKER_METRICS.failures);
  }

  /**
   * Lets the tasks of a pool join by their identity where workers have keys of their own, and ends their leases when they stop.
   *
   * @internal
   */
  public _enlist(pool: EnlistedPool): void {
    const { own } = this.phase;
    if (Stack.of(pool.service) !== Stack.of(this)) {
      throw invalidProp(this, 'pool', pool.service.node.path, 'It stands in another stack, and the two would need each other: build the pool in the broker\'s stack.');
    }
    checkPrefix(this, 'pool.prefix', pool.prefix);
    if (own?.takesTasks) own.letJoin(pool, 'pool');
    if (!this.stopped) {
      const { log, removalPolicy, state } = this;
      this.stopped = new StoppedTasks(this, 'Stopped', { state, log: log.hot, removalPolicy });
      this.alarms.push(brokerAlarm(this, 'BrokerExitFailures', this.stopped.metricFailures(), this.alarmTopic));
    }
    this.stopped.watch(pool);
  }

  private rotateAfterCheckout({ credentials }: CredentialBrokerProps): cloudwatch.IAlarm[] {
    const rotated = credentials.flatMap(({ _id: id, _store: { secret, after } }) => (secret && after?._rotation ? [{ id, secret, rotation: after._rotation }] : []));
    if (rotated.length === 0) return [];
    const { state, removalPolicy } = this;
    const rotation = new RotationAfterCheckout(this, 'AfterCheckout', { credentials: rotated, state, removalPolicy });
    return [brokerAlarm(this, 'BrokerSweepFailures', rotation.metricFailures(), this.alarmTopic)];
  }

  /** Tells of reads past the broker (SEC-8). A shared key that was there before is its maker's to watch. */
  private watchReads({ credentials, trail, alarmTopic, encryptionKey }: CredentialBrokerProps, reader: iam.IRole): cloudwatch.IAlarm[] {
    const secrets = [...this.phase.made.map(({ secret }) => secret), ...credentials.flatMap(({ _store: { secret } }) => secret ?? [])];
    if (secrets.length === 0) return [];
    return new SecretAccess(this, 'Access', { secrets, readers: [reader], trail, alarmTopic, encryptionKey, removalPolicy: this.removalPolicy }).alarms;
  }
}
