import { CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnIPSet, type CfnWebACL, CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { alb, nlb } from '../../support/alb';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { allowRule, associate, groupRule, protect, rateRule, webAcl } from '../../support/web-acl';

const ACL_ARN = 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/other/00000000-0000-0000-0000-000000000000';
const GROUP_ARN = 'arn:aws:wafv2:eu-central-1:111122223333:regional/rulegroup/other/00000000-0000-0000-0000-000000000000';

const FORWARDED: Partial<CfnWebACL.RateBasedStatementProperty> = {
  aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig: { headerName: 'X-Forwarded-For', fallbackBehavior: 'MATCH' },
};

/** A managed rule group, with one of its rules told to do something else. */
const managed = (actionToUse?: CfnWebACL.RuleActionProperty): CfnWebACL.StatementProperty => ({
  managedRuleGroupStatement: {
    vendorName: 'AWS',
    name: 'AWSManagedRulesCommonRuleSet',
    ruleActionOverrides: actionToUse ? [{ name: 'SizeRestrictions_BODY', actionToUse }] : undefined,
  },
});

/** A rule group of the stack, whose one rule has this action. */
const ownGroup = (stack: Stack, action: CfnRuleGroup.RuleActionProperty): CfnWebACL.StatementProperty => {
  const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'own', sampledRequestsEnabled: true };
  const statement = { geoMatchStatement: { countryCodes: ['DE'] } };
  const group = new CfnRuleGroup(stack, 'Group', {
    scope: 'REGIONAL', capacity: 10, visibilityConfig, rules: [{ name: 'own', priority: 0, action, statement, visibilityConfig }],
  });
  return { ruleGroupReferenceStatement: { arn: group.attrArn } };
};

const LETS_OUT = /allows requests before rate rule rate has counted them/;

const LEAVES_HALF = /rule office allows requests before rate rule forwarded has counted them/;

const FROM_PROXY: CfnWebACL.ForwardedIPConfigurationProperty = { headerName: 'True-Client-IP', fallbackBehavior: 'MATCH' };

/** Connections from these addresses, where a header is there that only the proxy writes. */
function fromProxies(stack: Stack, ...addresses: string[]): CfnWebACL.StatementProperty {
  const { attrArn } = new CfnIPSet(stack, 'Proxies', { scope: 'REGIONAL', ipAddressVersion: 'IPV4', addresses });
  const present = { sizeConstraintStatement: { fieldToMatch: { singleHeader: { Name: 'true-client-ip' } }, comparisonOperator: 'GT', size: 0, textTransformations: [{ priority: 0, type: 'NONE' }] } };
  return { andStatement: { statements: [{ ipSetReferenceStatement: { arn: attrArn } }, present] } };
}

/** One rule for what comes from a proxy, by the address that it names, and one for the rest. */
const split = (trusted: CfnWebACL.StatementProperty, rest = trusted, forwarded: Partial<CfnWebACL.RateBasedStatementProperty> = {}): CfnWebACL.RuleProperty[] => [
  rateRule({ aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig: FROM_PROXY, scopeDownStatement: trusted, ...forwarded }, { name: 'forwarded', priority: 9 }),
  rateRule({ scopeDownStatement: { notStatement: { statement: rest } } }),
];

const SCOPED = /counts only what its scope-down statement lets through/;

