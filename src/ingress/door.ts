import { CfnResource, Validations } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';
import type { PrivateLinkCallersProps } from './private-link';

/** What callers come in through. */
export interface Door {
  readonly scope: Construct;

  readonly loadBalancer: IConstruct;

  /** The load balancer's. */
  readonly connections: ec2.Connections;

  /** What it listens on; none while exposure is off. */
  readonly ports: readonly ec2.Port[];

  /** Whether it has IPv6 addresses too. */
  readonly dualStack: boolean;

  /** What it lacks to stand before the open internet; nothing if it may. */
  readonly lackedForInternet: readonly string[];

  /** Lets consumers of other accounts or VPCs in through an endpoint service. */
  linkPrivately(props: PrivateLinkCallersProps): void;
}

/** Opens every port of a door to a peer. */
export function open({ connections, ports }: Door, peer: ec2.IConnectable): void {
  for (const port of ports) connections.allowFrom(peer, port, 'Callers');
}

/** Says why a door stands open to everybody, where rules of the pack find it. Rooms do not know the pack, so its ids are text. */
export function acknowledgeOpenDoor({ loadBalancer, connections, ports }: Door, reason: string): void {
  acknowledge(loadBalancer, 'SecureCore::NET-7.internal', reason);
  if (ports.length === 0) return;
  for (const group of connections.securityGroups) acknowledge(group, 'SecureCore::NET-2.bounded-sources', reason);
}

function acknowledge({ node }: IConstruct, id: string, reason: string): void {
  if (CfnResource.isCfnResource(node.defaultChild)) Validations.of(node.defaultChild).acknowledge({ id, reason });
}
