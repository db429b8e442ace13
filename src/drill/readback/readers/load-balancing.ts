import {
  DescribeListenerAttributesCommand, DescribeListenersCommand, DescribeLoadBalancerAttributesCommand, DescribeLoadBalancersCommand, DescribeRulesCommand, DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetWebACLForResourceCommand } from '@aws-sdk/client-wafv2';
import type { Json, JsonMap } from '../../../checks/template/template';
import { plainJson, type Readers, unlessGone } from '../reader';
import { isStandIn } from '../../emulator/gaps';
import { Unknowable, asToldList, asToldMap, scalar, type Told, type ToldMap } from '../told';

/** What an application load balancer does where nobody says anything (ELB API Reference, LoadBalancerAttribute), as far as a control looks at it. */
const LOAD_BALANCER_DEFAULTS: ToldMap = {
  'routing.http.drop_invalid_header_fields.enabled': 'false',
  'routing.http.desync_mitigation_mode': 'defensive',
  'routing.http.xff_header_processing.mode': 'append',
  'routing.http.preserve_host_header.enabled': 'false',
  'idle_timeout.timeout_seconds': '60',
  'waf.fail_open.enabled': 'false',
};
/** The same for listeners (ELB API Reference, ListenerAttribute): any other header is sent only where somebody asks for it. */
const LISTENER_DEFAULTS: ToldMap = { 'routing.http.response.server.enabled': 'true' };

/** What a listener speaks that names no policy and is not made in the console (ELB, describe-ssl-policies). */
const DEFAULT_POLICY = 'ELBSecurityPolicy-2016-08';

/** What a redirect leaves as it is (ELB API Reference, RedirectActionConfig). */
const REDIRECT_DEFAULTS: ToldMap = { Protocol: '#{protocol}', Port: '#{port}', Host: '#{host}', Path: '/#{path}', Query: '#{query}' };

/** What an answer of its own is in where nobody says anything (ELB guide, "Fixed-response actions"). */
const FIXED_RESPONSE_DEFAULTS: ToldMap = { ContentType: 'text/plain' };

/** How targets are asked whether they are well where nobody says anything (ELB API Reference, CreateTargetGroup): of an application load balancer's, which the engine takes all for. */
const HEALTH_CHECK_DEFAULTS: ToldMap = { HealthCheckEnabled: 'true', HealthCheckPath: '/', HealthCheckProtocol: 'HTTP', Matcher: { HttpCode: '200' } };

function healthCheckDefaults({ Protocol }: ToldMap): ToldMap {
  if (/^HTTPS?$/.test(scalar(Protocol) ?? '')) return HEALTH_CHECK_DEFAULTS;
  return Object.fromEntries(Object.keys(HEALTH_CHECK_DEFAULTS).map((name) => [name, new Unknowable('the engine has no other defaults than those for HTTP')]));
}

/** Functions are called, and listen nowhere. */
const NO_PORT = new Unknowable('the engine has a protocol and a port for targets that have none');

/** Attributes by their names, defaults filled in. */
function attributes(list: Told | undefined, defaults: ToldMap): ToldMap {
  return { ...defaults, ...Object.fromEntries(asToldList(list).map((entry) => [scalar(asToldMap(entry).Key) ?? '', asToldMap(entry).Value])) };
}

function actions(list: Told | undefined): readonly Told[] {
  const each = asToldList(list).map((entry, index): ToldMap => ({ Order: String(index + 1), ...asToldMap(entry) }));
  return each.sort((a, b) => Number(scalar(a.Order)) - Number(scalar(b.Order))).map((action) => {
    const { ForwardConfig: forward, RedirectConfig: redirect, FixedResponseConfig: fixed, TargetGroupArn: single, ...rest } = action;
    const groups = asToldList(asToldMap(forward).TargetGroups).map(asToldMap);
    const [first, ...others] = groups;
    return {
      ...rest,
      TargetGroupArn: single ?? first?.TargetGroupArn,
      // One group without a second takes everything, whatever weight it has.
      ...(others.length > 0 ? { ForwardConfig: { TargetGroups: groups } } : {}),
      ...(redirect === undefined ? {} : { RedirectConfig: { ...REDIRECT_DEFAULTS, ...asToldMap(redirect) } }),
      ...(fixed === undefined ? {} : { FixedResponseConfig: { ...FIXED_RESPONSE_DEFAULTS, ...asToldMap(fixed) } }),
    };
  });
}

/** A condition may be written short or long; the API answers with both. */
const LONG: Readonly<Record<string, string>> = {
  'host-header': 'HostHeaderConfig', 'path-pattern': 'PathPatternConfig', 'http-request-method': 'HttpRequestMethodConfig', 'source-ip': 'SourceIpConfig',
};

