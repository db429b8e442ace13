import { type Outcome, guarded } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { looseIn, oncePerGraph } from './pointers';

export const WEB_ACL = 'AWS::WAFv2::WebACL';
export const WEB_ACL_ASSOCIATION = 'AWS::WAFv2::WebACLAssociation';

export const priorityOf = (rule: Property): number => rule.get('Priority').number() ?? 0;

/** Associations that a load balancer may turn out to have. */
export const looseAssociations = oncePerGraph((graph) => looseIn(graph, WEB_ACL_ASSOCIATION, 'ResourceArn'));

export function associationsOf(loadBalancer: Resource, graph: TemplateGraph): readonly Resource[] {
  return graph.pointingAt(loadBalancer, WEB_ACL_ASSOCIATION, 'ResourceArn');
}

/** The finding is the load balancer's; the place is in what protects it, and the message names the resource that the place is in. */
export function located(resource: Resource, kind: string, check: () => readonly Outcome[]): readonly Outcome[] {
  const outside = (outcome: Outcome): Outcome => {
    if (outcome.kind === 'pass' || !outcome.path.startsWith(`${resource.logicalId}.`)) return outcome;
    return { ...outcome, message: `${kind} ${resource.logicalId} ${outcome.message}` };
  };
  return guarded(check).map(outside);
}

const RULE_GROUP = 'AWS::WAFv2::RuleGroup';

/** Where web ACLs, their rules and those of their rule groups say whether samples of requests are kept. */
export function visibilitiesOf(acl: Resource): Property[] {
  const rules = acl.prop('Rules').items();
  const groups = rules.flatMap((rule) => {
    const { value } = rule.get('Statement.RuleGroupReferenceStatement.Arn');
    return value instanceof Reference && value.resource.type === RULE_GROUP ? [value.resource] : [];
  });
  const owners = [acl, ...groups].flatMap((owner) => [owner.whole, ...owner.prop('Rules').items()]);
  return owners.map((owner) => owner.get('VisibilityConfig'));
}
