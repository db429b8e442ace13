import { Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Gate } from '../gate/gate';
import { answerAwsSolutions } from '../aws-solutions';
import type { IPrivateNetwork } from '../network/private-network';
import { checkSameRegion } from '../same-region';
import { Rollout } from '../secrets/rollout';
import type { RotationRollout } from '../secrets/rotation-rollout';
import { Size, SIZING } from '../size';
import { Authorities, AUTHORITIES_TAKE } from './authorities';
import { checkContainer, checkedTasks, checkedTaskSize } from './container-checks';
import type { CoreServiceProps } from './core-service-props';
import type { Resources } from './fargate-sizes';
import { hardenedContainer, hardenedTask } from './hardened-container';
import { checkCluster, hardenedService } from './hardened-service';
import { checkMasked } from './masked-keys';
import { rollService } from './roll-service';
import { toldBy } from './told-variables';
import { warnOfEmpty } from './warn-of-empty';

export type { CoreServiceProps };

/** The budget of one caller: 10 requests a second over a minute (CX-27). */
const REQUESTS_PER_TASK = 600;

/** Scaling on requests alone would miss a few that compute for long. */
const CPU_PERCENT = 70;

/** A Fargate service that runs the Core in the core tier behind its gate, reachable through its ingress only (NET-1, NET-2, NET-6). */
export class CoreService extends Construct implements iam.IGrantable {
  /**
   * The service, for metrics and events.
   *
   * As `IBaseService` it cannot be made the target of a second load balancer, which would bypass the authorizer.
   */
  public readonly service: ecs.IBaseService;

  /** Who the container acts as: `bucket.grantRead(service)`. It may do nothing until something grants it. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** Who fills its tasks with secrets when they start: for the policies of keys and secrets that name their readers. */
  public readonly executionRole: iam.IRole;

  /** What decides about every request before the Core sees it. */
  public readonly gate: Gate;

  /** What replaces its tasks when a secret that they hold is renewed: add other services that hold the same one. Nothing where no secret is renewed, or somebody else sees to it. */
  public readonly rollout?: RotationRollout;

  /**
   * What the tasks are filled with from Secrets Manager, the gate included.
   *
   * @internal
   */
  public readonly _held: readonly ecs.Secret[];

  /**
   * Where it runs, for stores whose names its resolver has to answer.
   *
   * @internal
   */
  public readonly _network: IPrivateNetwork;

  private readonly connections: ec2.Connections;
  private readonly definition: ecs.ContainerDefinition;
  private readonly logGroup: ILogGroup;
  private readonly size: Size;
  private authorities?: Authorities;

