import type { IConstruct } from 'constructs';
import { checkKind } from '../check-kinds';
import { invalidProp } from '../invalid-prop';
import { CLIENT_CERTIFICATE_HEADERS } from './client-certificate-headers';
import { depthOf, MAX_DEPTH } from './priorities';
import { type Route, ROUTES } from './route';

/** Rules that a load balancer takes over all its listeners, default actions aside (ELB guide, "Quotas for your Application Load Balancers"). */
const MAX_RULES = 100;

/** What takes up rules. */
export interface RuleCount {
  readonly routes: number;
  /** How many carry a rule a route, and one that cuts the admin plane out; with two, the first refuses the headers that the second adds. */
  readonly listeners: number;
  /** Whether the first has one more for it. */
  readonly hasAdmin: boolean;
  /** Rules on each listener for what is answered to everybody. */
  readonly anonymous?: number;
}

/** Refuses more routes than a load balancer has rules for. */
export function checkRuleCount(scope: IConstruct, { routes, listeners, hasAdmin, anonymous = 0 }: RuleCount): void {
  const ours = listeners * (1 + anonymous) + (hasAdmin ? 1 : 0) + (listeners > 1 ? CLIENT_CERTIFICATE_HEADERS.length : 0);
  const most = Math.floor((MAX_RULES - ours) / listeners);
  if (routes <= most) return;
  throw invalidProp(scope, 'routes', `${routes} routes`,
    `A load balancer takes ${MAX_RULES} rules, which on ${listeners === 1 ? 'one listener' : `${listeners} listeners`} is ${most} routes: declare a subtree in place of several paths.`);
}

/** Refuses routes that a load balancer could not take, or would read otherwise than they are meant. */
export function checkRoutes(scope: IConstruct, routes: readonly Route[], listeners: number, hasAdmin: boolean): void {
  checkKind(scope, 'routes', routes, ROUTES);
  if (routes.length === 0) throw invalidProp(scope, 'routes', routes, 'Declare at least one route, or Route.subtree(\'/\') for a Core that decides about its paths itself.');
  checkRuleCount(scope, { routes: routes.length, listeners, hasAdmin });
  const seen = new Set<string>();
  for (const route of routes) {
    route._check(scope);
    if (route._isSubtree && depthOf(route) > MAX_DEPTH) throw invalidProp(scope, 'routes', route._path, `Declare a subtree of at most ${MAX_DEPTH} segments.`);
    if (seen.has(route._name)) throw invalidProp(scope, 'routes', route._name, 'It is declared twice: declare it once.');
    seen.add(route._name);
  }
}

/** Refuses a subtree where nobody has proven anything yet: strangers may ask for what is spelled out, and for nothing else (design of IDN-1). */
export function checkGateOnlyRoutes(scope: IConstruct, routes: readonly Route[]): void {
  const subtree = routes.find(({ _isSubtree }) => _isSubtree);
  if (!subtree) return;
  throw invalidProp(scope, 'routes', subtree._name,
    'Declare its paths one by one: with Authorizer.gateOnly the load balancer forwards before anybody has proven anything, so each path is spelled out.');
}

/** Refuses all but POST of exact paths where a function asks for every proof: whatever else were forwarded would be a paid call for strangers. */
export function checkFunctionRoutes(scope: IConstruct, routes: readonly Route[]): void {
  const other = routes.find(({ _isSubtree, _method }) => _isSubtree || _method !== 'POST');
  if (other) throw invalidProp(scope, 'routes', other._name, 'Declare POST of exact paths: the load balancer forwards before anybody has proven anything.');
}
