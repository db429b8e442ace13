import { DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, type IpPermission } from '@aws-sdk/client-ec2';
import type { Resource } from '../../../checks/template/resource';
import type { JsonMap } from '../../../checks/template/template';
import type { Reader, Readers, Surroundings } from '../reader';
import { unlessGone } from '../reader';
import { asToldList, asToldMap, scalar, type ToldMap } from '../told';

/** Names of protocols for the numbers that templates may use (AWS EC2 API Reference, IpPermission). */
const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
const EVERYTHING: ToldMap = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

/** One rule of a template without what is only there to be read: whom it lets in or out, and where. */
function permission(rule: ToldMap): ToldMap {
  const named = scalar(rule.IpProtocol)?.toLowerCase() ?? '-1';
  const IpProtocol = PROTOCOLS[named] ?? named;
  return {
    IpProtocol,
    // The API keeps no ports for a rule that is about all protocols.
    ...(IpProtocol === '-1' ? {} : { FromPort: rule.FromPort, ToPort: rule.ToPort }),
    CidrIp: rule.CidrIp,
    CidrIpv6: rule.CidrIpv6,
    PrefixListId: rule.SourcePrefixListId ?? rule.DestinationPrefixListId,
    GroupId: rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId,
  };
}

/** The API groups sources by protocol and ports; a template writes one rule for each. */
function permissions(list: readonly IpPermission[] = []): JsonMap[] {
  return list.flatMap(({ IpProtocol = '-1', FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }) => {
    const ports: JsonMap = IpProtocol === '-1' ? {} : { FromPort: FromPort ?? null, ToPort: ToPort ?? null };
    const sources: JsonMap[] = [
      ...(IpRanges ?? []).map(({ CidrIp }) => ({ CidrIp: CidrIp ?? null })),
      ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ CidrIpv6: CidrIpv6 ?? null })),
      ...(PrefixListIds ?? []).map(({ PrefixListId }) => ({ PrefixListId: PrefixListId ?? null })),
      ...(UserIdGroupPairs ?? []).map(({ GroupId }) => ({ GroupId: GroupId ?? null })),
    ];
    // A rule without a source is one whose prefix list the engine has dropped.
    return (sources.length === 0 ? [{}] : sources).map((source) => ({ IpProtocol, ...ports, ...source }));
  });
}

function gathered(group: Resource, inline: ToldMap, direction: 'SecurityGroupIngress' | 'SecurityGroupEgress', { graph, told }: Surroundings): ToldMap[] {
  const own = asToldList(inline[direction]).map((rule) => permission(asToldMap(rule)));
  // A group that names no way out is given all of them (CloudFormation Template Reference, AWS::EC2::SecurityGroup).
  const preset = direction === 'SecurityGroupEgress' && own.length === 0 ? [EVERYTHING] : own;
  return [...preset, ...graph.pointingAt(group, `AWS::EC2::${direction}`, 'GroupId').map((rule) => permission(told(rule)))];
}

const STANDALONE: Reader = {
  told: (told) => ({ GroupId: told.GroupId, Permission: permission(told) }),
  async held({ ec2 }, id) {
    const rule = (await unlessGone(() => ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] }))))?.SecurityGroupRules?.[0];
    if (!rule) return undefined;
    const { GroupId = null, IpProtocol = '-1', FromPort = null, ToPort = null, CidrIpv4 = null, CidrIpv6 = null, PrefixListId = null } = rule;
    const ports: JsonMap = IpProtocol === '-1' ? {} : { FromPort, ToPort };
    return { GroupId, Permission: { IpProtocol, ...ports, CidrIp: CidrIpv4, CidrIpv6, PrefixListId, GroupId: rule.ReferencedGroupInfo?.GroupId ?? null } };
  },
};

export const SECURITY_GROUP_READERS: Readers = {
  'AWS::EC2::SecurityGroup': {
    told: (told, group, around) => ({
      ...told,
      SecurityGroupIngress: gathered(group, told, 'SecurityGroupIngress', around),
      SecurityGroupEgress: gathered(group, told, 'SecurityGroupEgress', around),
    }),
    async held({ ec2 }, id) {
      const group = (await unlessGone(() => ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))))?.SecurityGroups?.[0];
      return group && { VpcId: group.VpcId ?? null, SecurityGroupIngress: permissions(group.IpPermissions), SecurityGroupEgress: permissions(group.IpPermissionsEgress) };
    },
  },
  'AWS::EC2::SecurityGroupIngress': STANDALONE,
  'AWS::EC2::SecurityGroupEgress': STANDALONE,
};
