import type { AccessCondition, PolicyConfiguration, PolicyRoute } from '../../gate/contract';
import { type Draft, meetsAll } from '../requests/matching';
import { letsIn } from '../requests/web-acl';
import type { ListenerModel, RuleModel } from '../edge/model';

/** What a caller has to be given. */
export interface Wants {
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

export const NOTHING: Wants = { scopes: [], roles: [] };

/** The least that a condition is content with, by its first alternative. */
export function wantsOf(condition: AccessCondition): Wants {
  switch (condition.kind) {
    case 'authenticated': return NOTHING;
    case 'scope': return { scopes: [condition.scope], roles: [] };
    case 'role': return { scopes: [], roles: [condition.role] };
    case 'all': return together(condition.of.map(wantsOf));
    case 'any': return condition.of.map(wantsOf)[0] ?? NOTHING;
  }
}

export function together(wants: readonly Wants[]): Wants {
  return { scopes: [...new Set(wants.flatMap(({ scopes }) => scopes))], roles: [...new Set(wants.flatMap(({ roles }) => roles))] };
}

/** Every scope and role that a policy speaks of. */
export function everythingIn({ routes, roles }: PolicyConfiguration): Wants {
  const all = together(routes.map(({ access }) => mentioned(access)));
  return { scopes: [...new Set([...all.scopes, ...Object.values(roles).flat()])], roles: [...new Set([...all.roles, ...Object.keys(roles)])] };
}

function mentioned(condition: AccessCondition): Wants {
  return condition.kind === 'all' || condition.kind === 'any' ? together(condition.of.map(mentioned)) : wantsOf(condition);
}

/** Whether somebody who has exactly that satisfies a condition: the drill's own reading of the policy, kept apart from the gate's. */
export function contents(condition: AccessCondition, has: Wants, roles: PolicyConfiguration['roles']): boolean {
  const scopes = new Set([...has.scopes, ...has.roles.flatMap((role) => roles[role] ?? [])]);
  switch (condition.kind) {
    case 'authenticated': return true;
    case 'scope': return scopes.has(condition.scope);
    case 'role': return has.roles.includes(condition.role);
    case 'all': return condition.of.every((part) => contents(part, has, roles));
    case 'any': return condition.of.some((part) => contents(part, has, roles));
  }
}

/** The routes that a request means. */
export function routesFor({ routes }: PolicyConfiguration, method: string, path: string): PolicyRoute[] {
  return routes.filter((route) => {
    const below = route.path === '/' ? '/' : `${route.path}/`;
    return (route.method === 'ANY' || route.method === method) && (path === route.path || (route.subtree && path.startsWith(below)));
  });
}

/** A draft of a request for one route of the policy. */
export function draftOn(route: PolicyRoute, draft: Draft): Draft {
  return { ...draft, method: route.method === 'ANY' ? draft.method : route.method, path: route.path };
}

/** The draft itself where the policy knows it, or else one that it does and that the rule takes too. Throws where there is none. */
export function knownTo(policy: PolicyConfiguration, draft: Draft, listener: ListenerModel, rule: RuleModel): Draft {
  const earlier = listener.rules.slice(0, listener.rules.indexOf(rule));
  const drafts = [draft, ...policy.routes.flatMap((route) => {
    const plain = draftOn(route, draft);
    return route.subtree ? [plain, { ...plain, path: `${route.path === '/' ? '' : route.path}/drill` }] : [plain];
  })];
  const found = drafts.find((each) => (
    routesFor(policy, each.method, each.path).length > 0 && meetsAll(rule, each) && !earlier.some((other) => meetsAll(other, each)) && (listener.webAcl === undefined || letsIn(listener.webAcl, each))
  ));
  if (found === undefined) throw new Error(`The gate's policy knows no request that ${rule.place.logicalId} takes.`);
  return found;
}
