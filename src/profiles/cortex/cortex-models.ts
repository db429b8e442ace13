import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkCluster } from '../../core/hardened-service';
import { invalidProp } from '../../invalid-prop';
import type { IPrivateNetwork } from '../../network/private-network';
import type { RotatingSecret } from '../../secrets/rotating-secret';
import type { SecureCore } from '../../secure-core';
import { grantModels } from './model-access';
import { MODEL_PORT, type ModelContainer } from './model-container';

/** Which models a gateway starts and stops, and where. */
export interface CortexModelsProps {
  /** At least one. */
  readonly containers: ModelContainer[];

  /**
   * The cluster they run in, such as one with GPUs, of the network's VPC. Nothing else may run there: what the gateway may stop is told by the cluster.
   *
   * @default - a new one, for AWS Fargate
   */
  readonly cluster?: ecs.ICluster;
}

/** What models are built from, besides. */
export interface CortexModelsGround extends CortexModelsProps {
  /** The one whose core tier they run in. */
  readonly network: IPrivateNetwork;

  /** Whose secrets these are. */
  readonly environment: string;

  /** By which the gateway and its models know each other. */
  readonly internalKey: RotatingSecret;
}

/**
 * Models that a gateway starts by Amazon ECS: it has no socket of a container engine, and could start nothing else (CTR-7, C-21).
 *
 * They run in the core tier, reach what it reaches, and listen to the gateway's tasks alone. No load balancer and no service leads to them (CX-57, CX-60).
 */
export class CortexModels extends Construct {
  /** In which they run, and nothing else does. */
  public readonly cluster: ecs.ICluster;

  /** In which each of them has to be started. */
  public readonly securityGroup: ec2.ISecurityGroup;

  /** What it starts. Each acts as a role of its own, which may do nothing until something grants it: `weights.grantRead(models.taskDefinitions[0].taskRole)`. */
  public readonly taskDefinitions: ecs.ITaskDefinition[] = [];

  /** How revisions of each are called: the newest is run. */
  public readonly families: string[];

  private readonly executionRole: iam.IRole;
  private readonly definitions: { readonly container: ModelContainer; readonly place: Construct; readonly family: string }[];

  public constructor(scope: Construct, id: string, private readonly ground: CortexModelsGround) {
    super(scope, id);
    // From JavaScript anything may come.
    const { containers = [] } = ground as Partial<CortexModelsProps>;
    const { cluster, network, environment } = ground;
    const { vpc } = network;
    if (containers.length === 0) throw invalidProp(this, 'profile.models.containers', containers, 'Name at least one ModelContainer, or leave models out.');
    for (const container of containers) container._check(this);
    const twice = containers.find(({ _id: own }, index) => containers.findIndex(({ _id }) => _id === own) !== index);
    if (twice) throw invalidProp(this, 'profile.models.containers.name', twice._id, 'Two models are called that: give each a name of its own.');
    checkCluster(this, 'profile.models.cluster', cluster, network);
    this.cluster = cluster ?? new ecs.Cluster(this, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Models', allowAllOutbound: false });
    this.executionRole = new iam.Role(this, 'ExecutionRole', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    this.definitions = containers.map((container) => {
      const place = new Construct(this, container._id);
      return { container, place, family: container._family(place, environment) };
    });
    this.families = this.definitions.map(({ family }) => family);
  }

  /**
   * Where the gateway finds what it starts.
   *
   * @internal
   */
  public get _environment(): Record<string, string> {
    const { vpc, coreSubnets } = this.ground.network;
    return {
      MODEL_CLUSTER: this.cluster.clusterArn,
      MODEL_TASK_DEFINITIONS: this.families.join(','),
      MODEL_SUBNETS: vpc.selectSubnets(coreSubnets).subnetIds.join(','),
      MODEL_SECURITY_GROUP: this.securityGroup.securityGroupId,
    };
  }

  /**
   * Makes them and has a gateway start them.
   *
   * @internal
   */
  public _serve(core: SecureCore): void {
    if (core.service.cluster.clusterArn === this.cluster.clusterArn) {
      throw invalidProp(this, 'profile.models.cluster', 'the one that the gateway itself runs in', 'Name another one, or leave it out: the gateway could stop its own tasks there.');
    }
    const { network, internalKey: { current, previous, next } } = this.ground;
    const shared = {
      executionRole: this.executionRole,
      logGroup: core.audit.hot,
      secrets: { INTERNAL_VLLM_API_KEY: current, INTERNAL_VLLM_API_KEY_PREVIOUS: previous, INTERNAL_VLLM_API_KEY_NEXT: next },
    };
    const tasks = this.definitions.map(({ container, place, family }) => container._define(place, family, shared));
    this.taskDefinitions.push(...tasks);
    const roles = [...new Set(tasks.flatMap((task) => [task.taskRole, task.obtainExecutionRole()]))];
    network.allowToAwsServices(this.securityGroup, ...roles);
    core.allowTo(this.securityGroup, ec2.Port.tcp(MODEL_PORT));
    grantModels(this, { grantee: core, cluster: this.cluster, families: this.families, roles });
  }
}
