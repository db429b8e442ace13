import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnLoadBalancer, DesyncMitigationMode, XffHeaderProcessingMode } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { alb, nlb, resourceOf } from '../../support/alb';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const DROP = 'routing.http.drop_invalid_header_fields.enabled';
const DESYNC = 'routing.http.desync_mitigation_mode';
const XFF = 'routing.http.xff_header_processing.mode';
const FAIL_OPEN = 'waf.fail_open.enabled';

/** A load balancer with these attributes, in this order. */
const attributes = (stack: Stack, ...entries: readonly (readonly [key: string, value: string])[]): CfnLoadBalancer =>
  loadBalancer(stack, { loadBalancerAttributes: entries.map(([key, value]) => ({ key, value })) });

/** A load balancer that is right but for one attribute. */
const spoilt = (key: string, value: string) => (stack: Stack) => attributes(stack, ...(key === DROP ? [] : [[DROP, 'true'] as const]), [key, value]);

describeRule('TLS-7.request-hygiene', {
  compliant: {
    'the one attribute whose default is unsafe': (stack) => attributes(stack, [DROP, 'true']),
    'every attribute spelt out': (stack) => attributes(stack, [DROP, 'true'], [DESYNC, 'strictest'], [XFF, 'append'], [FAIL_OPEN, 'false']),
    'the same value given twice': (stack) => attributes(stack, [DROP, 'true'], [DROP, 'true']),
    'a load balancer as the CDK makes it': (stack) => alb(stack, {
      dropInvalidHeaderFields: true, desyncMitigationMode: DesyncMitigationMode.STRICTEST, xffHeaderProcessingMode: XffHeaderProcessingMode.APPEND, wafFailOpen: false,
    }),
    'a flag written as a boolean': (stack) => attributes(stack).addPropertyOverride('LoadBalancerAttributes', [{ Key: DROP, Value: true }]),
    'a load balancer without a type, which is an application load balancer': (stack) => loadBalancer(stack, {
      type: undefined, loadBalancerAttributes: [{ key: DROP, value: 'true' }],
    }),
  },
  violating: {
    'a load balancer without attributes': { build: (stack) => attributes(stack), message: /drop_invalid_header_fields\.enabled is not set and defaults to false/, severity: 'error' },
    'a load balancer without attributes or a type': { build: (stack) => loadBalancer(stack, { type: undefined }), message: /drop_invalid_header_fields/ },
    'a load balancer as the CDK makes it by default': { build: (stack) => alb(stack), message: /drop_invalid_header_fields/ },
    'invalid header fields let through': { build: spoilt(DROP, 'false'), message: /drop_invalid_header_fields\.enabled is false/ },
    'an attribute without a value': {
      build: (stack) => attributes(stack).addPropertyOverride('LoadBalancerAttributes', [{ Key: DROP }]),
      message: /is not set and defaults to false/,
    },
    'an attribute with an empty value': { build: spoilt(DROP, ''), message: /drop_invalid_header_fields\.enabled is :/ },
    'a flag that is false as a boolean': { build: (stack) => attributes(stack).addPropertyOverride('LoadBalancerAttributes', [{ Key: DROP, Value: false }]), message: /is false/ },
    'desync mitigation that only watches': { build: spoilt(DESYNC, 'monitor'), message: /desync_mitigation_mode is monitor/ },
    'X-Forwarded-For passed on as the caller wrote it': { build: spoilt(XFF, 'preserve'), message: /xff_header_processing\.mode is preserve/ },
    'X-Forwarded-For taken away': { build: spoilt(XFF, 'remove'), message: /xff_header_processing\.mode is remove/ },
    'a WAF that fails open': { build: spoilt(FAIL_OPEN, 'true'), message: /waf\.fail_open\.enabled is true/ },
    'a WAF that fails open by the props of the CDK': { build: (stack) => alb(stack, { dropInvalidHeaderFields: true, wafFailOpen: true }), message: /waf\.fail_open\.enabled is true/ },
    'an attribute given twice, the second time wrong': { build: (stack) => attributes(stack, [DROP, 'true'], [DROP, 'false']), message: /drop_invalid_header_fields\.enabled is false/ },
  },
  override: {
    build: (stack) => resourceOf(alb(stack, { dropInvalidHeaderFields: true })).addPropertyOverride('LoadBalancerAttributes', [{ Key: DROP, Value: 'false' }]),
    message: /drop_invalid_header_fields\.enabled is false/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      properties: { LoadBalancerAttributes: [{ Key: DROP, Value: 'true' }, { Key: FAIL_OPEN, Value: 'true' }] },
    }),
    message: /waf\.fail_open/,
  },
  undecidable: {
    'a value known at deployment': (stack) => attributes(stack, [DROP, deployTimeValue(stack)]),
    'a name known at deployment': (stack) => attributes(stack, [DROP, 'true'], [deployTimeValue(stack), 'false']),
    'a type known at deployment': (stack) => loadBalancer(stack, { type: deployTimeValue(stack) }),
  },
  notApplicable: {
    'a network load balancer': (stack) => nlb(stack),
    'a gateway load balancer': (stack) => loadBalancer(stack, { type: 'gateway', scheme: undefined }),
  },
});
