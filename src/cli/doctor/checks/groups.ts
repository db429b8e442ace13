import type { IpPermission } from '@aws-sdk/client-ec2';
import { WORKER_ID_PREFIX_VARIABLE } from '../../../broker/contract';
import { answerOf, type Check, examine, forEach, okIf, type Result } from '../examine';
import { ofType, running, type Ward } from '../ward';

/** Who may be let in from everywhere: the group of a load balancer that everybody is meant to reach, where it listens. */
type Ports = ReadonlySet<number>;
type Group = { readonly IpPermissions?: IpPermission[] | undefined };

const EVERYBODY = /\/[0-7]$/;
/** More than one program listens on (ours). */
const MANY_PORTS = 100;

const rangesOf = ({ IpRanges = [], Ipv6Ranges = [] }: IpPermission): readonly string[] => [...IpRanges.map(({ CidrIp = '' }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 = '' }) => CidrIpv6)];
const entries = ({ IpPermissions = [] }: Group): readonly IpPermission[] => IpPermissions;

export const groupChecks = (open: Ports): readonly Check<Group>[] => [
  {
    item: 'groups.open',
    judge: (group) => {
      const everybody = entries(group).filter((entry) => rangesOf(entry).some((range) => EVERYBODY.test(range)) && !(entry.FromPort === entry.ToPort && open.has(entry.FromPort ?? -1)));
      return okIf(everybody.length === 0, `lets everybody in, to ${everybody.map(portsOf).join(', ')}`);
    },
  },
  { item: 'groups.ports', judge: (group) => okIf(!entries(group).some(isWide), 'lets somebody in to every port') },
];

export const INNER_GROUPS: readonly Check<Group>[] = [
  {
    item: 'groups.sources',
    judge: (group) => {
      const byAddress = entries(group).filter((entry) => rangesOf(entry).length > 0 || (entry.PrefixListIds ?? []).length > 0);
      return okIf(byAddress.length === 0, `lets addresses in, to ${byAddress.map(portsOf).join(', ')}`);
    },
  },
];

function portsOf({ IpProtocol, FromPort, ToPort }: IpPermission): string {
  if (IpProtocol === '-1' || FromPort === undefined) return 'every port';
  return FromPort === ToPort ? `port ${FromPort}` : `ports ${FromPort} to ${ToPort ?? ''}`;
}

/** ICMP has types where others have ports. */
function isWide({ IpProtocol = '', FromPort = 0, ToPort = 0 }: IpPermission): boolean {
  return IpProtocol === '-1' || (/^(tcp|udp)$/.test(IpProtocol) && ToPort - FromPort >= MANY_PORTS);
}

export async function examineGroups(ward: Ward): Promise<readonly Result[]> {
  const { aws, gates } = ward;
  const workers = running(ward).filter(({ service }) => service.containers.some(({ environment }) => environment.has(WORKER_ID_PREFIX_VARIABLE)));
  const tasks = [...gates, ...workers].flatMap(({ service }) => service.securityGroups);
  const [open, inner] = [await openPorts(ward), new Set([...tasks, ...await groupsOfStores(ward)])];
  return forEach(ofType(ward, 'AWS::EC2::SecurityGroup'), ({ path, physicalId: id }) => (
    examine(path, () => aws.groupOf(id), [...groupChecks(open.get(id) ?? new Set()), ...inner.has(id) ? INNER_GROUPS : []])));
}

/** By group. Of what cannot be asked nothing may be open, and elsewhere it is said that it could not. */
async function openPorts({ aws, loadBalancers }: Ward): Promise<ReadonlyMap<string, Ports>> {
  const found = new Map<string, Ports>();
  for (const { physicalId } of loadBalancers) {
    const [asked, listeners] = [await answerOf(() => aws.loadBalancerOf(physicalId)), await answerOf(() => aws.listenersOf(physicalId))];
    const balancer = 'answer' in asked ? asked.answer : undefined;
    if (balancer?.Scheme !== 'internet-facing') continue;
    const ports = new Set(('answer' in listeners ? listeners.answer ?? [] : []).flatMap(({ Port }) => Port ?? []));
    for (const id of balancer.SecurityGroups ?? []) found.set(id, ports);
  }
  return found;
}

async function groupsOfStores(ward: Ward): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { physicalId } of ofType(ward, 'AWS::RDS::DBInstance')) {
    const asked = await answerOf(() => ward.aws.databaseOf(physicalId));
    if ('answer' in asked) found.push(...(asked.answer?.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []));
  }
  for (const { physicalId } of ofType(ward, 'AWS::ElastiCache::CacheCluster')) {
    const asked = await answerOf(() => ward.aws.cacheClusterOf(physicalId));
    if ('answer' in asked) found.push(...(asked.answer?.SecurityGroups ?? []).flatMap(({ SecurityGroupId }) => SecurityGroupId ?? []));
  }
  return found;
}
