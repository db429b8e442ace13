import type { AccessCondition, PolicyConfiguration, PolicyRoute, RouteTier } from '../../gate/contract';
import type { Identity } from './ports';

/** What the routes that match a request say together. */
export interface MatchedRoute {
  /** Of the most specific one, as it is declared: `POST /v1/chat/completions` or `ANY /v1/*`. */
  readonly action: string;
  /** Heavy if any of them is (RTL-3). */
  readonly tier: RouteTier;
  /** Whether any of them streams (RTL-4). */
  readonly streams: boolean;
  /** Each of them has to let the caller through. */
  permits(identity: Identity): boolean;
}

/** A policy that has been read once, at start, and is asked for every request: nothing in it waits for anybody. */
export interface CompiledPolicy {
  /**
   * Undefined where no route is declared; then nobody goes on (AZN-1).
   *
   * @param method as it arrived: methods are case-sensitive (RFC 9110, section 9.1)
   * @param path as it arrived, past the hygiene, without the query
   */
  match(method: string, path: string): MatchedRoute | undefined;

  /** Whether some method of a path is declared, so that a preflight about it is answered. */
  isDeclared(path: string): boolean;

  /** The methods of a path that are declared, for a preflight; none for a path that is not. */
  methodsOf(path: string): string[];
}

type Demand = (identity: Identity) => boolean;

/** What a subtree takes. OPTIONS is the gate's own to answer, and methods that nobody has thought of are nobody's. */
const EVERY_METHOD: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** No subtree has these: one is the gate's own, the other takes a person's session (IDN-10). In either case, since a Core may not tell them apart. */
const NEVER_DECLARED = /^\/(?:\.gate|admin)(?:\/|$)/i;

/**
 * Reads a policy: `compilePolicy(configuration.policy)`, once, at start.
 *
 * A path is compared byte for byte and never decoded, so `/v1/%63hat` is not `/v1/chat`. Where several routes match, each has to let the caller through:
 * the construct refuses routes that would disagree, and what slips past it closes here.
 */
export function compilePolicy({ routes, roles }: PolicyConfiguration): CompiledPolicy {
  const grants = new Map(Object.entries(roles).map(([role, scopes]) => [role, new Set(scopes)]));
  const exact = grouped(routes.filter(({ subtree }) => !subtree), grants);
  const subtrees = grouped(routes.filter(({ subtree }) => subtree), grants);
  const longest = Math.max(0, ...[...subtrees.keys()].map((path) => path.length));

  /** Those of the routes that match, by method, the most specific first. */
  const matching = (path: string): Map<string, MatchedRoute[]>[] => {
    if (isOutOfReach(path)) return [];
    return [exact.get(path), ...rootsOf(path, longest).reverse().map((root) => subtrees.get(root))].filter((found) => found !== undefined);
  };
  const methodsOf = (path: string): string[] => {
    const named = new Set(matching(path).flatMap((byMethod) => [...byMethod.keys()]));
    return EVERY_METHOD.filter((method) => named.has(method));
  };

  return {
    match(method, path) {
      const [route, ...others] = matching(path).flatMap((byMethod) => byMethod.get(method) ?? []);
      return route && (others.length === 0 ? route : together(route, others));
    },
    isDeclared: (path) => methodsOf(path).length > 0,
    methodsOf,
  };
}

function together(route: MatchedRoute, others: readonly MatchedRoute[]): MatchedRoute {
  const all = [route, ...others];
  return {
    action: route.action,
    tier: all.some(({ tier }) => tier === 'heavy') ? 'heavy' : 'light',
    streams: all.some(({ streams }) => streams),
    permits: (identity) => all.every((each) => each.permits(identity)),
  };
}

/** Routes by path and method. Maps, since a path or a role may be called `__proto__`. */
function grouped(routes: readonly PolicyRoute[], grants: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Map<string, MatchedRoute[]>> {
  const byPath = new Map<string, Map<string, MatchedRoute[]>>();
  for (const { method, path, subtree, access, tier, streams } of routes) {
    const byMethod = byPath.get(path) ?? new Map<string, MatchedRoute[]>();
    byPath.set(path, byMethod);
    const declared = subtree ? `${path === '/' ? '' : path}/*` : path;
    const route = { action: `${method} ${declared}`, tier, streams, permits: compiled(access, grants) };
    for (const each of method === 'ANY' ? EVERY_METHOD : [method]) byMethod.set(each, [...byMethod.get(each) ?? [], route]);
  }
  return byPath;
}

/** The paths whose subtree a path may belong to: itself and all above it, none longer than the longest that is declared. */
function rootsOf(path: string, longest: number): string[] {
  const roots = path.startsWith('/') ? ['/'] : [];
  for (let end = path.indexOf('/', 1); end > 0 && end <= longest; end = path.indexOf('/', end + 1)) roots.push(path.slice(0, end));
  return path.length <= longest && path !== '/' ? [...roots, path] : roots;
}

/** Whether a path is, or decodes to, one that nobody can declare. One that cannot be decoded is none of anybody's. */
function isOutOfReach(path: string): boolean {
  try {
    return NEVER_DECLARED.test(decodeURIComponent(path));
  } catch {
    return true;
  }
}

function compiled(access: AccessCondition, grants: ReadonlyMap<string, ReadonlySet<string>>): Demand {
  switch (access.kind) {
    case 'authenticated': return () => true;
    case 'role': {
      const { role } = access;
      return ({ roles }) => roles.has(role);
    }
    case 'scope': {
      const { scope } = access;
      const givenBy = new Set([...grants].filter(([, scopes]) => scopes.has(scope)).map(([role]) => role));
      return ({ scopes, roles }) => scopes.has(scope) || [...roles].some((role) => givenBy.has(role));
    }
    default: {
      const parts = access.of.map((part) => compiled(part, grants));
      // Without any, `every` would let everybody through.
      if (access.kind === 'all') return (identity) => parts.length > 0 && parts.every((part) => part(identity));
      return (identity) => parts.some((part) => part(identity));
    }
  }
}
