import { CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { CfnListener, type CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnIPSet, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { nlb } from '../../support/alb';
import { deployTimeValue, httpsListener, loadBalancer, targetGroup } from '../../support/load-balancing';
import { type Ingress, raw, securityGroup } from '../../support/network';
import { describeRule } from '../../support/rule-cases';
import { allowRule, associate, protect, rateRule, webAcl } from '../../support/web-acl';

type Rule = CfnWebACL.RuleProperty;
const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'lockdown', sampledRequestsEnabled: false };

const inSet = (arn: string): CfnWebACL.StatementProperty => ({ ipSetReferenceStatement: { arn } });
const inSets = (...arns: string[]): CfnWebACL.StatementProperty => ({ orStatement: { statements: arns.map(inSet) } });

/** The attributes of a custom resource whose sets no template fills. */
function outside(stack: Stack): string[] {
  const made = new CfnResource(stack, 'Lockdown', { type: 'Custom::SecureCoreLockdown' });
  return ['Ipv4SetArn', 'Ipv6SetArn'].map((name) => made.getAtt(name).toString());
}

const inside = (stack: Stack, ipAddressVersion: string): string => new CfnIPSet(stack, ipAddressVersion, { scope: 'REGIONAL', ipAddressVersion, addresses: [] }).attrArn;

const lockdown = (statement: CfnWebACL.StatementProperty, props: Partial<Rule> = {}): Rule => ({ name: 'Lockdown', priority: 0, action: { block: {} }, statement, visibilityConfig, ...props });

const FORWARDED = { headerName: 'X-Forwarded-For', fallbackBehavior: 'MATCH', position: 'FIRST' };
const NO_SWITCH = /has no rule in the first place that blocks by sets of addresses/;

describeRule('INC-1.kill-switch', {
  compliant: {
    'sets of a custom resource': (stack) => protect(stack, [rateRule(), lockdown(inSets(...outside(stack)))]),
    'sets by their ARNs': (stack) => protect(stack, [lockdown(inSets('arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/v4/1', 'arn:aws:wafv2:eu-central-1:111122223333:regional/ipset/v6/2'))]),
    'sets that the deployer names': (stack) => protect(stack, [lockdown(inSets(deployTimeValue(stack), deployTimeValue(stack, 'Other')))]),
    'a web ACL of another stack': (stack) => {
      const acl = webAcl(stack, [lockdown(inSets(...outside(stack)))]);
      associate(stack, loadBalancer(stack).ref, Fn.sub('${Acl}', { Acl: acl.attrArn }));
    },
  },
  violating: {
    'a load balancer without a web ACL': { build: (stack) => loadBalancer(stack), message: /has no web ACL associated/, severity: 'error' },
    'a web ACL without rules': { build: (stack) => protect(stack, []), message: NO_SWITCH },
    'a web ACL with other rules': { build: (stack) => protect(stack, [rateRule()]), message: NO_SWITCH },
    'another rule before it': { build: (stack) => protect(stack, [lockdown(inSets(...outside(stack)), { priority: 6 }), allowRule()]), message: NO_SWITCH },
    'another rule of the same priority': { build: (stack) => protect(stack, [lockdown(inSets(...outside(stack))), allowRule({ priority: 0 })]), message: /another rule of the same priority/ },
    'a rule that counts': { build: (stack) => protect(stack, [lockdown(inSets(...outside(stack)), { action: { count: {} } })]), message: /does not block/ },
    'one family only': { build: (stack) => protect(stack, [lockdown(inSet(outside(stack)[0] ?? ''))]), message: /IPv4 and IPv6 need one each/ },
    'the same set twice': { build: (stack) => protect(stack, [lockdown(inSets('arn:a', 'arn:a'))]), message: /IPv4 and IPv6 need one each/ },
    'sets that the template fills': { build: (stack) => protect(stack, [lockdown(inSets(inside(stack, 'IPV4'), inside(stack, 'IPV6')))]), message: /IPV4 is filled by the template/ },
    'one set that the template fills': { build: (stack) => protect(stack, [lockdown(inSets(outside(stack)[0] ?? '', inside(stack, 'IPV6')))]), message: /IPV6 is filled by the template/ },
    'addresses that callers write': {
      build: (stack) => protect(stack, [lockdown({
        orStatement: { statements: outside(stack).map((arn) => ({ ipSetReferenceStatement: { arn, ipSetForwardedIpConfig: FORWARDED } })) },
      })]),
      message: NO_SWITCH,
    },
  },
  override: { build: (stack) => protect(stack, [lockdown(inSets(...outside(stack)))]).addPropertyOverride('Rules.0.Action', { Block: undefined, Count: {} }), message: /does not block/ },
  raw: { build: (stack) => raw(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }), message: /has no web ACL associated/ },
  undecidable: {
    'a web ACL known at deployment': (stack) => associate(stack, loadBalancer(stack).ref, deployTimeValue(stack)),
    'an association whose load balancer is known at deployment': (stack) => {
      loadBalancer(stack);
      associate(stack, deployTimeValue(stack), webAcl(stack, [lockdown(inSets(...outside(stack)))]).attrArn);
    },
    'a priority known at deployment': (stack) => protect(stack, [lockdown(inSets(...outside(stack))), rateRule()]).addPropertyOverride('Rules.0.Priority', {
      Ref: (deployTimeValue(stack), 'DeployTime'),
    }),
  },
  notApplicable: { 'a network load balancer': (stack) => nlb(stack) },
});

