import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IAuditTrail } from '../audit/audit-trail';
import type { IIngress } from '../ingress/ingress';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { checkSameRegion } from '../same-region';
import { Size, SIZING } from '../size';
import { checkContainer, checkedTasks } from './container-checks';
import type { CoreImage } from './core-image';

/** The container that is protected. */
export interface CoreContainerProps {
  /** What it runs. */
  readonly image: CoreImage;

  /** The port it listens on, from 1024 to 65535: a program that is not root cannot bind a lower one. */
  readonly port: number;

  /** The path that answers 200 while it is well, such as `/health`. */
  readonly healthCheckPath: string;

  /**
   * The user and group it runs as, both numeric and neither root (CTR-2).
   *
   * @default '1000:1000'
   */
  readonly user?: string;

  /**
   * CPU units, 1024 to a vCPU; Fargate offers 256, 512, 1024, 2048, 4096, 8192 and 16384.
   *
   * @default 512
   */
  readonly cpu?: number;

  /**
   * Memory in MiB, within what Fargate offers for the CPU units. It is a hard limit (CTR-3).
   *
   * @default - twice the CPU units, 1024 for 512
   */
  readonly memoryLimitMiB?: number;

  /**
   * Variables that everybody who can read the task definition may know.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Variables that are filled from Secrets Manager or Parameter Store when a task starts (SEC-1).
   *
   * @default - none
   */
  readonly secrets?: { readonly [name: string]: ecs.Secret };

  /**
   * Folders that the program writes to, each an empty volume of the task; everything else is read-only (CTR-4).
   *
   * Name the folder as a `VOLUME` in the Dockerfile and give it to the user there, or it belongs to root.
   *
   * @default - none
   */
  readonly writablePaths?: string[];

  /**
   * How many copies run at least.
   *
   * @default - what the size says: 1 for Size.DEV, otherwise 2
   */
  readonly minTasks?: number;

  /**
   * How many copies run at most. More than `minTasks` lets their number follow the requests.
   *
   * @default - what the size says: 1 for Size.DEV, 4 for Size.STANDARD, 10 for Size.PRODUCTION; at least `minTasks`
   */
  readonly maxTasks?: number;

  /**
   * Requests a minute that one copy takes before another is started.
   *
   * @default 600 - the budget of one caller at 10 requests a second (CX-27)
   */
  readonly requestsPerTask?: number;
}

/** How to run a Core by itself. */
export interface CoreServiceProps {
  /** What is protected. */
  readonly container: CoreContainerProps;
  /** What its callers come through; it runs in the same network. */
  readonly ingress: IIngress;
  /** Where its log goes. */
  readonly audit: IAuditTrail;

  /**
   * How many copies run unless the container says so itself.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * The cluster it runs in, of the same VPC.
   *
   * @default - a new one with container insights
   */
  readonly cluster?: ecs.ICluster;
}

/** The budget of one caller: 10 requests a second over a minute (CX-27). */
const REQUESTS_PER_TASK = 600;

/** A Fargate service that runs the Core in the core tier, reachable through its ingress only (NET-1, NET-2). */
export class CoreService extends Construct implements iam.IGrantable {
  /**
   * The service, for metrics and events.
   *
   * As `IService` it cannot be made the target of a second load balancer, which would bypass the authorizer.
   */
  public readonly service: ecs.IService;

  /** Who the container acts as: `bucket.grantRead(service)`. It may do nothing until something grants it. */
  public readonly grantPrincipal: iam.IPrincipal;

  private readonly connections: ec2.Connections;

  public constructor(scope: Construct, id: string, props: CoreServiceProps) {
    super(scope, id);
    const { container } = props;
    const { network } = props.ingress;
    checkContainer(this, container);
    checkSameRegion(this, 'audit', props.audit.hot.env.region);
    if (props.cluster && props.cluster.vpc.vpcId !== network.vpc.vpcId) {
      const { vpcId } = props.cluster.vpc;
      throw invalidProp(this, 'cluster', Token.isUnresolved(vpcId) ? 'of another VPC' : `of ${vpcId}`, 'Name a cluster of the network\'s VPC: its tasks run in the network\'s core tier.');
    }
    const { minTasks, maxTasks } = checkedTasks(this, container, SIZING[props.size ?? Size.PRODUCTION]);
    const scales = maxTasks > minTasks;
    const cpu = container.cpu ?? 512;
    const memoryLimitMiB = container.memoryLimitMiB ?? 2 * cpu;
    const task = new ecs.FargateTaskDefinition(this, 'Task', {
      cpu,
      memoryLimitMiB,
      runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.X86_64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    });
    const linuxParameters = new ecs.LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(ecs.Capability.ALL);
    answerAwsSolutions(task.obtainExecutionRole(), 'IAM5[Resource::*]', 'ecr:GetAuthorizationToken takes no resource (Amazon ECR guide); everything else names its repository, log group or secret.');
    const definition = task.addContainer('Core', {
      image: container.image._bind(this),
      cpu,
      memoryLimitMiB,
      user: container.user ?? '1000:1000',
      readonlyRootFilesystem: true,
      privileged: false,
      environment: { ...container.environment },
      secrets: { ...container.secrets },
      linuxParameters,
      portMappings: [{ containerPort: container.port }],
      // The driver's other mode drops lines when CloudWatch is slow, and the account's default may be that mode.
      logging: ecs.LogDrivers.awsLogs({ logGroup: props.audit.hot, streamPrefix: 'core', mode: ecs.AwsLogDriverMode.BLOCKING }),
    });
    for (const [index, containerPath] of (container.writablePaths ?? []).entries()) {
      const name = `Writable${index}`;
      task.addVolume({ name });
      definition.addMountPoints({ containerPath, sourceVolume: name, readOnly: false });
    }
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc, description: 'Core', allowAllOutbound: false });
    const service = new ecs.FargateService(this, 'Service', {
      cluster: props.cluster ?? new ecs.Cluster(this, 'Cluster', { vpc: network.vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
      taskDefinition: task,
      // A number that scaling sets would be set back by every deployment.
      desiredCount: scales ? undefined : minTasks,
      minHealthyPercent: 100,
      circuitBreaker: { enable: true, rollback: true },
      vpcSubnets: network.coreSubnets,
      assignPublicIp: false,
      securityGroups: [group],
      enableExecuteCommand: false,
    });
    this.connections = service.connections;
    network.allowToAwsServices(service, task.taskRole, task.obtainExecutionRole());
    // A task that starts before the endpoints answer cannot pull its image, and the circuit breaker gives up on it.
    service.node.addDependency(network.awsServices);
    props.ingress.forwardTo(service, { port: container.port, healthCheckPath: container.healthCheckPath });
    if (scales) {
      const tasks = service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
      props.ingress.scaleOnRequests(tasks, container.requestsPerTask ?? REQUESTS_PER_TASK);
    }
    this.service = service;
    this.grantPrincipal = task.taskRole;
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
}
