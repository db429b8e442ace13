import { type CfnResource, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { type CfnListener, CfnListenerRule, type CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { IConstruct } from 'constructs';
import { REQUEST_HYGIENE } from './request-hygiene';
import { maps, resolvedProperties } from './resolved-properties';
import { HSTS_ATTRIBUTE, HSTS_MIN_SECONDS, RESPONSE_HEADER_ATTRIBUTES } from './response-headers';
import { SSL_POLICIES } from './tls-floor';

export interface ExistingParts {
  /** Whose own rules are not taken for somebody else's. */
  readonly scope: IConstruct;
  readonly listenerArn: string;
  /** Where the app makes it. */
  readonly listener?: CfnListener;
  readonly loadBalancer?: CfnLoadBalancer;
  readonly internetFacing: boolean;
  readonly priorities: { readonly from: number; readonly to: number };
}

/** Everything that keeps a listener and its load balancer from standing in front of a Core, as far as the app makes them. */
export function existingFaults({ scope, listenerArn, listener, loadBalancer, internetFacing, priorities }: ExistingParts): string[] {
  return [
    ...(listener ? listenerFaults(listener) : []),
    ...takenPriorities(scope, priorities, (rule, arn) => (listener ? pointsAt(rule, arn, listener) : isSame(rule, arn, scope, listenerArn))),
    ...(loadBalancer ? loadBalancerFaults(loadBalancer, internetFacing) : []),
    ...(listener && loadBalancer && !pointsAt(listener, listener.loadBalancerArn, loadBalancer)
      ? ['the listener belongs to another load balancer'] : []),
  ];
}

function listenerFaults(listener: CfnListener): string[] {
  const { Protocol, SslPolicy, DefaultActions, ListenerAttributes } = resolvedProperties(listener);
  const policies: readonly unknown[] = Object.values(SSL_POLICIES);
  const actions = maps(DefaultActions);
  const attributes = attributesOf(ListenerAttributes);
  const headers = Object.entries(RESPONSE_HEADER_ATTRIBUTES).filter(([key, value]) => !isFit(key, attributes.get(key), value));
  return [
    ...(Protocol === 'HTTPS' ? [] : [`Protocol is ${shown(Protocol)}, not HTTPS`]),
    ...(policies.includes(SslPolicy) ? [] : [`SslPolicy is ${shown(SslPolicy)}, none that a TlsFloor stands for, such as ${SSL_POLICIES.TLS_1_3}`]),
    ...(actions.length > 0 && actions.every(denies) ? [] : ['its default action does not answer 4xx by itself']),
    ...headers.map(([key, value]) => `${key} is ${shown(attributes.get(key))}, not "${value}"`),
  ];
}

/** A fixed answer that says no. */
function denies(action: Readonly<Record<string, unknown>>): boolean {
  const [config] = maps([action.FixedResponseConfig]);
  return action.Type === 'fixed-response' && /^4\d\d$/.test(String(config?.StatusCode));
}

function isFit(key: string, got: unknown, wanted: string): boolean {
  if (key !== HSTS_ATTRIBUTE) return got === wanted;
  return typeof got === 'string' && Number(/(?:^|;)\s*max-age=(\d+)\s*(?:;|$)/i.exec(got)?.[1] ?? 0) >= HSTS_MIN_SECONDS;
}

function loadBalancerFaults(loadBalancer: CfnLoadBalancer, internetFacing: boolean): string[] {
  const { Scheme = 'internet-facing', LoadBalancerAttributes } = resolvedProperties(loadBalancer);
  const attributes = attributesOf(LoadBalancerAttributes);
  const loose = REQUEST_HYGIENE.filter(({ key, allowed, preset }) => !allowed.some((value) => value === (attributes.get(key) ?? preset)));
  const scheme = internetFacing ? 'internet-facing' : 'internal';
  const associations = loadBalancer.node.root.node.findAll().filter((one) => CfnWebACLAssociation.isCfnWebACLAssociation(one));
  return [
    ...(Scheme === scheme ? [] : [`Scheme is ${shown(Scheme)}, not "${scheme}"${internetFacing ? '' : ': say internetFacing: true if that is meant'}`]),
    ...loose.map(({ key, allowed, preset }) => `${key} is ${shown(attributes.get(key) ?? preset)}, not "${allowed.at(-1) ?? ''}"`),
    ...(associations.some((one) => pointsAt(one, one.resourceArn, loadBalancer)) ? [] : ['no web ACL is associated with the load balancer: new WebAcl(…).protect(loadBalancer)']),
  ];
}

/** Rules of others where this ingress puts its own; the load balancer would refuse them while it deploys. */
function takenPriorities(scope: IConstruct, { from, to }: ExistingParts['priorities'], isOnListener: (rule: CfnListenerRule, listenerArn: string) => boolean): string[] {
  const rules = scope.node.root.node.findAll().filter((one) => CfnListenerRule.isCfnListenerRule(one));
  const others = rules.filter((rule) => !rule.node.scopes.includes(scope) && rule.priority >= from && rule.priority <= to
    && rule.listenerArn !== undefined && isOnListener(rule, rule.listenerArn));
  return others.map((rule) => `priority ${rule.priority} is taken by ${rule.node.path}: name another priorityBase`);
}

/** Whether a property is a reference to a resource of the app. */
function pointsAt(holder: CfnResource, value: string, target: CfnResource): boolean {
  const { firstToken: token } = Tokenization.reverseString(value);
  if (token && Reference.isReference(token)) return token.target === target;
  // What an imported construct says of itself is text.
  return isSame(holder, value, target, target.ref);
}

/** Whether two values come to the same, each where it is written. */
function isSame(holder: IConstruct, value: string, other: IConstruct, otherValue: string): boolean {
  return JSON.stringify(Stack.of(holder).resolve(value)) === JSON.stringify(Stack.of(other).resolve(otherValue));
}

function attributesOf(list: unknown): Map<unknown, unknown> {
  return new Map(maps(list).map(({ Key, Value }) => [Key, Value]));
}

function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
