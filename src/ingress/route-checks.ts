import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { CLIENT_CERTIFICATE_HEADERS } from './client-certificate-headers';
import { depthOf, MAX_DEPTH } from './priorities';
import type { Route } from './route';

/** Rules that a load balancer takes over all its listeners, default actions aside (ELB guide, "Quotas for your Application Load Balancers"). */
const MAX_RULES = 100;

/**
 * Refuses routes that a load balancer could not take, or would read otherwise than they are meant.
 *
 * @param listeners how many carry a rule a route, and one that cuts the admin plane out; with two, the first refuses the headers that the second adds
 * @param hasAdmin whether the first has one more for it
 */
export function checkRoutes(scope: IConstruct, routes: readonly Route[], listeners: number, hasAdmin: boolean): void {
  if (routes.length === 0) throw invalidProp(scope, 'routes', routes, 'Declare at least one route, or Route.subtree(\'/\') for a Core that decides about its paths itself.');
  const ours = listeners + (hasAdmin ? 1 : 0) + (listeners > 1 ? CLIENT_CERTIFICATE_HEADERS.length : 0);
  const most = Math.floor((MAX_RULES - ours) / listeners);
  if (routes.length > most) {
    throw invalidProp(scope, 'routes', `${routes.length} routes`,
      `A load balancer takes ${MAX_RULES} rules, which on ${listeners === 1 ? 'one listener' : `${listeners} listeners`} is ${most} routes: declare a subtree in place of several paths.`);
  }
  const seen = new Set<string>();
  for (const route of routes) {
    route._check(scope);
    if (route._isSubtree && depthOf(route) > MAX_DEPTH) throw invalidProp(scope, 'routes', route._path, `Declare a subtree of at most ${MAX_DEPTH} segments.`);
    if (seen.has(route._name)) throw invalidProp(scope, 'routes', route._name, 'It is declared twice: declare it once.');
    seen.add(route._name);
  }
}
