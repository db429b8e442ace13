import { type Stack } from 'aws-cdk-lib';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { loadBalancer } from './load-balancing';

type Rule = CfnWebACL.RuleProperty;

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({ cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true });

/** A rule that lets some requests out of the web ACL. */
export function allowRule(props: Partial<Rule> = {}): Rule {
  return { name: 'office', priority: 5, action: { allow: {} }, statement: { geoMatchStatement: { countryCodes: ['DE'] } }, visibilityConfig: visibility('office'), ...props };
}

/** A rule that takes its actions from a rule group. */
export function groupRule(statement: CfnWebACL.StatementProperty, props: Partial<Rule> = {}): Rule {
  return { name: 'group', priority: 5, overrideAction: { none: {} }, statement, visibilityConfig: visibility('group'), ...props };
}

/** A rule that blocks an address after 2000 requests in five minutes. */
export function rateRule(rate: Partial<CfnWebACL.RateBasedStatementProperty> = {}, props: Partial<Rule> = {}): Rule {
  return {
    name: 'rate',
    priority: 10,
    action: { block: {} },
    statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000, ...rate } },
    visibilityConfig: visibility('rate'),
    ...props,
  };
}

export function webAcl(stack: Stack, rules: Rule[] | undefined, props: Partial<ConstructorParameters<typeof CfnWebACL>[2]> = {}, id = 'WebAcl'): CfnWebACL {
  return new CfnWebACL(stack, id, { scope: 'REGIONAL', defaultAction: { allow: {} }, visibilityConfig: visibility('acl'), rules, ...props });
}

/** A load balancer behind a web ACL of these rules. */
export function protect(stack: Stack, rules: Rule[] | undefined, props: Partial<ConstructorParameters<typeof CfnWebACL>[2]> = {}): CfnWebACL {
  const acl = webAcl(stack, rules, props);
  associate(stack, loadBalancer(stack).ref, acl.attrArn);
  return acl;
}

export function associate(stack: Stack, resourceArn: string, webAclArn: string, id = 'Association'): CfnWebACLAssociation {
  return new CfnWebACLAssociation(stack, id, { resourceArn, webAclArn });
}
