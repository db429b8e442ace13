import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Route } from '../ingress/route';
import { invalidProp, isListToken } from '../invalid-prop';
import { canonical, rolesIn } from './access';
import type { AccessCondition, PolicyConfiguration, PolicyRoute } from './contract';
import { checkRoleName, checkScopeName } from './scope-names';

/** What goes beside the routes. */
export interface AccessPolicyOptions {
  /**
   * The scopes that come with a role (AZN-3), each written out: a wildcard is refused (AZN-4).
   *
   * @default - there are no roles: scopes come from credentials alone
   */
  readonly roles?: { readonly [role: string]: string[] };
}

interface Judged {
  readonly route: Route;
  readonly rendered: PolicyRoute;
  /** What it demands, in one spelling. */
  readonly demand: string;
}

/** Answered by the gate itself, whatever is declared. */
const OWN_PATHS = /^\/\.gate(\/|$)/i;

/**
 * Which caller may do what; whatever no route names is refused (AZN-1).
 *
 * It is what the routes say of themselves, so that what a load balancer forwards and what a gate lets through are declared once.
 */
export class AccessPolicy {
  /** The policy of an ingress's routes, each with its `access`. */
  public static fromRoutes(routes: Route[], options: AccessPolicyOptions = {}): AccessPolicy {
    return new AccessPolicy(routes, options.roles ?? {});
  }

  private constructor(private readonly routes: readonly Route[], private readonly roles: Readonly<Record<string, readonly string[]>>) {}

  /**
   * As the gate is told.
   *
   * @param answered paths whose GET the gate answers itself, beside its own
   * @internal
   */
  public _serialize(scope: IConstruct, ...answered: string[]): PolicyConfiguration {
    if (this.routes.length === 0) throw invalidProp(scope, 'routes', this.routes, 'Declare at least one route with its access: a gate refuses everything else.');
    for (const [role, scopes] of Object.entries(this.roles)) checkRole(scope, role, scopes);
    const judged = this.routes.map((route) => this.judged(scope, route, answered));
    for (const [index, one] of judged.entries()) for (const other of judged.slice(0, index)) checkPair(scope, other, one);
    return { routes: judged.map(({ rendered }) => rendered), roles: Object.fromEntries(Object.entries(this.roles).map(([role, scopes]) => [role, [...new Set(scopes)]])) };
  }

  private judged(scope: IConstruct, route: Route, answered: readonly string[]): Judged {
    const { _name: name, _method: method, _path: path, _isSubtree: subtree, _options: { access, heavy = false, streams = false } } = route;
    route._check(scope);
    if (OWN_PATHS.test(path)) throw invalidProp(scope, 'routes', name, 'Declare another path: the gate answers /.gate and what is below it itself.');
    if (!subtree && method === 'GET' && answered.includes(path)) {
      throw invalidProp(scope, 'routes', name, 'Take it out: the gate answers it itself, to everybody, so that the Core would never be asked.');
    }
    if (!access) throw invalidProp(scope, `routes (${name}).access`, access, 'Say who may: Access.scope(…), Access.role(…), or Access.authenticated() for every caller who has proven who they are.');
    access._check(scope, `routes (${name}).access`);
    const undefinedRole = rolesIn(access._condition).find((role) => !Object.hasOwn(this.roles, role));
    if (undefinedRole !== undefined) {
      throw invalidProp(scope, `routes (${name}).access.role`, undefinedRole, 'Define it: AccessPolicy.fromRoutes(routes, { roles: { … } }) names each role with its scopes.');
    }
    // Two references to one thing are different tokens, and the same once resolved.
    const demand = canonical(Stack.of(scope).resolve(access._condition) as AccessCondition);
    return { route, rendered: { method, path, subtree, access: access._condition, tier: heavy ? 'heavy' : 'light', streams }, demand };
  }
}

function checkRole(scope: IConstruct, role: string, scopes: readonly string[]): void {
  const prop = `roles.${role}`;
  checkRoleName(scope, 'roles', role);
  if (scopes.length === 0 || isListToken(scopes)) throw invalidProp(scope, prop, scopes, 'Write out the scopes that come with the role, at least one.');
  for (const name of scopes) checkScopeName(scope, prop, name);
}

/** Refuses two routes of which a reader could not say which one holds. */
function checkPair(scope: IConstruct, one: Judged, other: Judged): void {
  if (one.route._name === other.route._name) throw invalidProp(scope, 'routes', other.route._name, 'It is declared twice: declare it once.');
  if (!overlap(one.rendered, other.rendered)) return;
  const differs = ([['access', one.demand === other.demand], ['heavy', one.rendered.tier === other.rendered.tier], ['streams', one.rendered.streams === other.rendered.streams]] as const)
    .find(([, agrees]) => !agrees)?.[0];
  if (differs === undefined) return;
  throw invalidProp(scope, `routes (${other.route._name}).${differs}`, `not that of ${one.route._name}`,
    `Some requests match both: give both the same ${differs}, or declare the paths of the subtree one by one.`);
}

/** Whether some request matches both. */
function overlap(one: PolicyRoute, other: PolicyRoute): boolean {
  const methods = one.method === other.method || one.method === 'ANY' || other.method === 'ANY';
  return methods && (one.path === other.path || isBelow(one, other.path) || isBelow(other, one.path));
}

function isBelow({ subtree, path }: PolicyRoute, other: string): boolean {
  return subtree && other.startsWith(path === '/' ? '/' : `${path}/`);
}
