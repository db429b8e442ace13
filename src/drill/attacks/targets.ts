import type { AttackTarget } from '../attack';
import type { ConditionModel, EdgeModel, JwtModel, ListenerModel, RuleModel, TlsModel } from '../edge/model';

/** A listener of which something is known for certain, and one of its rules. */
export interface RuleTarget extends AttackTarget {
  readonly rule: RuleModel;
}

/** Whether a caller of a drill can get to the Core by a rule: nobody in it has a session, so a login that stops strangers is the end of his way. */
export function forwards({ actions, answeredByGate }: RuleModel): boolean {
  return answeredByGate === undefined && actions.find((action) => action.kind === 'forward' || (action.kind === 'login' && action.strangers !== 'allow'))?.kind === 'forward';
}

/** Whether anybody at all gets to the Core by a rule. */
export function leadsToCore({ actions, answeredByGate }: RuleModel): boolean {
  return answeredByGate === undefined && actions.some(({ kind }) => kind === 'forward');
}

/** The token check of a rule, if it has one. */
export function jwtOf({ actions }: RuleModel): JwtModel | undefined {
  return actions.find((action) => action.kind === 'jwt');
}

/** Every rule that a request may meet. */
export function rulesIn({ listeners }: EdgeModel): RuleTarget[] {
  return listeners.flatMap((listener) => listener.rules.filter((rule) => !isIdle(listener, rule)).map((rule) => ({ listener, rule })));
}

/**
 * Whether an earlier rule takes everything and this one leads nowhere, like the default action behind a rule for all paths: there is
 * nothing to attack. One that would lead to the Core stays: that it cannot be met is for whoever wrote it to hear.
 */
function isIdle({ rules }: ListenerModel, rule: RuleModel): boolean {
  return !leadsToCore(rule) && rules.slice(0, rules.indexOf(rule)).some(({ conditions }) => conditions.every(takesEverything));
}

/** Whether every request meets a condition. */
export function takesEverything(condition: ConditionModel): boolean {
  return (condition.kind === 'path' || condition.kind === 'host') && condition.values.some((value) => value === '*' || (condition.kind === 'path' && value === '/*'));
}

/** Every rule by which a request reaches the Core. */
export function forwardsIn(edge: EdgeModel): RuleTarget[] {
  return rulesIn(edge).filter(({ rule }) => forwards(rule));
}

/** Listeners that forward, each by its first rule that does: for what a listener does to all of its rules alike. */
export function forwardingListeners(edge: EdgeModel, matches: (listener: ListenerModel) => boolean = () => true, isMeant: (rule: RuleModel) => boolean = forwards): RuleTarget[] {
  return edge.listeners.filter(matches).flatMap((listener) => {
    const rule = listener.rules.find(isMeant);
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
