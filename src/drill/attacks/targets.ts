import type { AttackTarget } from '../attack';
import type { EdgeModel, JwtModel, ListenerModel, RuleModel, TlsModel } from '../edge/model';

/** A listener of which something is known for certain, and one of its rules. */
export interface RuleTarget extends AttackTarget {
  readonly rule: RuleModel;
}

export function forwards(rule: RuleModel): boolean {
  return rule.actions.some(({ kind }) => kind === 'forward');
}

/** The token check of a rule, if it has one. */
export function jwtOf({ actions }: RuleModel): JwtModel | undefined {
  return actions.find((action) => action.kind === 'jwt');
}

export function rulesIn({ listeners }: EdgeModel): RuleTarget[] {
  return listeners.flatMap((listener) => listener.rules.map((rule) => ({ listener, rule })));
}

/** Every rule by which a request reaches the Core. */
export function forwardsIn(edge: EdgeModel): RuleTarget[] {
  return rulesIn(edge).filter(({ rule }) => forwards(rule));
}

/** Listeners that forward, each by its first rule that does: for what a listener does to all of its rules alike. */
export function forwardingListeners(edge: EdgeModel, matches: (listener: ListenerModel) => boolean = () => true): RuleTarget[] {
  return edge.listeners.filter(matches).flatMap((listener) => {
    const rule = listener.rules.find(forwards);
    return rule === undefined ? [] : [{ listener, rule }];
  });
}

/** Rules that forward what carries a token, and what the token must say. */
export function tokenRulesIn(edge: EdgeModel, matches: (jwt: JwtModel) => boolean = () => true): RuleTarget[] {
  return forwardsIn(edge).filter(({ rule }) => {
    const jwt = jwtOf(rule);
    return jwt !== undefined && matches(jwt);
  });
}

/** What `targets` promised; an attack that is handed something else cannot be carried out. */
export function ruleOf({ listener, rule }: AttackTarget): RuleModel {
  if (rule === undefined) throw new Error(`The attack needs a rule of ${listener.place.logicalId} and was given none.`);
  return rule;
}

export function tokenCheckOf(target: AttackTarget): JwtModel {
  const jwt = jwtOf(ruleOf(target));
  if (jwt === undefined) throw new Error(`The attack needs a rule of ${target.listener.place.logicalId} that asks for a token.`);
  return jwt;
}

export function tlsOf({ place, tls }: ListenerModel): TlsModel {
  if (tls === undefined) throw new Error(`The attack needs an HTTPS listener; ${place.logicalId} is none.`);
  return tls;
}
