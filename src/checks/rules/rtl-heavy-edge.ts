import { defineRule, each, expect, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { SERVICE } from './containers';
import { gatesOf } from './gate-configuration';
import { isSure, taskOf } from './gate-targets';
import { actionsOf, LOAD_BALANCER, listenersOf, rulesOf, targetGroupsOf } from './load-balancing';
import { rateOf } from './rate-statements';
import { DEFAULT_WINDOW } from './rtl';
import { holdsFor, type PlainRequest } from './waf-requests';
import { WEB_ACL, WEB_ACL_ASSOCIATION } from './web-acls';

/** What a pointer leads to, if that is in one of the templates. */
function targetOf(place: Property): Resource | undefined {
  return place.value instanceof Reference ? place.value.resource : undefined;
}

const known = (resources: readonly (Resource | undefined)[]): Resource[] => [...new Set(resources.filter((resource) => resource !== undefined))];

function loadBalancersBehind(acl: Resource, graph: TemplateGraph): Resource[] {
  const protectedOnes = graph.pointingAt(acl, WEB_ACL_ASSOCIATION, 'WebACLArn').map((association) => targetOf(association.prop('ResourceArn')));
  return known(protectedOnes).filter(({ type }) => type === LOAD_BALANCER);
}

/** The configurations of the gates to which the load balancers of a web ACL lead, by whichever rule. */
function configurationsBehind(acl: Resource, graph: TemplateGraph): Property[] {
  const doors = loadBalancersBehind(acl, graph).flatMap((balancer) => listenersOf(balancer, graph)).flatMap((listener) => [listener, ...rulesOf(listener, graph)]);
  const groups = known(doors.flatMap((door) => actionsOf(door).flatMap((action) => targetGroupsOf(action).map(targetOf))));
  const services = known(groups.flatMap((group) => graph.pointingAt(group, SERVICE, 'LoadBalancers')));
  return known(services.map(taskOf)).flatMap((task) => gatesOf(task).map(({ configuration }) => configuration));
}

/** A request of a route as a caller spells it who knows it; of any method where the route takes any. */
function requestOf(route: Property): PlainRequest {
  const [method, path] = [route.get('method').text() ?? '', route.get('path').text() ?? ''];
  return { method: method === 'ANY' ? 'POST' : method, path };
}

interface Budget {
  readonly perSecond: number;
  /** Undefined where it depends on who sends the request. */
  readonly counts: (request: PlainRequest) => boolean | undefined;
}

/** What a web ACL grants one address; a budget by another key is another caller's, or one more for whoever writes something else. */
function budgetsOf(acl: Resource): Budget[] {
  const rules = acl.prop('Rules').items().filter((rule) => rateOf(rule).exists && rule.get('Action.Block').exists);
  return rules.map(rateOf).filter((rate) => rate.get('AggregateKeyType').text() !== 'CUSTOM_KEYS').map((rate) => ({
    perSecond: (rate.get('Limit').number() ?? NaN) / (rate.get('EvaluationWindowSec').number() ?? DEFAULT_WINDOW),
    counts: (request) => (rate.get('ScopeDownStatement').exists ? holdsFor(rate.get('ScopeDownStatement'), request) : true),
  }));
}

/** What the rules for all requests count, whatever the routes are. */
const ANYTHING: PlainRequest = { method: 'GET', path: '/' };

function isCountedApart(acl: Resource, configuration: Property): readonly Outcome[] {
  const routes = configuration.get('policy.routes').items();
  const heavy = routes.filter((route) => isSure(() => route.get('tier').text() === 'heavy'));
  const isOfHeavy = ({ path }: PlainRequest): boolean => heavy.some((route) => path === requestOf(route).path || (route.get('subtree').flag() === true && path.startsWith(requestOf(route).path)));
  const light = [ANYTHING, ...routes.filter((route) => !heavy.includes(route)).map(requestOf)].filter((request) => !isOfHeavy(request));
  const budgets = budgetsOf(acl);
  const most = Math.min(...budgets.filter(({ counts }) => light.some((request) => counts(request) === true)).map(({ perSecond }) => perSecond));
  return each(heavy, (route) => {
    const request = requestOf(route);
    const isApart = ({ counts, perSecond }: Budget): boolean => perSecond <= most && counts(request) !== false && light.every((other) => counts(other) === false);
    const asked = `${request.method} ${request.path}`;
    return expect(budgets.some(isApart), acl.prop('Rules'), `has no budget of its own for ${asked}, which a gate behind it takes for heavy: one address may ask for that as often as for the rest`);
  });
}

const heavyAtEdge = defineRule('RTL-3', 'heavy-at-the-edge', {
  appliesTo: [WEB_ACL],
  extent: 'web ACLs in front of a gate with heavy routes, and plain spellings of those',
  remediation: 'Add a rate-based rule that blocks, whose ScopeDownStatement holds for the heavy routes alone, with a Limit no higher than for all requests. In CDK, WebAcl does.',
  check(acl, graph) {
    const configurations = configurationsBehind(acl, graph);
    return configurations.length === 0 ? NOT_APPLICABLE : each(configurations, (configuration) => isCountedApart(acl, configuration).map(quietly));
  },
});

/** The gate holds each caller to his own budget all the same. */
function quietly(outcome: Outcome): Outcome {
  return outcome.kind === 'fail' ? { ...outcome, severity: 'warning' } : outcome;
}

export const RTL_HEAVY_EDGE_RULES = [heavyAtEdge];