function conditions(list: Told | undefined): readonly Told[] {
  return asToldList(list).map((entry): ToldMap => {
    const condition = asToldMap(entry);
    const Field = scalar(condition.Field) ?? '';
    const long = LONG[Field];
    if (long === undefined) return { Field, HttpHeaderConfig: condition.HttpHeaderConfig, QueryStringConfig: condition.QueryStringConfig };
    const short = asToldList(condition.Values);
    return { Field, Values: short.length > 0 ? short : asToldMap(condition[long]).Values };
  });
}

/** The same for an answer of the API. */
function heldAttributes(list: readonly { readonly Key?: string; readonly Value?: string }[] = [], defaults: ToldMap): JsonMap {
  return { ...defaults, ...Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value])) } as JsonMap;
}

export const LOAD_BALANCING_READERS: Readers = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    told: (told, balancer, { graph, told: toldOf, physicalId }) => {
      const association = graph.pointingAt(balancer, 'AWS::WAFv2::WebACLAssociation', 'ResourceArn')[0];
      return {
        Scheme: 'internet-facing',
        Type: 'application',
        ...told,
        LoadBalancerAttributes: attributes(told.LoadBalancerAttributes, LOAD_BALANCER_DEFAULTS),
        Listeners: graph.pointingAt(balancer, 'AWS::ElasticLoadBalancingV2::Listener', 'LoadBalancerArn')
          .map((listener): ToldMap => ({ ListenerArn: physicalId(listener), Port: toldOf(listener).Port, Protocol: toldOf(listener).Protocol })),
        WebACLArn: association && (isStandIn(physicalId(association)) ? new Unknowable('the web ACL is outside the templates') : toldOf(association).WebACLArn),
      };
    },
    async held({ elb, waf }, arn) {
      const balancer = (await unlessGone(() => elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }))))?.LoadBalancers?.[0];
      if (!balancer) return undefined;
      const [attributeList, listeners, acl] = await Promise.all([
        elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn })),
        elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn })),
        unlessGone(() => waf.send(new GetWebACLForResourceCommand({ ResourceArn: arn }))),
      ]);
      return {
        Type: balancer.Type ?? null,
        Scheme: balancer.Scheme ?? null,
        SecurityGroups: balancer.SecurityGroups ?? [],
        Subnets: (balancer.AvailabilityZones ?? []).map(({ SubnetId = '' }) => SubnetId),
        LoadBalancerAttributes: heldAttributes(attributeList.Attributes, LOAD_BALANCER_DEFAULTS),
        Listeners: (listeners.Listeners ?? []).map(({ ListenerArn = '', Port = 0, Protocol = '' }) => ({ ListenerArn, Port, Protocol })),
        WebACLArn: acl?.WebACL?.ARN ?? null,
      };
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    told: (told, listener, { graph, physicalId }) => ({
      ...(['HTTPS', 'TLS'].includes(scalar(told.Protocol) ?? '') ? { SslPolicy: DEFAULT_POLICY } : {}),
      ...told,
      DefaultActions: actions(told.DefaultActions),
      ListenerAttributes: attributes(told.ListenerAttributes, LISTENER_DEFAULTS),
      Rules: graph.pointingAt(listener, 'AWS::ElasticLoadBalancingV2::ListenerRule', 'ListenerArn').map((rule) => physicalId(rule) ?? ''),
    }),
    async held({ elb }, arn) {
      const listener = (await unlessGone(() => elb.send(new DescribeListenersCommand({ ListenerArns: [arn] }))))?.Listeners?.[0];
      if (!listener) return undefined;
      const [attributeList, rules] = await Promise.all([
        elb.send(new DescribeListenerAttributesCommand({ ListenerArn: arn })),
        elb.send(new DescribeRulesCommand({ ListenerArn: arn })),
      ]);
      const held = plainJson(listener);
      return {
        ...held,
        DefaultActions: actions(held.DefaultActions) as Json,
        ListenerAttributes: heldAttributes(attributeList.Attributes, LISTENER_DEFAULTS),
        Rules: (rules.Rules ?? []).filter(({ IsDefault }) => IsDefault !== true).map(({ RuleArn = '' }) => RuleArn),
      };
    },
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    told: (told) => ({ ...told, Actions: actions(told.Actions), Conditions: conditions(told.Conditions) }),
    async held({ elb }, arn) {
      const rule = (await unlessGone(() => elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))))?.Rules?.[0];
      if (!rule) return undefined;
      const held = plainJson(rule);
      return {
        // The API does not name the listener of a rule, but its ARN is the listener's with one more part.
        ListenerArn: arn.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, ''),
        Priority: held.Priority ?? null,
        Actions: actions(held.Actions) as Json,
        Conditions: conditions(held.Conditions) as Json,
      };
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    told: (told) => ({ TargetType: 'instance', ...healthCheckDefaults(told), ...told, ...(told.TargetType === 'lambda' && { Protocol: NO_PORT, Port: NO_PORT }) }),
    async held({ elb }, arn) {
      const group = (await unlessGone(() => elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }))))?.TargetGroups?.[0];
      return group && plainJson(group);
    },
  },
};
