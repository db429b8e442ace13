import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CoreImage } from '../core/core-image';
import { letResolve } from '../data/let-resolve';
import type { RedisUser } from '../data/redis-user';
import { type IRedis, SecureRedis } from '../data/secure-redis';
import { Size, SIZING } from '../size';
import { AuditKey } from './audit-key';
import { containerSecret } from '../secrets/container-secret';
import { AUDIT_KEY_VARIABLE, CONFIGURATION_VARIABLE, CORE_KEY_VARIABLE, GATE_CONTAINER, GATE_HEALTH_PATH, type GateConfiguration, REDIS_PASSWORD_VARIABLE } from './contract';
import { checkConfigurationSize, checkGate, checkSurroundings } from './gate-checks';
import { configurationOf } from './gate-configuration';
import { letScrape } from './gate-metrics';
import { type GateProps, KeySetSource } from './gate-props';
import { GateTable } from './gate-table';
import { KeySetMirror } from './mirror/key-set-mirror';
import { GATE_REDIS_COMMANDS } from './redis-commands';

/** What the gate's container listens on. */
const PORT = 8443;

/** After the gate has waited for open requests: it has still to write what became of them. */
const LAST_WORDS = Duration.seconds(10);

/**
 * The one trusted place in which identity and scope are decided: a container beside the Core, to which the load balancer connects by TLS.
 *
 * The Core is reached over the task's loopback alone; no port of it is mapped and no target group names it (NET-6).
 */
export class Gate extends Construct {
  /** API keys, revocations and mirrored signing keys. */
  public readonly table: GateTable;

  /** Where requests and streams are counted. */
  public readonly redis: IRedis;

  /** The key by which audit records hash callers' names: give it to other Cores as their `auditKey`, and they hash alike. */
  public readonly auditKey: ISecret;

  /**
   * What it runs, which holds what fills a Core's volume with authorities as well.
   *
   * @internal
   */
  public readonly _image: CoreImage;

  /**
   * What is filled in from Secrets Manager: the Core's service is rolled when one of them is renewed.
   *
   * @internal
   */
  public readonly _secrets: Readonly<Record<string, ecs.Secret>>;

  private readonly user: RedisUser;
  private readonly configuration: GateConfiguration;

  public constructor(scope: Construct, id: string, private readonly props: GateProps) {
    super(scope, id);
    checkGate(this, props);
    checkSurroundings(this, props, PORT);
    const { ingress, coreKey, image = CoreImage.fromAsset(path.join(__dirname, '../../assets/runtime/gate')) } = props;
    this._image = image;
    const size = props.size ?? Size.PRODUCTION;
    const { gate: resources, maxTasks, removalPolicy, deletionProtection } = SIZING[size];
    this.table = props.table ?? new GateTable(this, 'Table', { encryptionKey: props.encryptionKey, removalPolicy, deletionProtection });
    this.redis = props.redis ?? new SecureRedis(this, 'Redis', { network: ingress.network, size, encryptionKey: props.encryptionKey, alarmTopic: props.alarmTopic });
    letResolve(ingress.network, this.redis.host);
    // A key of its own would cost more than the secret does.
    const encryptionKey = props.encryptionKey ?? (this.redis instanceof SecureRedis ? this.redis.encryptionKey : undefined);
    this.auditKey = props.auditKey ?? new AuditKey(this, 'AuditKey', { encryptionKey, removalPolicy }).secret;
    // Several gates may share one Redis, and none may touch another's counters.
    const own = props.redis ? this.node.addr.slice(-8) : '';
    this.user = this.redis.addUser(`Gate${own}`, { keyPrefix: `gate${own}`, commands: GATE_REDIS_COMMANDS });
    this._secrets = {
      [REDIS_PASSWORD_VARIABLE]: this.user._password,
      [AUDIT_KEY_VARIABLE]: containerSecret(this.auditKey),
      ...(coreKey && { [CORE_KEY_VARIABLE]: coreKey.secret }),
    };
    this.configuration = configurationOf(this, props, {
      port: PORT,
      table: { name: this.table.tableName, region: Stack.of(this.table).region },
      redis: { host: this.redis.host, port: this.redis.port, user: this.user.userName, keyPrefix: this.user.keyPrefix, isCluster: this.redis.isCluster },
      connections: resources.connections,
      maxTasks: props.maxTasks ?? maxTasks,
    });
    checkConfigurationSize(this, this.configuration);
    const mirrored = this.configuration.identity.tokens.filter(({ keys }) => keys.source === KeySetSource.MIRROR.valueOf()).map(({ keys }) => keys.uri);
    if (mirrored.length > 0) new KeySetMirror(this, 'KeySetMirror', { table: this.table, uris: [...new Set(mirrored)], removalPolicy });
  }

  /**
   * Puts the gate into a task, beside the Core.
   *
   * @param task that has no port of its own
   * @returns the gate's container
   */
  public addTo(task: ecs.FargateTaskDefinition): ecs.ContainerDefinition {
    const { logGroup, size = Size.PRODUCTION } = this.props;
    const { cpu, memoryLimitMiB } = SIZING[size].gate;
    this.table.grantRead(task.taskRole);
    const linuxParameters = new ecs.LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(ecs.Capability.ALL);
    return task.addContainer(GATE_CONTAINER, {
      image: this._image._bind(this),
      cpu,
      memoryLimitMiB,
      user: '1000:1000',
      readonlyRootFilesystem: true,
      privileged: false,
      environment: { [CONFIGURATION_VARIABLE]: Stack.of(this).toJsonString(this.configuration) },
      secrets: { ...this._secrets },
      linuxParameters,
      portMappings: [{ containerPort: PORT }],
      healthCheck: {
        command: ['CMD', 'node', '/app/health.js'],
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      stopTimeout: Duration.seconds(this.configuration.limits.drainSeconds).plus(LAST_WORDS),
      // The driver's other mode drops lines when CloudWatch is slow, and the account's default may be that mode.
      logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: 'gate', mode: ecs.AwsLogDriverMode.BLOCKING }),
    });
  }

  /**
   * Forwards the ingress's routes to the gates of a service, and lets them reach what they need.
   *
   * @param service that runs a task with the gate in it
   */
  public serve(service: ecs.FargateService): void {
    const { ingress } = this.props;
    service.connections.allowTo(this.redis, ec2.Port.tcp(this.redis.port), 'Counts requests');
    letScrape(service, this.props.metrics);
    ingress.forwardTo(service.loadBalancerTarget({ containerName: GATE_CONTAINER, containerPort: PORT }), {
      port: PORT,
      protocol: ApplicationProtocol.HTTPS,
      healthCheckPath: GATE_HEALTH_PATH,
      _gate: { preflight: this.props.cors !== undefined, publicHealthPath: this.props.publicHealth ? this.props.healthCheckPath : undefined },
    });
  }
}
