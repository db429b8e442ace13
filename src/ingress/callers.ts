import { isIPv4 } from 'net';
import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { invalidProp, isListToken } from '../invalid-prop';
import { isWorldOpen } from '../network/cidr';

function isIpv4Block(block: string): boolean {
  const [address = '', prefix = '', ...more] = block.split('/');
  return more.length === 0 && isIPv4(address) && /^([0-9]|[12][0-9]|3[0-2])$/.test(prefix);
}

type Opening = (scope: IConstruct, connections: ec2.Connections, port: ec2.Port) => void;

/**
 * Who may open a connection to the Core (NET-2).
 *
 * There is no variant for everybody, and none can be added: the class cannot be extended or imitated.
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
   * Networks by IPv4 CIDR block, such as the block of a peered VPC.
   *
   * @param blocks private ones at most as wide as 10.0.0.0/8; public ones narrower
   */
  public static cidrs(...blocks: string[]): Callers {
    return Callers.listed('Callers.cidrs', blocks, (block, scope) => {
      if (!Token.isUnresolved(block) && (!isIpv4Block(block) || isWorldOpen(block) !== false)) {
        throw invalidProp(scope, 'Callers.cidrs', block, 'Name the IPv4 block of the callers\' own network, such as 10.20.0.0/16.');
      }
      return ec2.Peer.ipv4(block);
    });
  }

  /** Networks by the ids of managed prefix lists, `pl-…`. */
  public static prefixLists(...prefixListIds: string[]): Callers {
    return Callers.listed('Callers.prefixLists', prefixListIds, (id, scope) => {
      if (!Token.isUnresolved(id) && !/^pl-[0-9a-f]{8,17}$/.test(id)) throw invalidProp(scope, 'Callers.prefixLists', id, 'Name the id of a prefix list, such as pl-0123456789abcdef0.');
      return ec2.Peer.prefixList(id);
    });
  }

  /** Nobody but those who are let in with `grantInvoke`. */
  public static granted(): Callers {
    return new Callers(() => undefined);
  }

  private static listed<T>(factory: string, entries: readonly T[], toPeer: (entry: T, scope: IConstruct) => ec2.IConnectable): Callers {
    return new Callers((scope, connections, port) => {
      if (entries.length === 0) throw invalidProp(scope, factory, entries, 'Name at least one caller, or take Callers.granted() and let callers in with grantInvoke.');
      if (isListToken(entries)) throw invalidProp(scope, factory, entries, 'The entries must be known one by one when the app is synthesized.');
      for (const entry of entries) connections.allowFrom(toPeer(entry, scope), port, 'Callers');
    });
  }

  private constructor(private readonly opening: Opening) {}

  /** These callers and others. */
  public and(others: Callers): Callers {
    return new Callers((scope, connections, port) => {
      this._bind(scope, connections, port);
      others._bind(scope, connections, port);
    });
  }

  /**
   * Opens a port to the callers.
   *
   * @internal
   */
  public _bind(scope: IConstruct, connections: ec2.Connections, port: ec2.Port): void {
    this.opening(scope, connections, port);
  }
}
