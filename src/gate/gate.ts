import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CoreImage } from '../core/core-image';
import { hardenedContainer } from '../core/hardened-container';
import { letResolve } from '../data/let-resolve';
import type { RedisUser } from '../data/redis-user';
import { type IRedis, SecureRedis } from '../data/secure-redis';
import { COUNT_PART, GATE_METRICS, type GateMetricName, METRICS_INTERVAL_SECONDS, metricPart, type StatusClass, SUM_PART } from '../observability/contract';
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

  /** What copies issuers' signing keys to where it reads them; nothing where no issuer's are mirrored. */
  public readonly keySetMirror?: KeySetMirror;

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
    if (mirrored.length > 0) this.keySetMirror = new KeySetMirror(this, 'KeySetMirror', { table: this.table, uris: [...new Set(mirrored)], removalPolicy });
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
    return hardenedContainer(this, task, GATE_CONTAINER, {
      image: this._image,
      logGroup,
      streamPrefix: 'gate',
      cpu,
      memoryLimitMiB,
      environment: { [CONFIGURATION_VARIABLE]: Stack.of(this).toJsonString(this.configuration) },
      secrets: { ...this._secrets },
      portMappings: [{ containerPort: PORT }],
      healthCheck: {
        command: ['CMD', 'node', '/app/health.js'],
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      stopTimeout: Duration.seconds(this.configuration.limits.drainSeconds).plus(LAST_WORDS),
    });
  }

  /**
   * What it counts (see docs/metrics.md), of all its copies together; by default what was added in a minute.
   *
   * @param metricName such as `gateway_limited_total_heavy`
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ namespace: this.configuration.metrics.namespace, metricName, statistic: cloudwatch.Stats.SUM, period: Duration.seconds(METRICS_INTERVAL_SECONDS), ...props });
  }

  /** Requests that were answered. */
  public metricRequests(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.requests, props);
  }

  /** Requests that were answered with a server's error. */
  public metricServerErrors(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(metricPart(GATE_METRICS.requests, '5xx' satisfies StatusClass), props);
  }

  /** Requests whose caller was proven. */
  public metricAllowed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.allowed, props);
  }

  /** Requests whose caller was not proven. */
  public metricBlocked(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.blocked, props);
  }

  /** Requests that were refused since a budget was spent. */
  public metricLimited(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.limited, props);
  }

  /** Requests that nobody counted since Redis was away. */
  public metricUncounted(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.uncounted, props);
  }

  /** Streams that are open, of the copy that has most. */
  public metricLeasesOpen(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest(GATE_METRICS.leasesOpen, props);
  }

  /** Leases of streams that could not be kept. */
  public metricLeasesLost(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.leasesLost, props);
  }

  /** Streams that it ended. */
  public metricStreamsCut(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.streamsCut, props);
  }

  /** Seconds since an issuer was asked for the signing keys in use, of the oldest. */
  public metricKeySetAge(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest(GATE_METRICS.keySetAge, props);
  }

  /** 1 while the lock-down flag is set. */
  public metricLockedDown(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest(GATE_METRICS.lockedDown, props);
  }

  /** Audit records that were never written. */
  public metricAuditLost(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(GATE_METRICS.auditLost, props);
  }

  /** Seconds that a request took on average; a stream lasts as long as it is open. */
  public metricDuration(props: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
    const { period = Duration.seconds(METRICS_INTERVAL_SECONDS), label = 'Seconds a request', color } = props;
    const [sum, count] = [SUM_PART, COUNT_PART].map((part) => this.metric(metricPart(GATE_METRICS.duration, part))) as [cloudwatch.Metric, cloudwatch.Metric];
    return new cloudwatch.MathExpression({ expression: 'IF(count > 0, sum / count, 0)', usingMetrics: { sum, count }, period, label, color });
  }

  /** Bytes of memory, of the copy that has most. */
  public metricMemory(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest(GATE_METRICS.memory, props);
  }

  /** Seconds that the event loop was late, of the copy that was latest. */
  public metricLoopDelay(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.highest(GATE_METRICS.loopDelay, props);
  }

  /**
   * Connections that one copy takes.
   *
   * @internal
   */
  public get _connections(): number {
    return this.configuration.limits.maxConnections;
  }

  /**
   * Whether callers may prove themselves by tokens, and so keys of issuers matter.
   *
   * @internal
   */
  public get _takesTokens(): boolean {
    return this.configuration.identity.tokens.length > 0;
  }

  private highest(metricName: GateMetricName, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(metricName, { statistic: cloudwatch.Stats.MAXIMUM, ...props });
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
