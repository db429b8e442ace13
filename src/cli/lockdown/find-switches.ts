import { FAMILIES, LOCKDOWN_TYPE, setNameOf } from '../../lockdown/contract';
import { UsageError } from '../usage-error';
import type { ByFamily, LockdownAws, SetSummary } from './aws';

/** A switch as it stands in the account. */
export interface FoundSwitch {
  /** Its place in the stack, for messages. */
  readonly path: string;
  readonly sets: ByFamily<SetSummary>;
}

export interface SwitchesOfStack {
  readonly switches: readonly FoundSwitch[];
  /** Why other switches of the stack cannot be flipped, a sentence each. */
  readonly broken: readonly string[];
  /** The ARNs of the stack's own application load balancers; no other kind can have a web ACL. */
  readonly loadBalancers: readonly string[];
}

/** The switches of a stack; a stack with several Cores has several. */
export async function findSwitches(aws: LockdownAws, stack: string): Promise<SwitchesOfStack> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const found = resources.filter(({ type }) => type === LOCKDOWN_TYPE);
  if (found.length === 0) throw new UsageError(`Stack ${stack} has no lock-down switch: deploy a SecureCore, a SecureIngress or a WebAcl with it.`);
  const byName = new Map((await aws.ipSets()).map((set) => [set.name, set]));
  const switches: FoundSwitch[] = [];
  const broken: string[] = [];
  for (const { path, physicalId } of found) {
    const [IPV4, IPV6] = [byName.get(setNameOf(physicalId, 'IPV4')), byName.get(setNameOf(physicalId, 'IPV6'))];
    if (IPV4 && IPV6) {
      switches.push({ path, sets: { IPV4, IPV6 } });
    } else {
      const gone = FAMILIES.map((family) => setNameOf(physicalId, family)).filter((name) => !byName.has(name));
      broken.push(`${path} has no IP set ${gone.join(' and ')}: change a tag of the switch and deploy, which makes it again.`);
    }
  }
  const loadBalancers = resources.filter(({ type, physicalId }) => type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && physicalId.includes(':loadbalancer/app/'));
  return { switches, broken, loadBalancers: loadBalancers.map(({ physicalId }) => physicalId) };
}
