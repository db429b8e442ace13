import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { WafRuleModel, WafVerdict, WebAclModel } from '../model';
import { placeOf } from '../../place';
import type { Inspection } from './inspect';
import { only } from './only';
import { Spot } from './spot';
import { isGroup, statementOf } from './statements';
import { LOAD_BALANCER, WEB_ACL, WEB_ACL_ASSOCIATION } from './types';

/**
 * The web ACL of each load balancer that has one; others, such as those of CloudFront, protect something else. It is asked before any listener rule is looked at.
 * AWS: "AWS WAF FAQs", how AWS WAF blocks or allows traffic; "Application Load Balancers and AWS WAF".
 */
export function webAclsByLoadBalancer(graph: TemplateGraph, inspection: Inspection): ReadonlyMap<Resource, WebAclModel> {
  const found = new Map<Resource, WebAclModel>();
  const associated = new Map<Resource, Resource>();
  for (const association of graph.ofType(WEB_ACL_ASSOCIATION)) {
    const loadBalancer = Spot.of(association).get('ResourceArn').target(LOAD_BALANCER);
    if (!loadBalancer) continue;
    inspection.inspect(association);
    const pointer = Spot.of(association).get('WebACLArn');
    const other = associated.get(loadBalancer);
    if (other) pointer.refuse(`${other.logicalId} gives ${loadBalancer.logicalId} a web ACL too, and it can have only one; keep one of the two`);
    associated.set(loadBalancer, association);
    const webAcl = pointer.target(WEB_ACL);
    if (webAcl) found.set(loadBalancer, translateWebAcl(webAcl, inspection));
    else inspection.omit(association, 'the web ACL is in none of the templates, and with it what it blocks', pointer.path);
  }
  return found;
}

/** AWS: "Setting rule priority in a protection pack (web ACL)": the lowest first, until one allows or blocks; then the default. */
function translateWebAcl(webAcl: Resource, inspection: Inspection): WebAclModel {
  inspection.inspect(webAcl);
  const spot = Spot.of(webAcl);
  const rules = spot.get('Rules').items().flatMap((rule) => ruleOf(rule, inspection));
  rules.sort((a, b) => a.priority - b.priority);
  const twin = rules.find((rule, index) => rule.priority === rules[index + 1]?.priority);
  if (twin) spot.get('Rules').refuse(`two rules have priority ${twin.priority}; give one of them another`);
  return { place: placeOf(webAcl), defaultAction: verdictOf(spot.get('DefaultAction'), ['Allow', 'Block']), rules };
}

/** Nothing for a rule whose actions are those of a group: the group is reported as not emulated. */
function ruleOf(rule: Spot, inspection: Inspection): WafRuleModel[] {
  const statement = rule.get('Statement');
  const action = rule.get('Action');
  const override = rule.get('OverrideAction');
  if (isGroup(statement)) {
    only(override, ['None', 'Count']);
    if (action.exists) action.refuse('a rule group has an OverrideAction in its place; take it out');
    return [];
  }
  if (override.exists) override.refuse('only rule groups take it; write an Action');
  return [{
    name: rule.get('Name').requiredText(),
    priority: rule.get('Priority').requiredWhole(0, 2_147_483_647),
    action: verdictOf(action, ['Allow', 'Block', 'Count']),
    statement: statementOf(statement, inspection),
  }];
}

/** AWS: "Using rule actions in AWS WAF", and for the status "Sending custom responses for Block actions". */
function verdictOf(action: Spot, known: readonly ('Allow' | 'Block' | 'Count')[]): WafVerdict {
  switch (only(action, known)) {
    case 'Allow': return { kind: 'allow' };
    case 'Count': return { kind: 'count' };
    case 'Block': {
      const response = action.get('Block').get('CustomResponse');
      return { kind: 'block', status: response.exists ? response.get('ResponseCode').requiredWhole(200, 599) : 403 };
    }
  }
}
