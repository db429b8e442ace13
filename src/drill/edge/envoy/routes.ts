import type { ActionModel, JwtModel, ListenerModel, Place, RuleModel, TargetModel } from '../model';
import { matchOf } from './conditions';
import type { Fragment } from './fragment';
import { overwrite, requestHeaders, verbatim } from './headers';
import { InexpressibleError } from './inexpressible';
import type { JwtFilters } from './jwt';
import { redirect } from './redirect';

export const CORE_CLUSTER = 'core';

/** Whatever stands behind a gate's target groups, by its task definition. */
export function clusterOfGate({ stack, logicalId }: Place, port?: TargetModel['port']): string {
  return ['gate', `${stack}/${logicalId}`, ...(port === undefined ? [] : [port])].join(' ');
}

type Answer = Exclude<ActionModel, JwtModel>;

/**
 * The rules of a listener: the first whose conditions all hold answers (elasticloadbalancing/latest/application/listener-rules.html). Before
 * them stands what the load balancer refuses whatever its rules say: TRACE (load-balancer-troubleshooting.html, HTTP 405).
 */
export function routes(listener: ListenerModel, jwts: JwtFilters): Fragment {
  const inOrder = [
    { name: 'trace', match: matchOf([{ kind: 'method', values: ['TRACE'] }]), direct_response: { status: 405 } },
    ...listener.rules.map((rule) => routeOf(listener, rule, jwts)),
  ];
  return { virtual_hosts: [{ name: 'rules', domains: ['*'], routes: inOrder }], ...requestHeaders(listener) };
}

/** Actions are carried out in order, so a login that answers strangers keeps a token check behind it from being reached. */
function routeOf(listener: ListenerModel, rule: RuleModel, jwts: JwtFilters): Fragment {
  const end = rule.actions.findIndex((action) => answers(action));
  const answer = rule.actions[end];
  if (answer === undefined || answer.kind === 'jwt') throw new InexpressibleError(rule.place, 'a rule without an action that answers', 'AWS refuses it as well');
  const tokens = rule.actions.slice(0, end).filter((action) => action.kind === 'jwt');
  const [token, ...more] = tokens;
  if (more.length > 0) throw new InexpressibleError(rule.place, 'a rule that verifies more than one token', 'AWS takes one jwt-validation action');
  return {
    name: `rule ${rule.priority}`,
    match: matchOf(rule.conditions),
    ...answerOf(listener, rule, answer),
    ...(token && { typed_per_filter_config: jwts.onRoute(token) }),
  };
}

function answers(action: ActionModel): boolean {
  return action.kind !== 'jwt' && !(action.kind === 'login' && action.strangers === 'allow');
}

function answerOf(listener: ListenerModel, rule: RuleModel, action: Answer): Fragment {
  switch (action.kind) {
    // A stream may be as long as it likes, only not idle.
    case 'forward': return { route: { ...clustersOf(action.targets), timeout: '0s' } };
    case 'redirect': return { redirect: redirect(listener, rule.place, action) };
    case 'fixed-response': return {
      direct_response: { status: action.status, body: { inline_string: action.body } },
      response_headers_to_add: [overwrite({ name: 'content-type', value: verbatim(action.contentType) })],
    };
    // elasticloadbalancing/latest/application/listener-authenticate-users.html: strangers are sent to the provider, refused with 401, or let on.
    case 'login': return action.strangers === 'deny'
      ? { direct_response: { status: 401 } }
      : { direct_response: { status: 302 }, response_headers_to_add: [overwrite({ name: 'location', value: verbatim(action.place) })] };
  }
}

/** Weights are of consequence only between a gate and others: every target group without one is the sample Core. */
function clustersOf(targets: readonly TargetModel[]): Fragment {
  const named = targets.map(({ gate, port, weight }) => ({ name: gate === undefined ? CORE_CLUSTER : clusterOfGate(gate.place, port), weight }));
  const [first = { name: CORE_CLUSTER }] = named;
  return named.every(({ name }) => name === first.name) ? { cluster: first.name } : { weighted_clusters: { clusters: named } };
}
