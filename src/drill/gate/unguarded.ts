import type { EdgeModel, ListenerModel, Place, RuleModel } from '../edge/model';

/**
 * A listener as it would be if its load balancer verified no token, sent nobody to a login and put no header on answers: what an attack is carried out on
 * that asks what the gate does by itself. Certificates are still verified there, for nobody else can; the web ACL has let everybody in.
 */
export function unguarded(listener: ListenerModel): ListenerModel {
  const rules = listener.rules.map((rule): RuleModel => ({ ...rule, actions: rule.actions.filter(({ kind }) => kind !== 'jwt' && kind !== 'login') }));
  return { ...listener, place: unguardedPlace(listener.place), rules, responseHeaders: [], serverHeader: true, webAcl: undefined };
}

function unguardedPlace(place: Place): Place {
  return { ...place, logicalId: `${place.logicalId} without verification` };
}

/** The model with such a listener beside every one that leads, or once led, to a gate. */
export function withUnguarded(model: EdgeModel): EdgeModel {
  if (model.gates === undefined) return model;
  return { ...model, listeners: [...model.listeners, ...model.listeners.map(unguarded)] };
}
