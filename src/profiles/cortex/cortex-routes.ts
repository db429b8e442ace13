import type { IConstruct } from 'constructs';
import { checkKind } from '../../check-kinds';
import { Access } from '../../gate/access';
import { Route, ROUTE } from '../../ingress/route';
import { invalidProp } from '../../invalid-prop';

/** The document's three, each with the scope that a key has to have. None is heavy: the document has one budget for all. */
const OWN: readonly Route[] = [
  // CX-09
  Route.post('/v1/chat/completions', { access: Access.scope('chat'), streams: true, promptSized: true }),
  // CX-10
  Route.post('/v1/completions', { access: Access.scope('completions'), streams: true, promptSized: true }),
  // CX-11
  Route.post('/v1/embeddings', { access: Access.scope('embeddings'), promptSized: true }),
];

/** Everything that is forwarded. What is declared beside it is below `/v1`, where callers with keys belong (CX-01), and says who may use it (M-30). */
export function cortexRoutes(scope: IConstruct, others: readonly Route[]): Route[] {
  others.forEach((route, index) => {
    const prop = `profile.routes[${index}]`;
    checkKind(scope, prop, route, ROUTE);
    if (!route._path.startsWith('/v1/')) throw invalidProp(scope, prop, route._name, 'Name a path below /v1: nothing else of the program is for callers with keys.');
    if (!route._options.access) throw invalidProp(scope, `${prop}.access`, undefined, 'Say who may use the route, such as Access.scope(\'models\').');
    if (OWN.some((own) => own._name === route._name)) throw invalidProp(scope, prop, route._name, 'The profile forwards it already, to keys with a scope of its own: take it out.');
  });
  return [...OWN, ...others];
}
