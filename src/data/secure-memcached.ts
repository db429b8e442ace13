import { RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import type { CoreService } from '../core/core-service';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { Size } from '../size';
import type { ICoreStore } from './core-store';

/** How to run a Memcached. */
export interface SecureMemcachedProps {
  /** Where it stands: in the data tier. */
  readonly network: IPrivateNetwork;

  /**
   * How much it holds, and whether half of it survives a zone: one node, or two in different zones.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;
}

/** What the sizes of a Core mean here: 0.5, 1.4 and 3 GiB a node. */
const MEMCACHED_SIZING: Readonly<Record<Size, { readonly nodeType: string; readonly nodes: number }>> = {
  [Size.DEV]: { nodeType: 'cache.t4g.micro', nodes: 1 },
  [Size.STANDARD]: { nodeType: 'cache.t4g.small', nodes: 2 },
  [Size.PRODUCTION]: { nodeType: 'cache.t4g.medium', nodes: 2 },
};

/** The port that everybody expects (NT-72); which one it is keeps nobody out, the security group does. */
const PORT = 11211;

/** TLS came with 1.6.12 (ElastiCache guide, "In-transit encryption", Memcached); this is a later one of the same family. */
const ENGINE_VERSION = '1.6.22';
const PARAMETER_FAMILY = 'memcached1.6';

/**
 * A Memcached that speaks TLS only and is reached from nowhere but the Cores that are let in (DAT-5, NET-4).
 *
 * Prefer `SecureRedis` (C-14): Memcached has no users in ElastiCache, so that whoever reaches the port reads and writes everything, and it
 * encrypts nothing at rest. Use one only for what may be read by every Core that shares it, and lost at any time. Clients find its nodes by
 * auto discovery at `MEMCACHE_HOST`; they have to speak TLS.
 */
export class SecureMemcached extends Construct implements ICoreStore, ec2.IConnectable {
  /** Whom to let in: `service.connections.allowToDefaultPort(memcached)`. */
  public readonly connections: ec2.Connections;

  /** The name that tells of its nodes. */
  public readonly host: string;

  /** Where it listens. */
  public readonly port: number = PORT;

  private readonly clusterId: string;

  public readonly environment: { readonly [name: string]: string };
  public readonly secrets: { readonly [name: string]: ecs.Secret } = {};

  public constructor(scope: Construct, id: string, props: SecureMemcachedProps) {
    super(scope, id);
    const { network, size = Size.PRODUCTION } = props;
    const { nodeType, nodes } = MEMCACHED_SIZING[size];
    const { subnetIds, availabilityZones } = network.vpc.selectSubnets(network.dataSubnets);
    const zones = new Set(availabilityZones).size;
    if (zones < nodes) throw invalidProp(this, 'network', `a data tier in ${zones} zones`, `Give it subnets in ${nodes} zones, one for each node, or choose Size.DEV.`);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc, description: `Of ${this.node.path}`, allowAllOutbound: false });
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(PORT) });
    const cache = new elasticache.CfnCacheCluster(this, 'Cache', {
      engine: 'memcached',
      engineVersion: ENGINE_VERSION,
      cacheNodeType: nodeType,
      numCacheNodes: nodes,
      azMode: nodes > 1 ? 'cross-az' : 'single-az',
      port: PORT,
      cacheParameterGroupName: new elasticache.CfnParameterGroup(this, 'Parameters', { description: `Of ${this.node.path}`, cacheParameterGroupFamily: PARAMETER_FAMILY }).ref,
      cacheSubnetGroupName: new elasticache.CfnSubnetGroup(this, 'Subnets', { description: `Data tier of ${this.node.path}`, subnetIds }).ref,
      vpcSecurityGroupIds: [securityGroup.securityGroupId],
      transitEncryptionEnabled: true,
      autoMinorVersionUpgrade: true,
    });
    // Nothing in it can be restored, so nothing is gained by keeping it.
    cache.applyRemovalPolicy(RemovalPolicy.DESTROY);
    answerAwsSolutions(cache, 'AEC5', 'The port that every client expects; the security group keeps others out, whatever the port.');
    this.clusterId = cache.ref;
    this.host = cache.attrConfigurationEndpointAddress;
    this.environment = { MEMCACHE_HOST: this.host, MEMCACHE_PORT: String(PORT) };
  }

  /**
   * What Amazon ElastiCache tells of it; by default the average of its nodes in five minutes.
   *
   * @param metricName such as `CurrConnections`
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ namespace: 'AWS/ElastiCache', metricName, dimensionsMap: { CacheClusterId: this.clusterId }, ...props });
  }

  /** Percent of its processors in use, of the busiest node. */
  public metricCpuUtilization(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CPUUtilization', { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  /** What it forgot since its memory was full. */
  public metricEvictions(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Evictions', { statistic: cloudwatch.Stats.SUM, ...props });
  }

  /**
   * Lets a Core connect, at its port alone.
   *
   * @param core of the same VPC
   */
  public grantUse(core: CoreService): void {
    core.allowTo(this, ec2.Port.tcp(PORT));
  }
}
