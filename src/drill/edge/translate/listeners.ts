import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { HeaderModel, ListenerModel, WebAclModel } from '../model';
import { placeOf } from '../../place';
import { attribute, type Inspection } from './inspect';
import { hygieneOf } from './load-balancers';
import { defaultRule, ruleOf } from './rules';
import { REQUEST_HEADERS, requestHeaderKey, RESPONSE_HEADERS, responseHeaderKey } from './shapes/listener';
import { Spot } from './spot';
import { tlsOf } from './tls';
import { LISTENER, LOAD_BALANCER } from './types';

/** What the listeners of a template hang on. */
export interface Doors {
  readonly graph: TemplateGraph;
  readonly inspection: Inspection;
  readonly applicationLoadBalancers: ReadonlySet<Resource>;
  /** The rules on a listener, none of them its default. */
  rulesOn(listener: Resource): readonly Resource[];
  webAclOf(loadBalancer: Resource): WebAclModel | undefined;
}

/** The listeners of application load balancers. */
export function listenersOf(doors: Doors): ListenerModel[] {
  return doors.graph.ofType(LISTENER).flatMap((listener) => {
    const loadBalancer = loadBalancerOf(listener);
    if (doors.applicationLoadBalancers.has(loadBalancer)) return [translateListener(listener, loadBalancer, doors)];
    for (const resource of [listener, ...doors.rulesOn(listener)]) doors.inspection.omit(resource, `it belongs to ${loadBalancer.logicalId}, which is no application load balancer`);
    return [];
  });
}

function loadBalancerOf(listener: Resource): Resource {
  const spot = Spot.of(listener).get('LoadBalancerArn');
  return spot.target(LOAD_BALANCER)
    ?? spot.refuse('the load balancer is in none of the templates, so the drill does not know how it handles requests; synthesize its stack in the same app and refer to the load balancer by object');
}

/** AWS: "Listeners for your Application Load Balancers"; "Listener rules for your Application Load Balancer" for the order of rules: by priority, the default last. */
function translateListener(listener: Resource, loadBalancer: Resource, doors: Doors): ListenerModel {
  doors.inspection.inspect(listener);
  const spot = Spot.of(listener);
  const tls = tlsOf(listener, doors.graph, doors.inspection);
  const rules = doors.rulesOn(listener).map((rule) => ruleOf(rule, tls !== undefined, doors.inspection, doors.graph)).sort((a, b) => a.priority - b.priority);
  rules.forEach(({ place, priority }, index) => {
    const next = rules[index + 1];
    if (priority === next?.priority) spot.refuse(`rules ${place.logicalId} and ${next.place.logicalId} both have priority ${priority}; give one of them another`);
  });
  const webAcl = doors.webAclOf(loadBalancer);
  const renamedHeaders = renamedHeadersOf(listener);
  return {
    place: placeOf(listener),
    loadBalancer: placeOf(loadBalancer),
    port: spot.get('Port').requiredWhole(1, 65535),
    ...(tls === undefined ? {} : { tls }),
    rules: [...rules, defaultRule(listener, tls !== undefined, doors.inspection)],
    responseHeaders: responseHeadersOf(listener),
    serverHeader: attribute(listener, 'ListenerAttributes', 'routing.http.response.server.enabled')?.flag(true) ?? true,
    ...(Object.keys(renamedHeaders).length === 0 ? {} : { renamedHeaders }),
    hygiene: hygieneOf(loadBalancer),
    ...(webAcl === undefined ? {} : { webAcl }),
  };
}

const headerName = (attributePart: string): string => attributePart.replaceAll('_', '-');

/** The values that AWS takes where it does not take any. */
const CLOSED: Readonly<Record<string, RegExp>> = {
  x_content_type_options: /^nosniff$/,
  x_frame_options: /^(DENY|SAMEORIGIN|ALLOW-FROM \S+)$/,
  access_control_allow_credentials: /^true$/,
};

/** AWS: "HTTP header modification for your Application Load Balancer", insertion of headers. */
function responseHeadersOf(listener: Resource): HeaderModel[] {
  return RESPONSE_HEADERS.flatMap((header) => {
    const spot = attribute(listener, 'ListenerAttributes', responseHeaderKey(header));
    if (spot === undefined) return [];
    const value = spot.requiredText();
    if (CLOSED[header]?.test(value) === false) spot.refuse(`the drill does not know what this value of the header ${headerName(header)} does; write one that AWS documents`);
    return [{ name: headerName(header), value }];
  });
}

/** AWS: "HTTP header modification for your Application Load Balancer", renaming of headers. */
function renamedHeadersOf(listener: Resource): Readonly<Record<string, string>> {
  return Object.fromEntries(REQUEST_HEADERS.flatMap((header) => {
    const name = attribute(listener, 'ListenerAttributes', requestHeaderKey(header))?.requiredText();
    return name === undefined ? [] : [[headerName(header), name]];
  }));
}
