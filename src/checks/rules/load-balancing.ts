import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';

export const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
export const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
export const CLASSIC_LOAD_BALANCER = 'AWS::ElasticLoadBalancing::LoadBalancer';
export const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** Network and gateway load balancers have no HTTP: other rules apply to them, or none. */
export function isApplicationLoadBalancer(loadBalancer: Resource): boolean {
  return (loadBalancer.prop('Type').text() ?? 'application') === 'application';
}

/** `HTTP`, `HTTPS`, `TLS`, `TCP`, …; the API requires it, except on gateway load balancers, where it takes none. */
export function protocolOf(listener: Resource): string {
  const protocol = listener.prop('Protocol').text();
  if (protocol !== undefined) return protocol;
  return listener.prop('LoadBalancerArn').reference()?.resource.prop('Type').text() === 'gateway' ? 'GENEVE' : '';
}

/** mTLS identifies every caller of a listener before any action runs. */
export function verifiesClients(listener: Resource): boolean {
  const mutual = listener.prop('MutualAuthentication');
  return mutual.exists && mutual.get('Mode').text() === 'verify';
}

export function listenersOf(loadBalancer: Resource, graph: TemplateGraph): readonly Resource[] {
  return graph.pointingAt(loadBalancer, LISTENER, 'LoadBalancerArn');
}

export function rulesOf(listener: Resource, graph: TemplateGraph): readonly Resource[] {
  return graph.pointingAt(listener, LISTENER_RULE, 'ListenerArn');
}

/**
 * The listener that a rule hangs on, if it is in one of the templates; a stack or custom resource may answer with its ARN, but is none.
 * An ARN that only a deployment knows is no reason to break off: one rule says that the listener is not at hand, and that is enough.
 */
export function listenerOf(rule: Resource): Resource | undefined {
  const { value } = rule.prop('ListenerArn');
  return value instanceof Reference && value.resource.type === LISTENER ? value.resource : undefined;
}

/** Where a listener's default actions or a rule's actions stand. */
export function actionsPlace(resource: Resource): Property {
  return resource.prop(resource.type === LISTENER ? 'DefaultActions' : 'Actions');
}

/** The actions of a listener's default or of a rule, in the order in which the load balancer takes them. */
export function actionsOf(resource: Resource): Property[] {
  const actions = actionsPlace(resource).items();
  const order = (action: Property): number => action.get('Order').number() ?? 0;
  return actions.map((action, index) => ({ action, index }))
    .sort((a, b) => order(a.action) - order(b.action) || a.index - b.index)
    .map(({ action }) => action);
}

/** Whether two actions, as sorted above, are sure to be taken in that order: a tie, or an order on one side only, leaves it open. */
export function inOrder(earlier: Property, later: Property): boolean {
  const [first, second] = [earlier, later].map((action) => action.get('Order').number());
  return first === undefined || second === undefined ? first === second : first < second;
}

/** The target groups that a forward action reaches, weighted or not. */
export function targetGroupsOf(forward: Property): Property[] {
  const weighted = forward.get('ForwardConfig.TargetGroups').items().map((tuple) => tuple.get('TargetGroupArn'));
  const single = forward.get('TargetGroupArn');
  return single.exists ? [single, ...weighted] : weighted;
}

/** Every value given to an attribute; more than one if it is named twice, none where the template leaves it to the service. */
export function attributeValues(resource: Resource, list: 'ListenerAttributes' | 'LoadBalancerAttributes', key: string): Property[] {
  return resource.prop(list).items().filter((entry) => entry.get('Key').text() === key).map((entry) => entry.get('Value')).filter((value) => value.exists);
}