describeRule('RTL-1.rate-limited', {
  compliant: {
    'a rule for known proxies and one for the rest': (stack) => protect(stack, split(fromProxies(stack, '198.51.100.0/24'))),
    'a rule that allows after both': (stack) => protect(stack, [...split(fromProxies(stack, '198.51.100.0/24')), allowRule({ priority: 20 })]),
    'a rule that blocks by address': (stack) => protect(stack, [rateRule()]),
    'a window of a minute': (stack) => protect(stack, [rateRule({ evaluationWindowSec: 60, limit: 600 })]),
    'the lowest limit': (stack) => protect(stack, [rateRule({ limit: 10 })]),
    'the highest limit': (stack) => protect(stack, [rateRule({ evaluationWindowSec: 60, limit: 60_000 })]),
    'a load balancer as the CDK makes it': (stack) => associate(stack, alb(stack).loadBalancerArn, webAcl(stack, [rateRule()]).attrArn),
    'a load balancer without a type': (stack) => associate(stack, loadBalancer(stack, { type: undefined }).ref, webAcl(stack, [rateRule()]).attrArn),
    'a web ACL in another stack': (stack) => associate(stack, loadBalancer(stack).ref, webAcl(new Stack(stack.node.root, 'Other'), [rateRule()]).attrArn),
    'an association that names both by Fn::Sub': (stack) => {
      loadBalancer(stack);
      webAcl(stack, [rateRule()]);
      associate(stack, Fn.sub('${LoadBalancer}'), Fn.sub('${WebAcl.Arn}'));
    },
    'a rule that allows after it': (stack) => protect(stack, [allowRule({ priority: 20 }), rateRule()]),
    'a rule that blocks before it': (stack) => protect(stack, [allowRule({ action: { block: {} } }), rateRule()]),
    'a managed rule group before it': (stack) => protect(stack, [groupRule(managed()), rateRule()]),
    'a managed rule group before it that only counts': (stack) => protect(stack, [groupRule(managed({ count: {} })), rateRule()]),
    'a rule group of its own before it that blocks': (stack) => protect(stack, [groupRule(ownGroup(stack, { block: {} })), rateRule()]),
    'a rule group that allows, with its verdict only counted': (stack) => protect(stack, [groupRule(ownGroup(stack, { allow: {} }), { overrideAction: { count: {} } }), rateRule()]),
    'a second rate rule that only counts': (stack) => protect(stack, [rateRule({}, { name: 'watch', priority: 1, action: { count: {} } }), rateRule()]),
    'a second rate rule by forwarded address': (stack) => protect(stack, [rateRule(FORWARDED, { name: 'forwarded', priority: 1 }), rateRule()]),
  },
  violating: {
    'a load balancer without a web ACL': { build: (stack) => loadBalancer(stack), message: /has no web ACL associated/, severity: 'error' },
    'a web ACL associated with something else': {
      build: (stack) => {
        loadBalancer(stack);
        associate(stack, 'arn:aws:apigateway:eu-central-1::/restapis/api/stages/prod', webAcl(stack, [rateRule()]).attrArn);
      },
      message: /has no web ACL associated/,
    },
    'a web ACL for CloudFront': { build: (stack) => protect(stack, [rateRule()], { scope: 'CLOUDFRONT' }), message: /must be REGIONAL/ },
    'a web ACL without rules': { build: (stack) => protect(stack, undefined), message: /has no rate-based rule/ },
    'a web ACL without a rate rule': { build: (stack) => protect(stack, [groupRule(managed())]), message: /has no rate-based rule/ },
    'a rate rule that only counts': { build: (stack) => protect(stack, [rateRule({}, { action: { count: {} } })]), message: /rate rule rate does not block/ },
    'a rate rule that challenges': { build: (stack) => protect(stack, [rateRule({}, { action: { challenge: {} } })]), message: /does not block/ },
    'a rate rule that allows': { build: (stack) => protect(stack, [rateRule({}, { action: { allow: {} } })]), message: /does not block/ },
    'a rate rule without an action': { build: (stack) => protect(stack, [rateRule({}, { action: undefined })]), message: /does not block/ },
    'a rate rule that looks at some requests only': {
      build: (stack) => protect(stack, [rateRule({ scopeDownStatement: { geoMatchStatement: { countryCodes: ['DE'] } } })]),
      message: /counts only what its scope-down statement lets through/,
    },
    'a rate rule by forwarded address that spares requests without one': {
      build: (stack) => protect(stack, [rateRule({ ...FORWARDED, forwardedIpConfig: { headerName: 'X-Forwarded-For', fallbackBehavior: 'NO_MATCH' } })]),
      message: /holds no address/,
      severity: 'error',
    },
    'a rate rule by forwarded address, as a warning': { build: (stack) => protect(stack, [rateRule(FORWARDED)]), message: /counts by a header that callers can write/, severity: 'warning' },
    'the same beside a rule that only counts, which is worse': {
      build: (stack) => protect(stack, [rateRule({}, { name: 'watch', priority: 1, action: { count: {} } }), rateRule(FORWARDED)]),
      message: /counts by a header that callers can write/,
      severity: 'warning',
    },
    'a rule for known proxies alone': { build: (stack) => protect(stack, split(fromProxies(stack, '198.51.100.0/24')).slice(0, 1)), message: SCOPED, severity: 'error' },
    'a rule for the rest alone': { build: (stack) => protect(stack, split(fromProxies(stack, '198.51.100.0/24')).slice(1)), message: SCOPED },
    'a rule that allows between the two, the rest being counted first': {
      build: (stack) => protect(stack, [...split(fromProxies(stack, '198.51.100.0/24')).map((rule, index) => ({ ...rule, priority: index === 0 ? 20 : 10 })), allowRule({ priority: 15 })]),
      message: LEAVES_HALF,
      severity: 'error',
    },
    'a rule that allows between the two, the known proxies being counted first': {
      build: (stack) => protect(stack, [...split(fromProxies(stack, '198.51.100.0/24')).map((rule, index) => ({ ...rule, priority: index === 0 ? 10 : 20 })), allowRule({ priority: 15 })]),
      message: LETS_OUT,
    },
    'two rules that leave something between them': {
      build: (stack) => protect(stack, split(fromProxies(stack, '198.51.100.0/24'), { geoMatchStatement: { countryCodes: ['DE'] } })),
      message: SCOPED,
    },
    'proxies that may be anybody': { build: (stack) => protect(stack, split(fromProxies(stack, '0.0.0.0/1', '128.0.0.0/1'))), message: SCOPED },
    'a header that anybody may write in place of proxies': { build: (stack) => protect(stack, split({ geoMatchStatement: { countryCodes: ['DE'] } })), message: SCOPED },
    'a rule for proxies that spares requests without an address': {
      build: (stack) => protect(stack, split(fromProxies(stack, '198.51.100.0/24'), undefined, { forwardedIpConfig: { ...FROM_PROXY, fallbackBehavior: 'NO_MATCH' } })),
      message: SCOPED,
    },
    'a rate rule by other keys': {
      build: (stack) => protect(stack, [rateRule({ aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ header: { name: 'X-Api-Key', textTransformations: [{ priority: 0, type: 'NONE' }] } }] })]),
      message: /aggregates by CUSTOM_KEYS/,
    },
    'a window that WAF does not offer': { build: (stack) => protect(stack, [rateRule({ evaluationWindowSec: 3600 })]), message: /counts over 3600 s/ },
    'a limit below what WAF accepts': { build: (stack) => protect(stack, [rateRule({ limit: 9 })]), message: /has limit 9/ },
    'a rate rule without a limit': {
      build: (stack) => protect(stack, [rateRule()]).addPropertyDeletionOverride('Rules.0.Statement.RateBasedStatement.Limit'),
      message: /has limit none/,
    },
    'a limit that nobody reaches': { build: (stack) => protect(stack, [rateRule({ limit: 2_000_000_000 })]), message: /lets one address send 2000000000 requests in 300 s/ },
    'a limit just above what the largest budget asks for': { build: (stack) => protect(stack, [rateRule({ limit: 300_001 })]), message: /lets one address send 300001 requests in 300 s/ },
    'a rule that allows before it': { build: (stack) => protect(stack, [rateRule(), allowRule()]), message: /rule office allows requests before rate rule rate/ },
    'a rule that allows at the same priority': { build: (stack) => protect(stack, [rateRule(), allowRule({ priority: 10 })]), message: LETS_OUT },
    'a rule that allows without a priority': { build: (stack) => protect(stack, [rateRule(), allowRule()]).addPropertyDeletionOverride('Rules.1.Priority'), message: LETS_OUT },
    'a managed rule group before it that is told to allow': { build: (stack) => protect(stack, [groupRule(managed({ allow: {} })), rateRule()]), message: LETS_OUT },
    'a rule group of its own before it that allows': { build: (stack) => protect(stack, [groupRule(ownGroup(stack, { allow: {} })), rateRule()]), message: LETS_OUT },
    'a rule that allows, beside a rule group that cannot be followed': {
      build: (stack) => protect(stack, [groupRule({ ruleGroupReferenceStatement: { arn: GROUP_ARN } }, { priority: 1 }), allowRule(), rateRule()]),
      message: LETS_OUT,
    },
    'a second association with a web ACL that does not limit': {
      build: (stack) => {
        const target = loadBalancer(stack).ref;
        associate(stack, target, webAcl(stack, [rateRule()]).attrArn);
        associate(stack, target, webAcl(stack, [], {}, 'Second').attrArn, 'SecondAssociation');
      },
      message: /web ACL Second has no rate-based rule/,
    },
  },
  override: {
    build: (stack) => protect(stack, [rateRule()]).addPropertyOverride('Rules.0.Action', { Block: undefined, Count: {} }),
    message: /does not block/,
  },
  raw: {
    build: (stack) => {
      const acl = new CfnResource(stack, 'RawAcl', {
        type: 'AWS::WAFv2::WebACL',
        properties: {
          Scope: 'REGIONAL',
          DefaultAction: { Allow: {} },
          Rules: [{ Name: 'raw', Priority: 0, Action: { Count: {} }, Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 100 } } }],
        },
      });
      const balancer = new CfnResource(stack, 'RawBalancer', { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', properties: { Scheme: 'internal' } });
      new CfnResource(stack, 'RawAssociation', { type: 'AWS::WAFv2::WebACLAssociation', properties: { ResourceArn: balancer.ref, WebACLArn: acl.getAtt('Arn') } });
    },
    message: /rate rule raw does not block/,
  },
  undecidable: {
    'a web ACL known at deployment': (stack) => associate(stack, loadBalancer(stack).ref, deployTimeValue(stack)),
    'an imported web ACL': (stack) => associate(stack, loadBalancer(stack).ref, Fn.importValue('WebAclArn')),
    'a web ACL named by its ARN': (stack) => associate(stack, loadBalancer(stack).ref, ACL_ARN),
    'an association whose load balancer is known at deployment': (stack) => {
      loadBalancer(stack);
      associate(stack, deployTimeValue(stack), webAcl(stack, [rateRule()]).attrArn);
    },
    'a limit known at deployment': (stack) => protect(stack, [rateRule()]).addPropertyOverride('Rules.0.Statement.RateBasedStatement.Limit', deployTimeValue(stack)),
    'a scope known at deployment': (stack) => protect(stack, [rateRule()], { scope: deployTimeValue(stack) }),
    'a rate rule that may turn out right beside one that is wrong': (stack) => protect(stack, [rateRule({}, { name: 'watch', priority: 1, action: { count: {} } }), rateRule()])
      .addPropertyOverride('Rules.1.Statement.RateBasedStatement.AggregateKeyType', deployTimeValue(stack)),
    'a rule group before it that is in none of the templates': (stack) => protect(stack, [groupRule({ ruleGroupReferenceStatement: { arn: GROUP_ARN } }), rateRule()]),
    'a web ACL that leaves counting to its rule groups': (stack) => protect(stack, [groupRule({ ruleGroupReferenceStatement: { arn: GROUP_ARN } })]),
  },
  notApplicable: {
    'a network load balancer': (stack) => nlb(stack),
  },
});
