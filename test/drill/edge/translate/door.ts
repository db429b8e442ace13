import { graphsOf } from '../../../../src/checks/template/template-graph';
import type { Json, JsonMap } from '../../../../src/checks/template/template';
import type { ActionModel, ConditionModel, EdgeModel, ListenerModel } from '../../../../src/drill/edge/model';
import { translate } from '../../../../src/drill/edge/translate';
import { type Sections, template } from '../../../support/templates';

/** A load balancer with an HTTPS listener that answers 404: enough of a door for one thing to be tried on it. */
export const DOOR: JsonMap = {
  Balancer: elb('LoadBalancer', {}),
  Listener: elb('Listener', { LoadBalancerArn: { Ref: 'Balancer' }, Protocol: 'HTTPS', Port: 443, DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }] }),
  Targets: elb('TargetGroup', { Protocol: 'HTTP', TargetType: 'ip' }),
};

export function elb(type: string, Properties: JsonMap): JsonMap {
  return { Type: `AWS::ElasticLoadBalancingV2::${type}`, Properties };
}

export function waf(type: string, Properties: JsonMap): JsonMap {
  return { Type: `AWS::WAFv2::${type}`, Properties };
}

export const FORWARD: JsonMap = { Type: 'forward', Order: 9, TargetGroupArn: { Ref: 'Targets' } };

/** The door with resources added, and properties laid over those that it has. */
export function door(changes: Readonly<Record<string, JsonMap>> = {}, more: JsonMap = {}, sections: Sections = {}): EdgeModel {
  const resources = Object.fromEntries(Object.entries(DOOR).map(([id, resource]): [string, Json] => {
    const { Type = '', Properties = {} } = resource as JsonMap;
    return [id, { Type, Properties: { ...(Properties as JsonMap), ...changes[id] } }];
  }));
  const [graph] = graphsOf([template({ ...resources, ...more }, sections, 'Shop')]);
  if (!graph) throw new Error('no world');
  return translate(graph);
}

/** Of the door's only listener. */
export function listener(...args: Parameters<typeof door>): ListenerModel {
  const [only] = door(...args).listeners;
  if (!only) throw new Error('no listener');
  return only;
}

export function rule(properties: JsonMap): JsonMap {
  return { Rule: elb('ListenerRule', { ListenerArn: { Ref: 'Listener' }, Priority: 5, Conditions: [{ Field: 'path-pattern', Values: ['/a'] }], Actions: [FORWARD], ...properties }) };
}

/** What a condition of a rule comes to. */
export function condition(condition: JsonMap): ConditionModel | undefined {
  return listener({}, rule({ Conditions: [condition] })).rules[0]?.conditions[0];
}

/** What the actions of a rule come to. */
export function actions(...list: readonly JsonMap[]): readonly ActionModel[] | undefined {
  return listener({}, rule({ Actions: list })).rules[0]?.actions;
}

/** The listener behind a web ACL. */
export function guarded(webAcl: JsonMap, more: JsonMap = {}): Parameters<typeof door> {
  return [{}, {
    WebAcl: waf('WebACL', { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: {}, ...webAcl }),
    Association: waf('WebACLAssociation', { ResourceArn: { Ref: 'Balancer' }, WebACLArn: { 'Fn::GetAtt': ['WebAcl', 'Arn'] } }),
    ...more,
  }];
}
