import { type Stack } from 'aws-cdk-lib';
import { alb, nlb, resourceOf } from '../../support/alb';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const PUBLIC = /so the load balancer has public addresses/;

describeRule('NET-7.internal', {
  compliant: {
    'an internal load balancer': (stack) => loadBalancer(stack),
    'one as the CDK makes it': (stack) => alb(stack),
    'an internal network load balancer': (stack) => nlb(stack),
    'an internal classic one': (stack) => raw(stack, 'AWS::ElasticLoadBalancing::LoadBalancer', { Scheme: 'internal', Listeners: [] }),
  },
  violating: {
    'one on the internet': { build: (stack) => alb(stack, { internetFacing: true }), message: PUBLIC, severity: 'error' },
    'one that does not say': { build: (stack) => loadBalancer(stack, { scheme: undefined }), message: /is not set, and internet-facing by default/ },
    'a network load balancer on the internet': { build: (stack) => loadBalancer(stack, { type: 'network', scheme: 'internet-facing' }), message: PUBLIC },
    'a classic one that does not say': { build: (stack) => raw(stack, 'AWS::ElasticLoadBalancing::LoadBalancer', { Listeners: [] }), message: PUBLIC },
  },
  override: { build: (stack) => resourceOf(alb(stack)).addPropertyOverride('Scheme', 'internet-facing'), message: PUBLIC },
  raw: { build: (stack: Stack) => raw(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }), message: PUBLIC },
  undecidable: (stack) => loadBalancer(stack, { scheme: deployTimeValue(stack) }),
  notApplicable: { 'a gateway load balancer': (stack) => loadBalancer(stack, { type: 'gateway', scheme: undefined }) },
});
