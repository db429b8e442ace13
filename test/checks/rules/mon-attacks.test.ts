import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { associate, groupRule, protect, rateRule, webAcl } from '../../support/web-acl';

const SILENT = /is not true, so that no metric says how much is blocked/;
const silent = (metricName: string): { visibilityConfig: CfnWebACL.VisibilityConfigProperty } => ({ visibilityConfig: { cloudWatchMetricsEnabled: false, metricName, sampledRequestsEnabled: false } });

describeRule('MON-2.web-acl-metrics', {
  compliant: { 'metrics of all': (stack) => webAcl(stack, [rateRule()]) },
  violating: {
    'none of the web ACL': { build: (stack) => webAcl(stack, [rateRule()], silent('acl')), message: SILENT },
    'none of a rule': { build: (stack) => webAcl(stack, [rateRule({}, silent('rate'))]), message: SILENT },
  },
  override: { build: (stack) => webAcl(stack, [rateRule()]).addPropertyOverride('VisibilityConfig.CloudWatchMetricsEnabled', false), message: SILENT },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::WAFv2::WebACL', properties: { VisibilityConfig: { CloudWatchMetricsEnabled: 'false' } } }), message: SILENT },
  undecidable: (stack) => webAcl(stack, [rateRule()]).addPropertyOverride('VisibilityConfig.CloudWatchMetricsEnabled', stack.resolve(deployTimeValue(stack))),
});

const known = (name: string, priority: number): CfnWebACL.RuleProperty =>
  groupRule({ managedRuleGroupStatement: { vendorName: 'AWS', name: `AWSManagedRules${name}RuleSet` } }, { name, priority });
const BOTH = [known('Common', 5), known('KnownBadInputs', 6)];
const counting = BOTH.map((rule) => ({ ...rule, overrideAction: { count: {} } }));

describeRule('MON-2.known-attacks', {
  compliant: {
    'both groups': (stack: Stack) => protect(stack, BOTH),
    'both groups that count': (stack: Stack) => protect(stack, counting),
  },
  violating: {
    'one group': { build: (stack) => protect(stack, [known('Common', 5)]), message: /has no AWSManagedRulesKnownBadInputsRuleSet, so that odd requests/, severity: 'warning' },
    'a group that lets in what one of its rules finds': {
      build: (stack) => protect(stack, BOTH).addPropertyOverride('Rules.0.Statement.ManagedRuleGroupStatement.RuleActionOverrides', [{ Name: 'CrossSiteScripting_BODY', ActionToUse: { Allow: {} } }]),
      message: /has no AWSManagedRulesCommonRuleSet, so that odd requests/,
    },
    'a rate alone': { build: (stack) => protect(stack, [rateRule()]), message: /has no AWSManagedRulesCommonRuleSet and no AWSManagedRulesKnownBadInputsRuleSet/ },
  },
  override: { build: (stack) => protect(stack, BOTH).addPropertyOverride('Rules', []), message: /has no AWSManagedRulesCommonRuleSet/ },
  raw: {
    build: (stack) => associate(stack, loadBalancer(stack).ref, new CfnResource(stack, 'Raw', { type: 'AWS::WAFv2::WebACL' }).getAtt('Arn').toString()), message: /has no AWSManagedRulesCommonRuleSet/,
  },
  undecidable: (stack) => protect(stack, BOTH).addPropertyOverride('Rules', stack.resolve(deployTimeValue(stack))),
  notApplicable: { 'a web ACL before nothing': (stack) => webAcl(stack, []) },
});
