import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkKinds, instance, listOf } from '../check-kinds';
import { Access } from '../gate/access';
import { invalidProp } from '../invalid-prop';

/** Who may use a route, and what it is like, which decides how the web ACL and the gate treat it. */
export interface RouteOptions {
  /**
   * What a caller must have (AZN-1). Without a gate nothing in front of the Core looks at it: a load balancer knows who calls and not what for.
   *
   * There is no default beside a refusal, since whatever it let in would be let in by having been forgotten.
   *
   * @default - a gate refuses the route
   */
  readonly access?: Access;

  /**
   * Whether bodies may be as long as a prompt to a language model. The web ACL then counts what it would block for a body's length or content.
   *
   * WAF sees the first 8 KB of a body behind a load balancer (AWS WAF guide, "Body inspection size limits"): the rest goes uninspected.
   *
   * @default false
   */
  readonly promptSized?: boolean;

  /**
   * Whether one request costs much more than others, so that it has a smaller budget of its own (RTL-3): with the web ACL by address, and with a gate by caller.
   *
   * @default false
   */
  readonly heavy?: boolean;

  /**
   * Whether a request may last, so that a gate counts it among its caller's open streams before the Core hears of it (RTL-4).
   *
   * Without it are streams: what upgrades to a WebSocket or accepts `text/event-stream`, and an answer that turns out to be such, which is refused in the Core's place
   * where there is no room for it; the Core has worked for nothing then. Say it of a route whose answers stream, such as `POST /v1/chat/completions`.
   *
   * @default false
   */
  readonly streams?: boolean;

  /**
   * Whether it takes credentials, as a login or token endpoint does, so that guessing has a small budget of its own.
   *
   * @default false
   */
  readonly takesCredentials?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';

/** A request that is forwarded; whatever no route names is answered 404. */
export class Route {
  /** GET of exactly this path. */
  public static get(path: string, options: RouteOptions = {}): Route {
    return new Route('GET', path, false, options);
  }

  /** POST to exactly this path. */
  public static post(path: string, options: RouteOptions = {}): Route {
    return new Route('POST', path, false, options);
  }

  /** PUT to exactly this path. */
  public static put(path: string, options: RouteOptions = {}): Route {
    return new Route('PUT', path, false, options);
  }

  /** PATCH of exactly this path. */
  public static patch(path: string, options: RouteOptions = {}): Route {
    return new Route('PATCH', path, false, options);
  }

  /** DELETE of exactly this path. */
  public static delete(path: string, options: RouteOptions = {}): Route {
    return new Route('DELETE', path, false, options);
  }

  /** Any method on this path and on every path below it, for a Core that decides about its paths itself. */
  public static subtree(path: string, options: RouteOptions = {}): Route {
    return new Route('ANY', path, true, options);
  }

  private constructor(
    /**
     * The method, or ANY.
     *
     * @internal
     */
    public readonly _method: Method,
    /**
     * Without a trailing slash, except for the root.
     *
     * @internal
     */
    public readonly _path: string,
    /**
     * Whether the paths below belong to it.
     *
     * @internal
     */
    public readonly _isSubtree: boolean,
    /**
     * Who may use it, and how the web ACL and the gate treat it.
     *
     * @internal
     */
    public readonly _options: RouteOptions,
  ) {}

  /**
   * The patterns that a listener rule names for it.
   *
   * @internal
   */
  public get _patterns(): string[] {
    if (!this._isSubtree) return [this._path];
    return this._path === '/' ? ['/*'] : [this._path, `${this._path}/*`];
  }

  /**
   * As people write it.
   *
   * @internal
   */
  public get _name(): string {
    return this._isSubtree ? `subtree ${this._path}` : `${this._method} ${this._path}`;
  }

  /**
   * The same route with more said of it, which takes the place of what it said itself.
   *
   * @internal
   */
  public _with(options: RouteOptions): Route {
    return new Route(this._method, this._path, this._isSubtree, { ...this._options, ...options });
  }

  /**
   * Refuses a path that a load balancer would read otherwise than it is meant.
   *
   * @internal
   */
  public _check(scope: IConstruct): void {
    if ((typeof this._path as unknown) !== 'string') throw invalidProp(scope, 'routes', this._path, 'Name a path, such as /v1/models.');
    checkPath(scope, 'routes', this._path);
    checkKinds(scope, this._options, { access: ACCESS }, `routes (${this._name}).`);
  }
}

const ROUTE_TODO = 'Declare it by Route.get(…), Route.post(…) or Route.subtree(…).';
/** For those whose compiler does not tell them. */
export const ROUTE = instance(Route, ROUTE_TODO);
export const ROUTES = listOf(ROUTE);
const ACCESS = instance(Access, 'Say who may use it: Access.scope(…), Access.role(…) or Access.authenticated().');

/**
 * Refuses a path that a load balancer would read otherwise than it is meant.
 *
 * A listener rule takes 128 characters (ELB API, PathPatternConditionConfig), of which a subtree needs two more, and of special ones these and some that have to be
 * escaped in a URL (ELB guide, "Add a listener rule for your Application Load Balancer"): not `,` and `=`.
 */
export function checkPath(scope: IConstruct, prop: string, path: string): void {
  if (Token.isUnresolved(path)) throw invalidProp(scope, prop, path, 'Write the path out: the order of routes has to be known at synthesis.');
  if (!/^\/(?:[A-Za-z0-9_.~@:+&$-]+(?:\/[A-Za-z0-9_.~@:+&$-]+)*)?$/.test(path) || path.length > 126 || /\/\.{1,2}(\/|$)/.test(path)) {
    throw invalidProp(scope, prop, path, 'Name an absolute path such as /v1/models: letters, digits and _ - . $ ~ @ : + & in its segments, '
      + 'no dot segment or trailing slash, at most 126 characters.');
  }
  // In either case, since a Core may not tell them apart; the load balancer does.
  if (/^\/admin(\/|$)/i.test(path)) {
    throw invalidProp(scope, prop, path, 'The admin plane is not a route: it takes a person\'s session, which the ingress\'s admin prop names.');
  }
}
