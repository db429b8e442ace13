import { createHash } from 'crypto';
import type { Route } from './route';

/** Where the priorities of an ingress's listener rules lie; a load balancer takes 1 to 50000 (ELB API, CreateRule). */
export interface PriorityPlan {
  /** Of the rules that refuse a claimed identity, one for each header; before everything that forwards. */
  readonly claimedIdentity: number;
  /** Of the rules that cut the admin plane out. */
  readonly cutOut: number;
  /** Of the two rules for what a gate answers to everybody: after the admin plane, before all that takes a proof. */
  readonly anonymous: number;
  /** Of routes that name one path; they go before subtrees. */
  readonly exact: Band;
  /** Of subtrees, a band for each depth: the deepest first, so that `/v1/admin/*` goes before `/v1/*`. */
  readonly subtrees: Band;
}

interface Band {
  readonly from: number;
  readonly count: number;
}

/** Subtrees further down are refused, so that each depth has a band. */
export const MAX_DEPTH = 19;

/** On a load balancer of its own: exact routes from 1000 to 29999, subtrees from 30000 to 49999. */
export const OWN_PRIORITIES: PriorityPlan = { claimedIdentity: 1, cutOut: 11, anonymous: 21, exact: { from: 1000, count: 29_000 }, subtrees: { from: 30_000, count: 1000 } };

/** How many priorities an ingress on somebody else's listener takes up at most. */
export const SHARED_SPAN = 10_000;

/** On a listener with rules of others: a tenth of the priorities, from a base on. */
export function sharedPriorities(base: number): PriorityPlan {
  return { claimedIdentity: base, cutOut: base + 10, anonymous: base + 20, exact: { from: base + 100, count: 3900 }, subtrees: { from: base + 4000, count: 300 } };
}

/** A route with what it has to be found under again in the next deployment. */
export interface PlacedRoute {
  readonly route: Route;
  readonly id: string;
  readonly priority: number;
}

/**
 * Gives each route a priority that comes from its own method and path, so that adding a route does not renumber another one:
 * CloudFormation cannot swap the priorities of two rules.
 *
 * Where two routes come upon the same number, the one that is declared later takes the next free one.
 */
export function placed(routes: readonly Route[], plan: PriorityPlan): PlacedRoute[] {
  const taken = new Set<number>();
  return routes.map((route) => {
    const { from, count } = bandOf(route, plan);
    let slot = hashOf(route).readUInt32BE() % count;
    while (taken.has(from + slot)) slot = (slot + 1) % count;
    taken.add(from + slot);
    return { route, id: idOf(route), priority: from + slot };
  });
}

/** How many segments a path has. */
export function depthOf({ _path: path }: Route): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}

function bandOf(route: Route, { exact, subtrees: { from, count } }: PriorityPlan): Band {
  return route._isSubtree ? { from: from + (MAX_DEPTH - depthOf(route)) * count, count } : exact;
}

function hashOf(route: Route): Buffer {
  return createHash('sha256').update(`${route._method} ${route._patterns.join(' ')}`).digest();
}

/** `POST /v1/evaluate` is `PostV1Evaluate`. A path that cannot be read back from that gets a few characters of its hash. */
function idOf(route: Route): string {
  const segments = route._path.split('/').filter((segment) => segment !== '');
  const verb = route._isSubtree ? 'Subtree' : pascal(route._method.toLowerCase());
  const isPlain = segments.every((segment) => /^[a-z][a-z0-9]*$/.test(segment));
  const words = segments.flatMap((segment) => segment.split(/[^A-Za-z0-9]+/)).map(pascal);
  return [verb, ...words, ...(isPlain ? [] : [hashOf(route).toString('hex', 0, 4)])].join('');
}

function pascal(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