  public constructor(scope: Construct, id: string, props: CoreServiceProps) {
    super(scope, id);
    const { container, stores = [] } = props;
    const { network } = props.ingress;
    this._network = network;
    checkContainer(this, container);
    checkSameRegion(this, 'audit', props.audit.hot.env.region);
    checkMasked(this, props.audit, props.ingress);
    checkCluster(this, 'cluster', props.cluster, network);
    const size = props.size ?? Size.PRODUCTION;
    this.size = size;
    const { minTasks, maxTasks } = checkedTasks(this, container, SIZING[size]);
    const scales = maxTasks > minTasks;
    const { core, task: resources } = checkedTaskSize(this, container, SIZING[size]);
    const task = hardenedTask(this, resources);
    const told = toldBy(this, container, stores);
    answerAwsSolutions(task, 'ECS2', 'The gate\'s configuration and what the container may show everybody; what is secret comes by reference, and rules SEC-1 and SEC-2 look at every value.');
    const { image, user, writablePaths } = container;
    const definition = hardenedContainer(this, task, 'Core', {
      image,
      user,
      writablePaths,
      cpu: Lazy.number({ produce: () => this.left('cpu', core, resources) }),
      memoryLimitMiB: Lazy.number({ produce: () => this.left('memoryLimitMiB', core, resources) }),
      environment: told.environment,
      secrets: told.secrets,
      logGroup: props.audit.hot,
      streamPrefix: 'core',
    });
    this.gate = new Gate(this, 'Gate', {
      ...props.gate,
      ingress: props.ingress,
      corePort: container.port,
      healthCheckPath: container.healthCheckPath,
      logGroup: props.audit.hot,
      size,
      maxTasks,
      encryptionKey: props.encryptionKey,
      alarmTopic: props.alarmTopic,
    });
    // What depends on another container is stopped before it: the gate lets its callers finish while the Core still answers (Amazon ECS API, ContainerDependency).
    this.gate.addTo(task).addContainerDependencies({ container: definition, condition: ecs.ContainerDependencyCondition.START });
    const service = hardenedService(this, task, {
      network,
      description: 'Core',
      cluster: props.cluster,
      // A number that scaling sets would be set back by every deployment.
      desiredCount: scales ? undefined : minTasks,
    });
    this.connections = service.connections;
    network.allowToAwsServices(service, task.taskRole, task.obtainExecutionRole());
    this.gate.serve(service);
    if (scales) {
      const tasks = service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
      props.ingress.scaleOnRequests(tasks, container.requestsPerTask ?? REQUESTS_PER_TASK);
      tasks.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: CPU_PERCENT });
    }
    this.service = service;
    this.grantPrincipal = task.taskRole;
    this.definition = definition;
    this.logGroup = props.audit.hot;
    for (const store of new Set(stores)) store.grantUse(this);
    // Two containers may call different secrets alike.
    this._held = [...Object.values(told.secrets), ...Object.values(this.gate._secrets)];
    this.executionRole = task.obtainExecutionRole();
    warnOfEmpty(this, this._held);
    this.rollout = rollService(this, {
      service,
      held: this._held,
      choice: props.rollout ?? Rollout.automatic(),
      removalPolicy: SIZING[size].removalPolicy,
      alarmTopic: props.alarmTopic,
    });
  }

  /**
   * Lets the container reach something, such as its database.
   *
   * @param other in the VPC
   * @param port which it listens on
   */
  public allowTo(other: ec2.IConnectable, port: ec2.Port): void {
    this.connections.allowTo(other, port, 'Core');
  }

  /**
   * What Amazon ECS tells of the service; by default the average of five minutes.
   *
   * @param metricName such as `CPUUtilization`
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const dimensionsMap = { ClusterName: this.service.cluster.clusterName, ServiceName: this.service.serviceName };
    return new cloudwatch.Metric({ namespace: 'AWS/ECS', metricName, dimensionsMap, ...props });
  }

  /** Percent of its processors that the tasks use. */
  public metricCpuUtilization(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CPUUtilization', props);
  }

  /** Percent of its memory that the tasks use. */
  public metricMemoryUtilization(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('MemoryUtilization', props);
  }

  /**
   * Puts authorities where the container reads them, before it starts.
   *
   * @internal
   * @param file its name, the same for the same authorities
   * @param content PEM, or AMAZON_RDS
   */
  public _trust(file: string, content: string): void {
    this.authorities ??= new Authorities(this, 'Authorities', { core: this.definition, image: this.gate._image, logGroup: this.logGroup });
    this.authorities.add(file, content);
  }

  /**
   * Says something in the template about what the task runs, where rules and people find it, and the task itself does not.
   *
   * @internal
   */
  public _mark(key: string, value: unknown): void {
    const task = this.definition.taskDefinition.node.defaultChild;
    if (task instanceof ecs.CfnTaskDefinition) task.addMetadata(key, value);
  }

  /** What the Core has of its task, beside the gate and what writes authorities. */
  private left(of: keyof Resources, core: Resources, task: Resources): number {
    if (!this.authorities) return core[of];
    return Math.min(core[of], task[of] - SIZING[this.size].gate[of] - AUTHORITIES_TAKE[of]);
  }
}
