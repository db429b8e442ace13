import { CustomResource } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnFirewallDomainList, CfnFirewallRuleGroup, CfnFirewallRuleGroupAssociation } from 'aws-cdk-lib/aws-route53resolver';
import { CfnRotationSchedule, type CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { DECLARED_TRAIL_METADATA } from '../../../src/secrets/contract';

/** Attributes of a careful load balancer. */
export const HARDENED: Readonly<Record<string, string>> = {
  'routing.http.drop_invalid_header_fields.enabled': 'true',
  'routing.http.desync_mitigation_mode': 'defensive',
  'routing.http.xff_header_processing.mode': 'append',
  'waf.fail_open.enabled': 'false',
  'idle_timeout.timeout_seconds': '900',
};

/** Attributes of its listeners. */
export const HEADERS: Readonly<Record<string, string>> = {
  'routing.http.response.strict_transport_security.header_value': 'max-age=63072000; includeSubDomains; preload',
  'routing.http.response.x_content_type_options.header_value': 'nosniff',
  'routing.http.response.x_frame_options.header_value': 'DENY',
  'routing.http.response.server.enabled': 'false',
};

/** As CloudFormation lists attributes. */
export const settings = (map: Readonly<Record<string, string>>): { readonly key: string; readonly value: string }[] => Object.entries(map).map(([key, value]) => ({ key, value }));

/** The first rule of a web ACL: it blocks whoever is in two sets of addresses, which somebody fills in an emergency and no template touches. */
export function lockdownRule(scope: Construct, visibilityConfig: CfnWebACL.VisibilityConfigProperty): CfnWebACL.RuleProperty {
  const sets = new CustomResource(scope, 'Lockdown', { resourceType: 'Custom::Lockdown', serviceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:lockdown' });
  return {
    name: 'lockdown', priority: 0, action: { block: { customResponse: { responseCode: 503 } } }, visibilityConfig,
    statement: { orStatement: { statements: ['Ipv4SetArn', 'Ipv6SetArn'].map((attribute) => ({ ipSetReferenceStatement: { arn: sets.getAttString(attribute) } })) } },
  };
}

/** Has a network answer for these names and for no others. */
export function filterNames(scope: Construct, vpcId: string, names: readonly string[]): void {
  const [needed, every] = [new CfnFirewallDomainList(scope, 'NeededNames', { domains: [...names] }), new CfnFirewallDomainList(scope, 'EveryName', { domains: ['*'] })];
  const rules = new CfnFirewallRuleGroup(scope, 'Names', {
    firewallRules: [
      { action: 'ALLOW', priority: 1, firewallDomainListId: needed.attrId },
      { action: 'BLOCK', blockResponse: 'NXDOMAIN', priority: 2, firewallDomainListId: every.attrId },
    ],
  });
  new CfnFirewallRuleGroupAssociation(scope, 'NamesInForce', { firewallRuleGroupId: rules.attrId, priority: 101, vpcId });
}

const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:';
const ALARMS = [{ id: 'Alarms', arn: 'arn:aws:sns:eu-central-1:111122223333:alarms' }];

/** Tells somebody of everybody who reads a secret, on a trail of the organization. */
export function watchReads(scope: Construct): void {
  const eventPattern = { 'source': ['aws.secretsmanager'], 'detail-type': ['AWS API Call via CloudTrail'], 'detail': { eventSource: ['secretsmanager.amazonaws.com'], eventName: ['GetSecretValue'] } };
  const rule = new CfnRule(scope, 'SecretReads', { state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', eventPattern, targets: ALARMS });
  rule.addMetadata(DECLARED_TRAIL_METADATA, 'The trail of the organization records management events.');
}

/** Renews a secret every month. */
export function rotate(scope: Construct, secret: CfnSecret): void {
  new CfnRotationSchedule(scope, 'Rotation', { secretId: secret.ref, rotationLambdaArn: `${FUNCTION}rotate`, rotationRules: { automaticallyAfterDays: 30 } });
}

/** Renews a secret every month, and deploys anew what holds it. */
export function renew(scope: Construct, secret: CfnSecret): void {
  rotate(scope, secret);
  const eventPattern = { 'source': ['aws.secretsmanager'], 'detail-type': ['Secret Label Updated'], 'resources': [secret.ref] };
  new CfnRule(scope, 'Rollout', { eventPattern, targets: [{ id: 'Rollout', arn: `${FUNCTION}rollout` }] });
}

/** What AWS knows of attacks, from the second rule of a web ACL on. */
export function knownAttacks(visibilityConfig: CfnWebACL.VisibilityConfigProperty): CfnWebACL.RuleProperty[] {
  return ['KnownBadInputs', 'Common'].map((name, index) => ({
    name: `known-${index}`, priority: 10 + index, overrideAction: { none: {} }, visibilityConfig,
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: `AWSManagedRules${name}RuleSet` } },
  }));
}

/** Puts a web ACL before a load balancer that blocks in an emergency, whoever asks too often, and what AWS knows of attacks. */
export function protect(scope: Construct, resourceArn: string, metricName: string): void {
  const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
  const acl = new CfnWebACL(scope, 'WebAcl', {
    scope: 'REGIONAL', defaultAction: { allow: {} }, visibilityConfig,
    rules: [
      lockdownRule(scope, visibilityConfig),
      { name: 'flood', priority: 1, action: { block: {} }, visibilityConfig, statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000 } } },
      ...knownAttacks(visibilityConfig),
    ],
  });
  new CfnWebACLAssociation(scope, 'WebAclAssociation', { resourceArn, webAclArn: acl.attrArn });
}
