import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';

/** What a service of one's own differs in. */
export interface HardenedServiceProps {
  readonly network: IPrivateNetwork;
  /** What its security group is called. */
  readonly description: string;
  /** @default - a new one with container insights */
  readonly cluster?: ecs.ICluster;
  /** @default - whatever something that scales it says */
  readonly desiredCount?: number;
}

/** Refuses a cluster of another VPC than the network's. */
export function checkCluster(parent: Construct, prop: string, cluster: ecs.ICluster | undefined, { vpc }: IPrivateNetwork): void {
  if (!cluster || cluster.vpc.vpcId === vpc.vpcId) return;
  const { vpcId } = cluster.vpc;
  throw invalidProp(parent, prop, Token.isUnresolved(vpcId) ? 'of another VPC' : `of ${vpcId}`, 'Name a cluster of the network\'s VPC: its tasks run in the network\'s core tier.');
}

/** A service in the core tier that nobody logs in to, in a security group that lets nothing out until it is told to; a deployment that fails is rolled back (CTR-6). */
export function hardenedService(parent: Construct, task: ecs.FargateTaskDefinition, { network, description, cluster, desiredCount }: HardenedServiceProps): ecs.FargateService {
  const { vpc } = network;
  const group = new ec2.SecurityGroup(parent, 'SecurityGroup', { vpc, description, allowAllOutbound: false });
  const service = new ecs.FargateService(parent, 'Service', {
    cluster: cluster ?? new ecs.Cluster(parent, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED }),
    taskDefinition: task,
    desiredCount,
    minHealthyPercent: 100,
    circuitBreaker: { enable: true, rollback: true },
    vpcSubnets: network.coreSubnets,
    assignPublicIp: false,
    securityGroups: [group],
    enableExecuteCommand: false,
  });
  // A task that starts before the endpoints answer cannot pull its image, and the circuit breaker gives up on it.
  service.node.addDependency(network.awsServices);
  return service;
}
