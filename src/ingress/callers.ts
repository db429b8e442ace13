import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWorldOpen } from '../network/cidr';

/**
 * Who may open a connection to the Core (NET-2).
 *
 * There is no variant for everybody: the internet is not a caller.
 */
export abstract class Callers {
  /** Workloads in this VPC, or in a peered one, by their security groups. */
  public static securityGroups(...groups: ec2.ISecurityGroup[]): Callers {
    return new ListedCallers('Callers.securityGroups', groups, (group) => group);
  }

  /**
   * Networks by CIDR block, such as the block of a peered VPC.
   *
   * @param blocks at most as wide as 10.0.0.0/8
   */
  public static cidrs(...blocks: string[]): Callers {
    return new ListedCallers('Callers.cidrs', blocks, (block, scope) => {
      if (!Token.isUnresolved(block) && isWorldOpen(block) !== false) {
        throw invalidProp(scope, 'Callers.cidrs', block, 'Name the block of the callers\' own network, such as 10.20.0.0/16; the widest is /8 (IPv4) or /12 (IPv6).');
      }
      return block.includes(':') && !Token.isUnresolved(block) ? ec2.Peer.ipv6(block) : ec2.Peer.ipv4(block);
    });
  }

  /** Networks by the ids of managed prefix lists, `pl-…`. */
  public static prefixLists(...prefixListIds: string[]): Callers {
    return new ListedCallers('Callers.prefixLists', prefixListIds, (id) => ec2.Peer.prefixList(id));
  }

  /**
   * Opens a port to the callers.
   *
   * @param scope names the place in errors
   * @param connections of what they may reach
   * @param port which they may reach
   */
  public abstract bind(scope: IConstruct, connections: ec2.Connections, port: ec2.Port): void;
}

class ListedCallers<T> extends Callers {
  public constructor(
    private readonly factory: string,
    private readonly entries: readonly T[],
    private readonly toPeer: (entry: T, scope: IConstruct) => ec2.IConnectable,
  ) {
    super();
  }

  public bind(scope: IConstruct, connections: ec2.Connections, port: ec2.Port): void {
    if (this.entries.length === 0) throw invalidProp(scope, this.factory, this.entries, 'Name at least one caller, or nobody can reach the Core.');
    for (const entry of this.entries) connections.allowFrom(this.toPeer(entry, scope), port, 'Callers');
  }
}
