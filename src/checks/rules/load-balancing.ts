import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';

export const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
export const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
export const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** Network and gateway load balancers have no HTTP: other rules apply to them, or none. */
export function isApplicationLoadBalancer(loadBalancer: Resource): boolean {
  return (loadBalancer.prop('Type').text() ?? 'application') === 'application';
}

/** `HTTP`, `HTTPS`, `TLS`, `TCP`, …; the API requires it for application and network load balancers. */
export function protocolOf(listener: Resource): string {
  return listener.prop('Protocol').text() ?? '';
}

export function listenersOf(loadBalancer: Resource, graph: TemplateGraph): readonly Resource[] {
  return graph.pointingAt(loadBalancer, LISTENER, 'LoadBalancerArn');
}

export function rulesOf(listener: Resource, graph: TemplateGraph): readonly Resource[] {
  return graph.pointingAt(listener, LISTENER_RULE, 'ListenerArn');
}

/** The listener that a rule hangs on, if it is in one of the templates. */
export function listenerOf(rule: Resource): Resource | undefined {
  return rule.prop('ListenerArn').reference()?.resource;
}

/** The actions of a listener's default or of a rule, in the order in which the load balancer takes them. */
export function actionsOf(resource: Resource): Property[] {
  const actions = resource.prop(resource.type === LISTENER ? 'DefaultActions' : 'Actions').items();
  const order = (action: Property): number => action.get('Order').number() ?? 0;
  return actions.map((action, index) => ({ action, index }))
    .sort((a, b) => order(a.action) - order(b.action) || a.index - b.index)
    .map(({ action }) => action);
}

/** The target groups that a forward action reaches, weighted or not. */
export function targetGroupsOf(forward: Property): Property[] {
  const weighted = forward.get('ForwardConfig.TargetGroups').items().map((tuple) => tuple.get('TargetGroupArn'));
  const single = forward.get('TargetGroupArn');
  return single.exists ? [single, ...weighted] : weighted;
}

/** An attribute of a listener or load balancer; undefined where the template leaves it to the service. */
export function attribute(resource: Resource, list: 'ListenerAttributes' | 'LoadBalancerAttributes', key: string): Property | undefined {
  return resource.prop(list).items().find((entry) => entry.get('Key').text() === key)?.get('Value');
}