const EXPOSURE = 'cdk-secure-core:exposure';

/** A load balancer that says whether callers are let in. */
function exposed(stack: Stack, exposure: string, ...ingress: Ingress[]): CfnLoadBalancer {
  return loadBalancer(stack, { securityGroups: [securityGroup(stack, ingress).attrGroupId], tags: [{ key: EXPOSURE, value: exposure }] });
}

const forward = (stack: Stack): { type: string; targetGroupArn: string } => ({ type: 'forward', targetGroupArn: targetGroup(stack).ref });
const CALLERS = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '10.20.0.0/16' };
const FORWARDS = /^Listener forwards, while exposure is off/;

describeRule('INC-1.exposure-off', {
  compliant: {
    'nothing forwarded and nobody let in': (stack) => httpsListener(stack, { loadBalancerArn: exposed(stack, 'off').ref }),
    'a load balancer that is exposed': (stack) => httpsListener(stack, { loadBalancerArn: exposed(stack, 'on', CALLERS).ref, defaultActions: [forward(stack)] }),
  },
  violating: {
    'a listener that forwards': { build: (stack) => httpsListener(stack, { loadBalancerArn: exposed(stack, 'off').ref, defaultActions: [forward(stack)] }), message: FORWARDS, severity: 'error' },
    'a listener rule that forwards': {
      build: (stack) => {
        const listener = httpsListener(stack, { loadBalancerArn: exposed(stack, 'off').ref });
        raw(stack, 'AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: listener.ref, Actions: [{ Type: 'jwt-validation', Order: 1 }, { Type: 'forward', Order: 2 }] });
      },
      message: /^Raw forwards, while exposure is off/,
    },
    'a group that lets callers in': { build: (stack) => exposed(stack, 'off', CALLERS), message: /^Group lets callers in, while exposure is off/ },
    'another word': { build: (stack) => exposed(stack, 'maybe'), message: /is maybe, which is neither on nor off/ },
  },
  override: {
    build: (stack) => httpsListener(stack, { loadBalancerArn: exposed(stack, 'off').ref }).addPropertyOverride('DefaultActions', [{ Type: 'forward', TargetGroupArn: 'arn' }]),
    message: FORWARDS,
  },
  raw: { build: (stack) => raw(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Tags: [{ Key: EXPOSURE, Value: '' }] }), message: /neither on nor off/ },
  undecidable: {
    'a tag known at deployment': (stack) => exposed(stack, deployTimeValue(stack)),
    'a group that is in none of the templates': (stack) => loadBalancer(stack, { securityGroups: ['sg-1'], tags: [{ key: EXPOSURE, value: 'off' }] }),
  },
  notApplicable: { 'a load balancer that says nothing': (stack) => loadBalancer(stack) },
});

const proven = (stack: Stack, ...actions: object[]): CfnListener => {
  const listener = httpsListener(stack, { loadBalancerArn: exposed(stack, 'on', CALLERS).ref });
  listener.addPropertyOverride('DefaultActions', [...actions.map((action, index) => ({ ...action, Order: index + 1 })), { Type: 'forward', TargetGroupArn: 'arn', Order: 9 }]);
  return listener;
};
const OPEN = /is on, while something is forwarded that nobody has authenticated/;

describeRule('INC-2.authenticated-exposure', {
  compliant: {
    'a token before the forward': (stack) => proven(stack, { Type: 'jwt-validation' }),
    'nothing that forwards': (stack) => httpsListener(stack, { loadBalancerArn: exposed(stack, 'on').ref }),
  },
  violating: {
    'a forward of whatever comes': { build: (stack) => proven(stack), message: OPEN, severity: 'error' },
    'one rule among others': {
      build: (stack) => {
        const listener = proven(stack, { Type: 'jwt-validation' });
        raw(stack, 'AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: listener.ref, Actions: [{ Type: 'forward' }] });
      },
      message: OPEN,
    },
  },
  override: { build: (stack) => proven(stack, { Type: 'jwt-validation' }).addPropertyOverride('DefaultActions', [{ Type: 'forward', TargetGroupArn: 'arn' }]), message: OPEN },
  raw: {
    build: (stack) => {
      const balancer = raw(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Tags: [{ Key: EXPOSURE, Value: 'on' }] });
      httpsListener(stack, { loadBalancerArn: balancer.ref, defaultActions: [forward(stack)] });
    },
    message: OPEN,
  },
  undecidable: (stack) => proven(stack).addPropertyOverride('DefaultActions.0.Type', { Ref: (deployTimeValue(stack), 'DeployTime') }),
  notApplicable: {
    'a load balancer that says nothing': (stack) => loadBalancer(stack),
    'one that is shut': (stack) => exposed(stack, 'off'),
  },
});
