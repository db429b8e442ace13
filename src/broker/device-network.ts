import { isIP } from 'net';
import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { checkKind, instance, list, options, text } from '../check-kinds';
import { isBoundedBlock } from '../ingress/callers';
import { hasHostBits, networkOf } from '../ingress/network-address';
import { MAX_PORT } from '../ingress/target-checks';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';

/** What devices listen on: one port, since a range lets out more than somebody uses. */
export class DevicePort {
  /** Such as 22 for SSH, 830 for NETCONF and 443 for a device's own API. */
  public static tcp(port: number): DevicePort {
    return new DevicePort('tcp', port);
  }

  /** Such as 161 for SNMP. */
  public static udp(port: number): DevicePort {
    return new DevicePort('udp', port);
  }

  private constructor(private readonly protocol: 'tcp' | 'udp', private readonly port: number) {}

  /**
   * As a security group takes it.
   *
   * @internal
   */
  public _bind(scope: IConstruct, prop: string): ec2.Port {
    const { protocol, port } = this;
    if (Token.isUnresolved(port) || !isWhole(port, 1, MAX_PORT)) throw invalidProp(scope, prop, port, `Name a port from 1 to ${MAX_PORT}.`);
    return ec2.Port[protocol](port);
  }
}

/** Devices that workers log in to, and where they listen. */
export interface DeviceNetwork {
  /** Their addresses, as an IPv4 block such as `10.40.0.0/16`. A route to it from the core tier is yours to make. */
  readonly cidr: string;

  /** At least one. */
  readonly ports: DevicePort[];
}

const DEVICES = list('List networks of devices, such as [{ cidr, ports }], or leave it out.');
const DEVICE = options('Name a network of devices, such as { cidr, ports }.');
const CIDR = text('Name the IPv4 block of the devices\' own network, such as 10.40.0.0/16.');
const LISTEN = 'Name what they listen on, such as DevicePort.tcp(22) or DevicePort.udp(161).';
const PORTS = list(LISTEN);
const PORT = instance(DevicePort, LISTEN);

/** Lets workers reach devices, and nothing beside the ports that were named. */
export function letReachDevices(scope: IConstruct, workers: ec2.IConnectable, devices: readonly DeviceNetwork[]): void {
  checkKind(scope, 'devices', devices, DEVICES);
  for (const [index, network] of devices.entries()) {
    const prop = `devices[${index}]`;
    checkKind(scope, prop, network, DEVICE);
    const { cidr, ports } = network;
    checkKind(scope, `${prop}.cidr`, cidr, CIDR);
    checkKind(scope, `${prop}.ports`, ports, PORTS);
    const block = checkedBlock(scope, `${prop}.cidr`, cidr);
    if (ports.length === 0) throw invalidProp(scope, `${prop}.ports`, ports, LISTEN);
    for (const [position, port] of ports.entries()) {
      checkKind(scope, `${prop}.ports[${position}]`, port, PORT);
      workers.connections.allowTo(block, port._bind(scope, `${prop}.ports[${position}]`), 'Devices');
    }
  }
}

function checkedBlock(scope: IConstruct, prop: string, cidr: string): ec2.IPeer {
  if (Token.isUnresolved(cidr)) return ec2.Peer.ipv4(cidr);
  if (!isBoundedBlock(cidr) || isIP(cidr.split('/')[0] ?? '') !== 4) {
    throw invalidProp(scope, prop, cidr, 'Name the IPv4 block of the devices\' own network, such as 10.40.0.0/16: workers that reach everywhere could carry a credential anywhere.');
  }
  if (hasHostBits(cidr)) throw invalidProp(scope, prop, cidr, `Bits are set behind the prefix: write ${networkOf(cidr)} for that network, or /32 for one device.`);
  return ec2.Peer.ipv4(cidr);
}
