import type { EdgeModel, ListenerModel, Place, RuleModel } from '../edge/model';
import { gateOf } from './translate';

/**
 * A listener as it would be if its load balancer verified no token, sent nobody to a login, named no paths and methods and put no header on answers: what an
 * attack is carried out on that asks what the gate does by itself. Certificates are still verified there, for nobody else can; the web ACL has let everybody in.
 */
export function unguarded(listener: ListenerModel): ListenerModel {
  const rules = listener.rules.map((rule): RuleModel => ({ ...rule, actions: rule.actions.filter(({ kind }) => kind !== 'jwt' && kind !== 'login') }));
  const named = rules.filter(({ priority }) => priority !== 'default');
  const last = rules.filter(({ priority }) => priority === 'default');
  return { ...listener, place: unguardedPlace(listener.place), rules: [...named, ...widened(named), ...last], responseHeaders: [], serverHeader: true, webAcl: undefined };
}

/** Rules that lead to the gate whatever the path and the method, behind all that name them; where none leads there any more, those to the Core. */
function widened(rules: readonly RuleModel[]): RuleModel[] {
  const gated = rules.filter((rule) => gateOf(rule) !== undefined);
  const meant = (gated.length > 0 ? gated : rules).filter(({ actions }) => actions.some(({ kind }) => kind === 'forward'));
  const wide = meant.map((rule): RuleModel => ({ ...rule, conditions: rule.conditions.filter(({ kind }) => kind !== 'path' && kind !== 'method') }));
  return [...new Map(wide.map((rule) => [JSON.stringify([rule.conditions, rule.actions]), rule])).values()];
}

function unguardedPlace(place: Place): Place {
  return { ...place, logicalId: `${place.logicalId} without verification` };
}

/** The model with such a listener beside every one that leads, or once led, to a gate. */
export function withUnguarded(model: EdgeModel): EdgeModel {
  if (model.gates === undefined) return model;
  return { ...model, listeners: [...model.listeners, ...model.listeners.map(unguarded)] };
}
