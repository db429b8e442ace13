import { attributes, byValue, each, irrelevant, mapped, NAMES, notEmulated, refused, type Shape } from '../treatment';

const HEALTH = irrelevant('the sample Core is well for as long as the drill lasts');
const ONE_CORE = irrelevant('one sample Core stands for every target');
const NOT_APPLICATION = refused('no target group of an application load balancer takes it');

/** AWS: "TargetGroupAttribute" of the Elastic Load Balancing API reference. */
export const TARGET_GROUP_ATTRIBUTES: Shape = {
  ...each([
    'deregistration_delay.timeout_seconds', 'load_balancing.algorithm.type', 'load_balancing.algorithm.anomaly_mitigation', 'load_balancing.cross_zone.enabled',
    'slow_start.duration_seconds', 'stickiness.app_cookie.cookie_name', 'stickiness.app_cookie.duration_seconds', 'stickiness.lb_cookie.duration_seconds',
    'stickiness.type', 'lambda.multi_value_headers.enabled',
  ], ONE_CORE),
  'stickiness.enabled': byValue({
    true: notEmulated('the load balancer gives callers a cookie that keeps them with one target; there is one sample Core'),
    false: irrelevant('it is off'),
  }),
  ...each(['dns_failover', 'unhealthy_state_routing'].flatMap((what) => ['count', 'percentage'].map((unit) => `target_group_health.${what}.minimum_healthy_targets.${unit}`)), HEALTH),
  ...each([
    'deregistration_delay.connection_termination.enabled', 'preserve_client_ip.enabled', 'proxy_protocol_v2.enabled',
    'target_health_state.unhealthy.connection_termination.enabled', 'target_health_state.unhealthy.draining_interval_seconds',
    'target_failover.on_deregistration', 'target_failover.on_unhealthy', 'send_tcp_reset.on_unhealthy.enabled', 'send_tcp_reset.on_deregistration.enabled',
  ], NOT_APPLICATION),
};

/** AWS: "AWS::ElasticLoadBalancingV2::TargetGroup" of the CloudFormation template reference. */
export const TARGET_GROUP: Shape = {
  Protocol: mapped,
  TargetType: byValue({
    instance: mapped,
    ip: mapped,
    lambda: notEmulated('the sample Core answers in place of the function'),
    alb: refused('only network load balancers forward to another load balancer'),
  }),
  ProtocolVersion: byValue({
    HTTP1: irrelevant('the sample Core speaks HTTP/1.1'),
    HTTP2: notEmulated('the sample Core speaks HTTP/1.1 only'),
    GRPC: notEmulated('the sample Core speaks HTTP/1.1 only'),
  }),
  TargetGroupAttributes: attributes(TARGET_GROUP_ATTRIBUTES),
  TargetControlPort: notEmulated('targets may ask for fewer requests; the sample Core does not'),
  ...each(['IpAddressType', 'Port', 'Targets', 'VpcId'], ONE_CORE),
  ...each([
    'HealthCheckEnabled', 'HealthCheckIntervalSeconds', 'HealthCheckPath', 'HealthCheckPort', 'HealthCheckProtocol', 'HealthCheckTimeoutSeconds',
    'HealthyThresholdCount', 'UnhealthyThresholdCount', 'Matcher',
  ], HEALTH),
  Name: NAMES,
  Tags: NAMES,
};
