import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { BlockModel, WafRuleModel, WafStatement, WafVerdict, WebAclModel } from '../model';
import { placeOf } from '../../place';
import type { Inspection } from './inspect';
import { only } from './only';
import { Spot } from './spot';
import { isGroup, statementOf } from './statements';
import { LOAD_BALANCER, WEB_ACL, WEB_ACL_ASSOCIATION } from './types';
import { Unreadable } from './unreadable';

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
  const labels = new Labels();
  const bodies = spot.get('CustomResponseBodies');
  const inOrder = spot.get('Rules').items().map((rule) => ({ rule, priority: rule.get('Priority').requiredWhole(0, 2_147_483_647) })).sort((a, b) => a.priority - b.priority);
  const twin = inOrder.find(({ priority }, index) => priority === inOrder[index + 1]?.priority);
  if (twin) spot.get('Rules').refuse(`two rules have priority ${twin.priority}; give one of them another`);
  return {
    place: placeOf(webAcl),
    defaultAction: verdictOf(spot.get('DefaultAction'), ['Allow', 'Block'], bodies),
    rules: inOrder.flatMap(({ rule, priority }) => ruleOf(rule, priority, { inspection, bodies, labels })),
  };
}

interface RuleContext {
  readonly inspection: Inspection;
  readonly bodies: Spot;
  readonly labels: Labels;
}

/**
 * Nothing for a rule whose actions are those of a group: the group is reported as not emulated. Nothing, and a report, for a rule that blocks or counts
 * by what cannot be told of a request: what it stops is then stopped by nobody. One that allows cannot be left out: rules behind it would seem to hold for all.
 */
function ruleOf(rule: Spot, priority: number, { inspection, bodies, labels }: RuleContext): WafRuleModel[] {
  const statement = rule.get('Statement');
  const action = rule.get('Action');
  const override = rule.get('OverrideAction');
  if (isGroup(statement)) {
    only(override, ['None', 'Count']);
    if (action.exists) action.refuse('a rule group has an OverrideAction in its place; take it out');
    return [];
  }
  if (override.exists) override.refuse('only rule groups take it; write an Action');
  const verdict = verdictOf(action, ['Allow', 'Block', 'Count'], bodies);
  try {
    const model = { name: rule.get('Name').requiredText(), priority, action: verdict, statement: statementOf(statement, { inspection, labelled: (key, scope) => labels.find(key, scope) }) };
    labels.give(rule.get('RuleLabels'), model.statement);
    return [model];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (verdict.kind === 'allow') return error.spot.refuse(`${error.reason}, and the rule lets requests past those behind it; take it out to drill the rest`);
    labels.give(rule.get('RuleLabels'), undefined);
    inspection.omit(error.spot.resource, `${error.reason}, so the whole rule is left out`, error.spot.path);
    return [];
  }
}

/** AWS: "Using rule actions in AWS WAF", and for the answer "Sending custom responses for Block actions". */
function verdictOf(action: Spot, known: readonly ('Allow' | 'Block' | 'Count')[], bodies: Spot): WafVerdict {
  switch (only(action, known)) {
    case 'Allow': return { kind: 'allow' };
    case 'Count': return { kind: 'count' };
    case 'Block': return blockOf(action.get('Block').get('CustomResponse'), bodies);
  }
}

const CONTENT_TYPES = { TEXT_PLAIN: 'text/plain', TEXT_HTML: 'text/html', APPLICATION_JSON: 'application/json' } as const;

function blockOf(response: Spot, bodies: Spot): BlockModel {
  if (!response.exists) return { kind: 'block', status: 403 };
  const headers = response.get('ResponseHeaders').items().map((header) => ({ name: header.get('Name').requiredText(), value: header.get('Value').requiredText() }));
  const key = response.get('CustomResponseBodyKey');
  return {
    kind: 'block',
    status: response.get('ResponseCode').requiredWhole(200, 599),
    ...(headers.length === 0 ? {} : { headers }),
    ...(key.exists ? { body: bodyOf(key, bodies) } : {}),
  };
}

function bodyOf(key: Spot, bodies: Spot): BlockModel['body'] {
  const body = bodies.get(key.requiredText());
  if (!body.exists) key.refuse('the web ACL has no CustomResponseBodies of this name; add it');
  return { contentType: CONTENT_TYPES[body.get('ContentType').requiredOneOf(['TEXT_PLAIN', 'TEXT_HTML', 'APPLICATION_JSON'])], text: body.get('Content').requiredText() };
}

/** What rules have told later ones. AWS: "Label match rule statement": by the whole name, or by the namespace that it begins with. */
class Labels {
  private readonly given: { readonly name: string; readonly statement: WafStatement | undefined }[] = [];

  /** A rate rule labels what is beyond its limit, which nothing but its own filter can tell. */
  public give(list: Spot, statement: WafStatement | undefined): void {
    for (const label of list.items()) this.given.push({ name: label.get('Name').requiredText(), statement: statement?.kind === 'rate' ? undefined : statement });
  }

  public find(key: string, scope: 'LABEL' | 'NAMESPACE'): WafStatement | undefined {
    const found = this.given.filter(({ name }) => (scope === 'LABEL' ? name === key : name.startsWith(key))).map(({ statement }) => statement);
    const known = found.filter((statement) => statement !== undefined);
    return found.length === 0 || known.length < found.length ? undefined : { kind: 'or', statements: known };
  }
}
