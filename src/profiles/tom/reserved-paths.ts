import type { IConstruct } from 'constructs';
import { checkKind } from '../../check-kinds';
import { ROUTE, type Route } from '../../ingress/route';
import { invalidProp } from '../../invalid-prop';

/** What tom and its workers say to each other, and the path of it that is not served at all (C-17). */
const RESERVED = ['/checkout', '/worker', '/credentials'];

/** Refuses routes by which callers would reach what is for workers: whoever has a key could ask for credentials of devices. */
export function checkReserved(scope: IConstruct, routes: readonly Route[]): void {
  for (const [index, route] of routes.entries()) {
    checkKind(scope, `profile.routes[${index}]`, route, ROUTE);
    // In either case, since a program may not tell them apart.
    const path = route._path.toLowerCase();
    const reserved = RESERVED.find((one) => path === one || path.startsWith(`${one}/`) || (route._isSubtree && path === '/'));
    if (reserved === undefined) continue;
    throw invalidProp(scope, `profile.routes[${index}]`, route._name,
      `${reserved} is between tom and its workers, and no caller's: declare the paths of callers without it, one by one or as subtrees beside it.`);
  }
}
