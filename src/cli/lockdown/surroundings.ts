import { BROKER_TAG } from '../../broker/contract';
import { GATE_TAG } from '../../ingress/contract';
import { EXPOSURE_TAG } from '../../lockdown/contract';
import type { DeployedListener, LockdownAws, WebAclSummary } from './aws';
import type { FoundSwitch } from './find-switches';
import { type ToldGates, unprovenGroups, WORKERS } from './unproven';

/** A load balancer behind a switch. */
export interface ProtectedLoadBalancer {
  readonly arn: string;
  readonly listeners: readonly DeployedListener[];
  readonly gates: ToldGates;
  /** What was last deployed; undefined where nobody tagged it. */
  readonly exposure: string | undefined;
}

/** What stands around a switch. */
export interface Surroundings {
  readonly loadBalancers: readonly ProtectedLoadBalancer[];
  /** Why writing the sets would not lock, if so. */
  readonly defects: readonly string[];
}

export async function surroundingsOf(aws: LockdownAws, { sets }: FoundSwitch): Promise<Surroundings> {
  const arns = Object.values(sets).map(({ arn }) => arn);
  const readers = (await aws.webAcls()).filter((webAcl) => arns.some((arn) => JSON.stringify(webAcl.rules).includes(arn)));
  // A load balancer has one web ACL at most, so that none is met twice.
  const loadBalancers = (await Promise.all(readers.map(({ arn }) => aws.loadBalancersOf(arn)))).flat();
  return {
    loadBalancers: await protectedLoadBalancers(aws, loadBalancers),
    defects: [
      ...(readers.length === 0 ? ['no web ACL reads the sets'] : []),
      ...readers.filter((webAcl) => !blocksFirst(webAcl, arns)).map(({ name }) => `web ACL ${name} does not block by both sets in its first rule`),
      ...(readers.length > 0 && loadBalancers.length === 0 ? ['its web ACL protects no load balancer'] : []),
    ],
  };
}

export function protectedLoadBalancers(aws: LockdownAws, arns: readonly string[]): Promise<readonly ProtectedLoadBalancer[]> {
  return Promise.all(arns.map(async (arn) => {
    const listeners = await aws.listenersOf(arn);
    return { arn, listeners, gates: await gatesAmong(aws, unprovenGroups(listeners)), exposure: (await aws.tagsOf(arn)).get(EXPOSURE_TAG) };
  }));
}

async function gatesAmong(aws: LockdownAws, targetGroups: readonly string[]): Promise<ToldGates> {
  return new Map(await Promise.all(targetGroups.map(async (arn) => {
    const tags = await aws.tagsOf(arn);
    return [arn, new Set([...tags.get(GATE_TAG)?.split(' ') ?? [], ...(tags.has(BROKER_TAG) ? [WORKERS] : [])])] as const;
  })));
}

/** Whether a web ACL blocks whoever connects from one of the sets, before any other rule may let them through. */
function blocksFirst({ rules }: WebAclSummary, arns: readonly string[]): boolean {
  const [first] = [...rules].sort((a, b) => a.priority - b.priority);
  if (!first?.blocks) return false;
  const anyOf = first.statement?.OrStatement?.Statements ?? [];
  // A set that is compared with a header is one that a caller steps around.
  const read = anyOf.flatMap(({ IPSetReferenceStatement: set }) => (set && !set.IPSetForwardedIPConfig ? [set.ARN] : []));
  return arns.every((arn) => read.includes(arn));
}
