import { isSelfAuthenticating } from '../../../checks/rules/idn-broker';
import { actionsOf } from '../../../checks/rules/load-balancing';
import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { RuleModel } from '../model';
import { placeOf } from '../../place';
import { actionsIn } from './actions';
import { conditionOf } from './conditions';
import type { Inspection } from './inspect';
import { Spot } from './spot';
import { LISTENER, LISTENER_RULE } from './types';

type NumberedRule = RuleModel & { readonly priority: number };

/** Every rule of the templates by the listener that it hangs on. */
export function rulesByListener(graph: TemplateGraph): ReadonlyMap<Resource, readonly Resource[]> {
  const found = new Map<Resource, Resource[]>();
  for (const rule of graph.ofType(LISTENER_RULE)) {
    const pointer = Spot.of(rule).get('ListenerArn');
    const listener = pointer.target(LISTENER)
      ?? pointer.refuse('the listener is in none of the templates, so the drill does not know what stands around the rule; synthesize its stack in the same app and refer to the listener by object');
    found.set(listener, [...(found.get(listener) ?? []), rule]);
  }
  return found;
}

/** AWS: "Listener rules for your Application Load Balancer". */
export function ruleOf(rule: Resource, isHttps: boolean, inspection: Inspection, graph: TemplateGraph): NumberedRule {
  inspection.inspect(rule);
  const spot = Spot.of(rule);
  const conditions = spot.get('Conditions').items();
  if (conditions.length === 0) spot.get('Conditions').refuse('a rule has at least one condition; add one, or make its actions the listener’s default');
  return {
    place: placeOf(rule),
    priority: spot.get('Priority').requiredWhole(1, 50_000),
    conditions: conditions.map(conditionOf),
    actions: actionsIn(rule, isHttps, inspection),
    ...(asksBehind(rule, graph) && { asksBehind: true }),
  };
}

/** The exception of IDN-1 for credential brokers: what stops strangers there is attacked where the function itself runs (WCC-1). */
function asksBehind(rule: Resource, graph: TemplateGraph): boolean {
  const [only, ...others] = actionsOf(rule);
  return only?.get('Type').text() === 'forward' && others.length === 0 && isSelfAuthenticating(rule, only, graph);
}

/** What happens to requests that no rule takes. */
export function defaultRule(listener: Resource, isHttps: boolean, inspection: Inspection): RuleModel {
  return { place: placeOf(listener), priority: 'default', conditions: [], actions: actionsIn(listener, isHttps, inspection) };
}
