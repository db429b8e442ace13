import { FAMILIES, LOCKDOWN_TYPE, setNameOf } from '../../lockdown/contract';
import { explainAwsError } from '../aws-errors';
import { UsageError } from '../usage-error';
import type { ByFamily, LockdownAws, SetSummary, StackResource } from './aws';
import { findGateTables } from './flags';
import type { LockdownWorld } from './world';

/** A switch as it stands in the account. */
export interface FoundSwitch {
  /** Its place in the stack, for messages. */
  readonly path: string;
  readonly sets: ByFamily<SetSummary>;
}

interface Switches {
  readonly switches: readonly FoundSwitch[];
  /** Why other switches of the stack cannot be flipped, a sentence each. */
  readonly broken: readonly string[];
}

/** All by which a stack can be locked. */
export interface SwitchesOfStack extends Switches {
  /** Of its gates. */
  readonly tables: readonly string[];
  /** The ARNs of the stack's own application load balancers; no other kind can have a web ACL. */
  readonly loadBalancers: readonly string[];
}

/** The switches and the gates' tables of a stack; a stack with several Cores has several. */
export async function findSwitches({ aws, tables }: Pick<LockdownWorld, 'aws' | 'tables'>, stack: string): Promise<SwitchesOfStack> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const declared = resources.filter(({ type }) => type === LOCKDOWN_TYPE);
  const [gates, sets] = await Promise.all([findGateTables(resources, tables), setsByName(aws, declared)]);
  if (declared.length === 0 && gates.tables.length === 0) {
    throw new UsageError(gates.broken[0] ?? `Stack ${stack} has no lock-down switch and no gate: deploy a SecureCore, a SecureIngress or a WebAcl with it.`);
  }
  // Where a gate can be locked, not seeing the sets is no reason to leave it open.
  if (sets.failure !== undefined && gates.tables.length === 0) throw sets.failure;
  const { switches, broken } = sets.failure === undefined ? standingSwitches(declared, sets.byName) : unseen(declared, sets.failure);
  const loadBalancers = resources.filter(({ type, physicalId }) => type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && physicalId.includes(':loadbalancer/app/'));
  return { switches, broken: [...broken, ...gates.broken], tables: gates.tables, loadBalancers: loadBalancers.map(({ physicalId }) => physicalId) };
}

type Sets = { readonly byName: ReadonlyMap<string, SetSummary>; readonly failure?: undefined } | { readonly failure: Error };

async function setsByName(aws: LockdownAws, declared: readonly StackResource[]): Promise<Sets> {
  if (declared.length === 0) return { byName: new Map() };
  try {
    return { byName: new Map((await aws.ipSets()).map((set) => [set.name, set])) };
  } catch (error) {
    return { failure: error instanceof Error ? error : new Error('unknown') };
  }
}

function standingSwitches(declared: readonly StackResource[], byName: ReadonlyMap<string, SetSummary>): Switches {
  const switches: FoundSwitch[] = [];
  const broken: string[] = [];
  for (const { path, physicalId } of declared) {
    const [IPV4, IPV6] = [byName.get(setNameOf(physicalId, 'IPV4')), byName.get(setNameOf(physicalId, 'IPV6'))];
    if (IPV4 && IPV6) {
      switches.push({ path, sets: { IPV4, IPV6 } });
    } else {
      const gone = FAMILIES.map((family) => setNameOf(physicalId, family)).filter((name) => !byName.has(name));
      broken.push(`${path} has no IP set ${gone.join(' and ')}: change a tag of the switch and deploy, which makes it again.`);
    }
  }
  return { switches, broken };
}

function unseen(declared: readonly StackResource[], failure: Error): Switches {
  return { switches: [], broken: declared.map(({ path }) => `${path}: its IP sets cannot be found. ${explainAwsError(failure, { service: 'AWS WAF' })}`) };
}
