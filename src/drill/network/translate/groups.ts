import type { Resource } from '../../../checks/template/resource';
import { Reference } from '../../../checks/template/value';
import { Spot } from '../../edge/translate/spot';
import { isIpv4Block } from '../addresses';
import type { GroupModel, PeerModel, PermissionModel } from '../model';
import { keyOf, type Reading } from './reading';
import { GROUP_EGRESS, GROUP_INGRESS, PREFIX_LIST, SECURITY_GROUP, VPC } from './shapes';
import { storePort } from './stores';

const MAX_PORT = 65_535;
const PROTOCOLS: ReadonlyMap<string, PermissionModel['protocol']> = new Map([
  ['tcp', 'tcp'], ['6', 'tcp'], ['udp', 'udp'], ['17', 'udp'], ['icmp', 'icmp'], ['1', 'icmp'], ['icmpv6', 'icmp'], ['58', 'icmp'],
]);
const EVERYTHING: PermissionModel = { protocol: 'all', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } };
/** The CDK's custom resource that empties a VPC's default group. */
const DEFAULT_GROUP_CLOSED = 'Custom::VpcRestrictDefaultSG';

/** How the model names the group that stands at a place: that of a template, the default one of a VPC, or one only known by its id. */
export function groupKey(spot: Spot): string {
  const { value } = spot.property;
  if (value instanceof Reference && value.resource.type === VPC) return defaultGroupOf(value.resource);
  return value instanceof Reference ? keyOf(value.resource) : spot.textWithHoles();
}

export function defaultGroupOf(vpc: Resource): string {
  return `${keyOf(vpc)}/default`;
}

/** Every security group of the templates, and the default one of every VPC. */
export function groupsOf(reading: Reading): GroupModel[] {
  const standalone = (type: string): Spot[] => reading.all(type).map((resource) => Spot.of(resource));
  const [ingress, egress] = [standalone(GROUP_INGRESS), standalone(GROUP_EGRESS)];
  const on = (rules: readonly Spot[], key: string): Spot[] => rules.filter((rule) => groupKey(rule.get('GroupId')) === key);
  const permissions = (rules: readonly Spot[]): PermissionModel[] => rules.flatMap((rule) => permissionOf(rule, reading));
  const declared = reading.all(SECURITY_GROUP).map((group): GroupModel => {
    const key = keyOf(group);
    const inline = Spot.of(group).get('SecurityGroupEgress').items();
    return {
      key,
      ingress: permissions([...Spot.of(group).get('SecurityGroupIngress').items(), ...on(ingress, key)]),
      // Without rules of its own a group lets everything out, whatever is added beside it (AWS::EC2::SecurityGroup, "SecurityGroupEgress").
      egress: [...(inline.length === 0 ? [EVERYTHING] : permissions(inline)), ...permissions(on(egress, key))],
    };
  });
  const closed = new Set(reading.graph.ofType(DEFAULT_GROUP_CLOSED).map((resource) => groupKey(Spot.of(resource).get('DefaultSecurityGroupId'))));
  const defaults = reading.all(VPC).map((vpc): GroupModel => {
    const key = defaultGroupOf(vpc);
    const own = closed.has(key) ? [[], []] : [[{ protocol: 'all', peer: { kind: 'group', key } } as const], [EVERYTHING]];
    return { key, ingress: [...own[0] ?? [], ...permissions(on(ingress, key))], egress: [...own[1] ?? [], ...permissions(on(egress, key))] };
  });
  return [...declared, ...defaults];
}

/** Nothing for IPv6, which the reading has named as not emulated where it stands alone. */
function permissionOf(rule: Spot, reading: Reading): PermissionModel[] {
  const protocol = PROTOCOLS.get((rule.get('IpProtocol').text() ?? '-1').toLowerCase()) ?? 'all';
  const peer = peerOf(rule, reading);
  if (peer === undefined) return [];
  if (protocol === 'all' || protocol === 'icmp') return [{ protocol, peer }];
  const [from, to] = [portAt(rule.get('FromPort')), portAt(rule.get('ToPort'))];
  return [from === undefined || from < 0 ? { protocol, peer } : { protocol, peer, from, to: to ?? from }];
}

/** A store's port is often written as the store's attribute. */
function portAt(spot: Spot): number | undefined {
  const { value } = spot.property;
  const port = value instanceof Reference && /port$/i.test(value.attribute) ? storePort(value.resource) : undefined;
  return port ?? spot.whole(-1, MAX_PORT);
}

function peerOf(rule: Spot, reading: Reading): PeerModel | undefined {
  const group = ['SourceSecurityGroupId', 'DestinationSecurityGroupId'].map((key) => rule.get(key)).find(({ exists }) => exists);
  if (group) return { kind: 'group', key: groupKey(group) };
  const list = ['SourcePrefixListId', 'DestinationPrefixListId'].map((key) => rule.get(key)).find(({ exists }) => exists);
  if (list) return prefixList(list, reading);
  const cidr = rule.get('CidrIp');
  if (!cidr.exists && rule.get('CidrIpv6').exists) {
    if (rule.resource.type === SECURITY_GROUP) reading.omit(rule.resource, 'the drill speaks IPv4 only', rule.get('CidrIpv6').path);
    return undefined;
  }
  const { value } = cidr.property;
  const block = value instanceof Reference && value.resource.type === VPC ? Spot.of(value.resource).get('CidrBlock').requiredText() : cidr.requiredText();
  return isIpv4Block(block) ? { kind: 'cidr', cidr: block } : cidr.refuse('it is no IPv4 block');
}

function prefixList(spot: Spot, reading: Reading): PeerModel {
  const list = spot.target(PREFIX_LIST);
  if (!list) {
    reading.omit(spot.resource, 'the list is in none of the templates: one address of the drill stands for all that are on it', spot.path);
    return { kind: 'prefix-list', key: spot.textWithHoles() };
  }
  const cidrs = Spot.of(list).get('Entries').items().map((entry) => entry.get('Cidr').requiredText()).filter(isIpv4Block);
  return { kind: 'prefix-list', key: keyOf(list), cidrs };
}
