import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import { TASK_DEFINITION } from './containers';
import { eachGate } from './gate-configuration';

interface Route {
  readonly at: Property;
  readonly method: string;
  readonly path: string;
  readonly subtree: boolean;
  /** The condition, the same text for the same meaning. */
  readonly access: string;
}

/** What a condition can be, and where each keeps what it asks for. */
const KINDS: Readonly<Record<string, string | undefined>> = { authenticated: undefined, scope: 'scope', role: 'role', all: 'of', any: 'of' };

/** An empty list of conditions is met by everybody; one that nobody knows, by nobody knows whom. */
function isDemanding(access: Property): readonly Outcome[] {
  const kind = access.get('kind').text() ?? '';
  if (!Object.hasOwn(KINDS, kind)) return fail(access, 'a route of the gate has a condition of a kind that it does not know');
  const key = KINDS[kind];
  if (key === undefined) return PASS;
  const asked = access.get(key);
  if (key !== 'of') return expect(asked.partialText().text.trim() !== '', access, `a route of the gate asks for a ${key} without a name`);
  const parts = asked.items();
  return parts.length === 0 ? fail(access, 'a route of the gate asks for none of anything, which everybody has') : each(parts, isDemanding);
}

function spelled(access: Property): string {
  const kind = access.get('kind').text() ?? '';
  const key = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (key === undefined) return kind;
  const parts = key === 'of' ? [...new Set(access.get(key).items().map(spelled))].sort() : [JSON.stringify(access.get(key).partialText().text)];
  return `${kind}(${parts.join(',')})`;
}

function routeAt(at: Property): Route {
  return { at, method: at.get('method').text() ?? '', path: at.get('path').text() ?? '', subtree: at.get('subtree').flag() === true, access: spelled(at.get('access')) };
}

const isBelow = (path: string, root: string): boolean => path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);

/** Whether some request is both routes'. */
function meet(one: Route, other: Route): boolean {
  const sameMethod = one.method === other.method || one.method === 'ANY' || other.method === 'ANY';
  return sameMethod && ((one.subtree && isBelow(other.path, one.path)) || (other.subtree && isBelow(one.path, other.path)) || one.path === other.path);
}

const written = ({ method, path, subtree }: Route): string => `${method} ${path}${subtree ? ' and below' : ''}`;

function isUnambiguous(routes: readonly Route[], index: number): readonly Outcome[] {
  const route = routes[index];
  if (!route) return NOT_APPLICABLE;
  const other = routes.slice(0, index).find((earlier) => meet(earlier, route) && earlier.access !== route.access);
  return other ? fail(route.at, `${written(route)} asks for something else than ${written(other)}, and some requests are both`) : PASS;
}

const policy = defineRule('AZN-1', 'gate-policy', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the policy of a gate',
  remediation: 'Name every path once, with the scope or role that it takes. In CDK, give each Route its access.',
  check: (task) => eachGate(task, (configuration) => {
    const list = configuration.get('policy.routes');
    const places = list.items();
    if (places.length === 0) return fail(list, 'the gate knows no route, so it refuses everybody');
    return all(
      () => each(places, (place) => all(
        () => isDemanding(place.get('access')),
        () => expect((place.get('path').text() ?? '').startsWith('/'), place.get('path'), 'a route of the gate has no path that starts with /'),
      )),
      () => {
        const routes = places.map(routeAt);
        return each([...routes.keys()], (index) => isUnambiguous(routes, index));
      },
    );
  }),
});

export const AZN_RULES = [policy];
