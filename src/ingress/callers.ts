import { isIP } from 'net';
import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { invalidProp, isListToken } from '../invalid-prop';
import { isWorldOpen } from '../network/cidr';
import { acknowledgeOpenDoor, type Door, open } from './door';
import { hasHostBits, networkOf } from './network-address';
import { checkPrivateLink, type PrivateLinkCallersProps } from './private-link';

/** Everybody. */
export interface InternetCallersProps {
  /** Why the service has to stand open to everybody. It becomes the acknowledgement of the rules that would refuse it. */
  readonly reason: string;
}

/** A network of either family, as long as it is not (most of) the internet. */
export function isBoundedBlock(block: string): boolean {
  const [address = '', prefix = '', ...more] = block.split('/');
  const widths: Readonly<Record<number, number>> = { 4: 32, 6: 128 };
  return more.length === 0 && /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (widths[isIP(address)] ?? -1) && isWorldOpen(block) === false;
}

function toNetwork(block: string, { scope, dualStack }: Door): ec2.IPeer {
  if (typeof block !== 'string' || (!Token.isUnresolved(block) && !isBoundedBlock(block))) {
    throw invalidProp(scope, 'Callers.cidrs', block, 'Name the block of the callers\' own network, such as 10.20.0.0/16; for everybody there is Callers.internet.');
  }
  if (!Token.isUnresolved(block) && hasHostBits(block)) {
    throw invalidProp(scope, 'Callers.cidrs', block, `Bits are set behind the prefix: write ${networkOf(block)} for that network, or the full prefix for one address.`);
  }
  if (!block.includes(':') || Token.isUnresolved(block)) return ec2.Peer.ipv4(block);
  if (!dualStack) throw invalidProp(scope, 'Callers.cidrs', block, 'The load balancer has IPv4 addresses only: give the ingress dualStack: true.');
  return ec2.Peer.ipv6(block.toLowerCase());
}

function toPrefixList(id: string, { scope }: Door): ec2.IPeer {
  if (!Token.isUnresolved(id) && !/^pl-[0-9a-f]{8,17}$/.test(id)) throw invalidProp(scope, 'Callers.prefixLists', id, 'Name the id of a prefix list, such as pl-0123456789abcdef0.');
  return ec2.Peer.prefixList(id);
}

function openToEverybody(door: Door, reason: string): void {
  const { scope, lackedForInternet: lacked } = door;
  if (reason.trim() === '') throw invalidProp(scope, 'Callers.internet.reason', reason, 'Say why everybody has to reach it: a reviewer reads it.');
  if (lacked.length > 0) throw invalidProp(scope, 'callers', 'Callers.internet', `The open internet needs the full ring; missing: ${lacked.join('; ')}.`);
  open(door, ec2.Peer.anyIpv4());
  if (door.dualStack) open(door, ec2.Peer.anyIpv6());
  acknowledgeOpenDoor(door, reason);
}

/**
 * Who may open a connection to the Core (NET-2).
 *
 * The only variant for everybody says why, and no other can be added: the class cannot be extended or imitated.
 */
export class Callers {
  /**
   * Workloads in this VPC, or in a peered one, by their security groups.
   *
   * For a workload in another stack that uses this Core's VPC, take `granted()` and `grantInvoke`, or the two stacks
   * would depend on each other.
   */
  public static securityGroups(...groups: ec2.ISecurityGroup[]): Callers {
    return Callers.listed('Callers.securityGroups', groups, (group) => group);
  }

  /**
   * Networks by CIDR block, such as the block of a peered VPC. IPv6 blocks need an ingress with `dualStack`; a block that is a token counts as IPv4.
   *
   * @param blocks private ones at most as wide as 10.0.0.0/8 or fc00::/7; public ones narrower
   */
  public static cidrs(...blocks: string[]): Callers {
    return Callers.listed('Callers.cidrs', blocks, toNetwork);
  }

  /** Networks by the ids of managed prefix lists, `pl-…`. */
  public static prefixLists(...prefixListIds: string[]): Callers {
    return Callers.listed('Callers.prefixLists', prefixListIds, toPrefixList);
  }

  /** Consumers in other VPCs or accounts, through an endpoint service: no route and no peering between the networks. */
  public static privateLink(props: PrivateLinkCallersProps): Callers {
    return new Callers((door) => {
      checkPrivateLink(door.scope, props);
      door.linkPrivately(props);
    });
  }

  /**
   * Everybody, who then still has to prove who they are.
   *
   * Only with the full ring: an internet-facing load balancer and a TLS 1.3 floor. The rate rule, the managed rules and the access logs
   * are there in any case.
   */
  public static internet(props: InternetCallersProps): Callers {
    return new Callers((door) => openToEverybody(door, props.reason), true);
  }

  /** Nobody but those who are let in with `grantInvoke`. */
  public static granted(): Callers {
    return new Callers(() => undefined);
  }

  private static listed<T>(factory: string, entries: readonly T[], toPeer: (entry: T, door: Door) => ec2.IConnectable): Callers {
    return new Callers((door) => {
      checkListed(door.scope, factory, entries);
      for (const entry of entries) open(door, toPeer(entry, door));
    });
  }

  private constructor(
    private readonly opening: (door: Door) => void,
    /**
     * Whether strangers are among them.
     *
     * @internal
     */
    public readonly _areEverybody = false,
  ) {}

  /** These callers and others. */
  public and(others: Callers): Callers {
    return new Callers((door) => {
      this._bind(door);
      others._bind(door);
    }, this._areEverybody || others._areEverybody);
  }

  /**
   * Opens a door to the callers.
   *
   * @internal
   */
  public _bind(door: Door): void {
    this.opening(door);
  }
}

function checkListed(scope: IConstruct, factory: string, entries: readonly unknown[]): void {
  if (entries.length === 0) throw invalidProp(scope, factory, entries, 'Name at least one caller, or take Callers.granted() and let callers in with grantInvoke.');
  if (isListToken(entries)) throw invalidProp(scope, factory, entries, 'The entries must be known one by one when the app is synthesized.');
}
