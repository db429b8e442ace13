import type { ControlId } from '../../../src/controls';
import type { JsonMap } from '../../../src/checks/template/template';
import { become, each, type Fault, plus } from './fault';

const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const EGRESS = 'AWS::EC2::SecurityGroupEgress';

/** What a security group belongs to, as our stacks describe it. */
const described = (pattern: RegExp) => ({ GroupDescription }: JsonMap): boolean => typeof GroupDescription === 'string' && pattern.test(GroupDescription);
const isEdge = described(/^(Load balancer|EdgeGroup)/);
const isCore = described(/^(Blue|Green|CoreGroup|Core$)/);
const isStore = described(/^(Redis|Database)$|\/Redis$/);

const opening = (source: JsonMap, from: number, to = from, protocol = 'tcp'): JsonMap => ({ IpProtocol: protocol, FromPort: from, ToPort: to, ...source });
const WORLD = { CidrIp: '0.0.0.0/0' };
const WORLD6 = { CidrIpv6: '::/0' };
const PLATFORM = { CidrIp: '10.20.0.0/16' };

const opened = (name: string, control: ControlId, when: (group: JsonMap) => boolean, rule: JsonMap): Fault => ({
  name, control, type: GROUP, when, path: ['SecurityGroupIngress'], change: plus(rule),
});

const openedBeside = (name: string, control: ControlId, when: (group: JsonMap) => boolean, rule: JsonMap): Fault => ({
  name, control, type: GROUP, when, beside: (logicalId) => ({ Type: INGRESS, Properties: { GroupId: { 'Fn::GetAtt': [logicalId, 'GroupId'] }, ...rule } }),
});

/** Ports that the catalogue wants closed: consoles, gateways and stores. */
const CLOSED_PORTS = [22, 3001, 8084, 9090, 11_211];
const STORE_PORTS = [5432, 6379, 9090, 11_211];

/** Rules written beside a group open it just as much as those written in it, so both kinds are made. */
export const NETWORK_FAULTS: readonly Fault[] = [
  opened('443 from everywhere', 'NET-2', isEdge, opening(WORLD, 443)),
  opened('443 from everywhere by IPv6', 'NET-2', isEdge, opening(WORLD6, 443)),
  openedBeside('443 from everywhere, beside', 'NET-2', isEdge, opening(WORLD, 443)),
  openedBeside('443 from everywhere by IPv6, beside', 'NET-2', isEdge, opening(WORLD6, 443)),
  opened('443 from half of everywhere', 'NET-2', isEdge, opening({ CidrIp: '128.0.0.0/1' }, 443)),
  ...each(CLOSED_PORTS, (port) => opened(`port ${port} for the platform`, 'NET-3', isEdge, opening(PLATFORM, port))),
  opened('port range for the platform', 'NET-3', isEdge, opening(PLATFORM, 443, 8443)),
  opened('every protocol for the platform', 'NET-3', isEdge, { IpProtocol: '-1', ...PLATFORM }),
  opened('platform past the load balancer', 'NET-2', isCore, opening(PLATFORM, 8443)),
  openedBeside('platform past the load balancer, beside', 'NET-2', isCore, opening(PLATFORM, 8443)),
  opened('any group past the load balancer', 'NET-2', isCore, opening({ SourceSecurityGroupId: 'sg-0123456789abcdef0' }, 8443)),
  opened('Core open to everybody', 'NET-2', isCore, opening(WORLD, 8000)),
  ...each(STORE_PORTS, (port) => opened(`store port ${port} from everywhere`, 'NET-4', isStore, opening(WORLD, port))),
  ...each(STORE_PORTS, (port) => opened(`store port ${port} for the platform`, 'NET-4', isStore, opening(PLATFORM, port))),
  { name: 'anything may leave', control: 'NET-5', type: GROUP, when: isCore, path: ['SecurityGroupEgress'], change: become([{ IpProtocol: '-1', ...WORLD }]) },
  {
    name: 'anything may leave, beside', control: 'NET-5', type: GROUP, when: isCore,
    beside: (logicalId) => ({ Type: EGRESS, Properties: { GroupId: { 'Fn::GetAtt': [logicalId, 'GroupId'] }, IpProtocol: '-1', ...WORLD } }),
  },
  {
    name: 'route to an internet gateway', control: 'NET-1', type: 'AWS::EC2::RouteTable', when: ({ Tags }) => /(Core|core|isolated)Subnet1/.test(JSON.stringify(Tags ?? null)),
    beside: (logicalId) => ({
      Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: logicalId }, DestinationCidrBlock: '198.51.100.0/24', GatewayId: 'igw-0123456789abcdef0' },
    }),
  },
];
