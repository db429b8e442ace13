import { App, CustomResource, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Template } from '../../src/checks/template/template';
import { CERTIFICATE } from './alb';
import { associate, webAcl } from './web-acl';

type Statement = wafv2.CfnWebACL.StatementProperty;
type Rule = wafv2.CfnWebACL.RuleProperty;

const RAW = [{ priority: 0, type: 'NONE' }];
const SPELLED = [{ priority: 0, type: 'URL_DECODE' }, { priority: 1, type: 'NORMALIZE_PATH' }];
const PROXY_HEADER = 'true-client-ip';
const KEY_HEADER = 'x-api-key';

const text = (fieldToMatch: wafv2.CfnWebACL.FieldToMatchProperty, searchString: string, textTransformations = RAW): Statement => (
  { byteMatchStatement: { fieldToMatch, searchString, positionalConstraint: 'EXACTLY', textTransformations } }
);
const both = (...statements: Statement[]): Statement => ({ andStatement: { statements } });
const not = (statement: Statement): Statement => ({ notStatement: { statement } });
const inSet = (arn: string): Statement => ({ ipSetReferenceStatement: { arn } });
const has = (Name: string): Statement => ({ sizeConstraintStatement: { fieldToMatch: { singleHeader: { Name } }, comparisonOperator: 'GT', size: 0, textTransformations: RAW } });
const route = (method: string, path: string): Statement => both(text({ method: {} }, method), text({ uriPath: {} }, path, SPELLED));

function block(responseCode: number, customResponseBodyKey: string, ...own: { name: string; value: string }[]): wafv2.CfnWebACL.RuleActionProperty {
  const responseHeaders = [
    { name: 'strict-transport-security', value: 'max-age=63072000; includeSubDomains' }, { name: 'x-content-type-options', value: 'nosniff' }, { name: 'x-frame-options', value: 'DENY' }, ...own,
  ];
  return { block: { customResponse: { responseCode, customResponseBodyKey, responseHeaders } } };
}

const RESPONSE_HEADERS = [
  { key: 'routing.http.response.strict_transport_security.header_value', value: 'max-age=63072000' },
  { key: 'routing.http.response.x_content_type_options.header_value', value: 'nosniff' },
  { key: 'routing.http.response.x_frame_options.header_value', value: 'DENY' },
];

const TOO_MANY = block(429, 'tooMany', { name: 'retry-after', value: '120' });

function rules(lockdown: CustomResource, proxies: wafv2.CfnIPSet): Rule[] {
  const trusted = both(inSet(proxies.attrArn), has(PROXY_HEADER));
  const rate = (name: string, limit: number, key: Partial<wafv2.CfnWebACL.RateBasedStatementProperty>): Partial<Rule> => (
    { name, action: TOO_MANY, statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: 120, ...key } } }
  );
  const drafts: Partial<Rule>[] = [
    { name: 'Lockdown', action: block(503, 'locked'), statement: { orStatement: { statements: [inSet(lockdown.getAttString('Ipv4SetArn')), inSet(lockdown.getAttString('Ipv6SetArn'))] } } },
    rate('Credentials', 100, { scopeDownStatement: both(not(trusted), route('POST', '/token')) }),
    rate('Heavy', 150, { scopeDownStatement: both(not(trusted), route('POST', '/v1/run')) }),
    rate('PerKey', 300, { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ header: { name: KEY_HEADER, textTransformations: RAW } }] }),
    rate('WithoutKey', 2500, { aggregateKeyType: 'CONSTANT', scopeDownStatement: not(has(KEY_HEADER)) }),
    rate('Forwarded', 200, { aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig: { headerName: PROXY_HEADER, fallbackBehavior: 'MATCH' }, scopeDownStatement: trusted }),
    rate('Any', 200, { scopeDownStatement: not(trusted) }),
    { name: 'Common', overrideAction: { none: {} }, statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesCommonRuleSet' } } },
    {
      name: 'SuspiciousBodies',
      action: block(403, 'locked'),
      statement: both({ labelMatchStatement: { scope: 'LABEL', key: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' } }, not(text({ uriPath: {} }, '/v1/run'))),
    },
  ];
  const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'rule', sampledRequestsEnabled: false };
  return drafts.map((draft, priority) => ({ name: '', statement: {}, ...draft, priority, visibilityConfig }));
}

/**
 * What a door has that shuts on demand: a switch that a custom resource makes, budgets by address, key and path, declared routes, an admin plane behind a
 * login of its own, client certificates on a second listener, and a network load balancer in front. Raw resources, no construct of ours.
 */
export function completeEdge(): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'CompleteEdge');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc, dropInvalidHeaderFields: true });
  loadBalancer.addRedirect();
  const targets = new elbv2.ApplicationTargetGroup(stack, 'Targets', { vpc, port: 8000, protocol: elbv2.ApplicationProtocol.HTTP, targetType: elbv2.TargetType.IP });
  const listener = loadBalancer.addListener('Https', {
    port: 443, certificates: [CERTIFICATE], sslPolicy: elbv2.SslPolicy.TLS13_13, open: false, defaultAction: elbv2.ListenerAction.fixedResponse(404),
  });
  listener.setAttribute('routing.http.response.server.enabled', 'false');
  for (const { key, value } of RESPONSE_HEADERS) listener.setAttribute(key, value);

  const issuer = 'https://login.acme.test';
  const token = { type: 'jwt-validation', order: 1, jwtValidationConfig: {
    issuer, jwksEndpoint: `${issuer}/jwks.json`, additionalClaims: [{ name: 'aud', format: 'single-string', values: ['core'] }],
  } };
  const forward = { type: 'forward', order: 2, targetGroupArn: targets.targetGroupArn };
  const path = (...values: string[]): elbv2.CfnListenerRule.RuleConditionProperty => ({ field: 'path-pattern', pathPatternConfig: { values } });
  const host = { field: 'host-header', hostHeaderConfig: { values: ['core.acme.test'] } };
  const method = (value: string): elbv2.CfnListenerRule.RuleConditionProperty => ({ field: 'http-request-method', httpRequestMethodConfig: { values: [value] } });
  const rule = (id: string, priority: number, conditions: elbv2.CfnListenerRule.RuleConditionProperty[], actions: elbv2.CfnListenerRule.ActionProperty[], listenerArn = listener.listenerArn): void => {
    new elbv2.CfnListenerRule(stack, id, { listenerArn, priority, conditions, actions });
  };
  const login = { type: 'authenticate-cognito', order: 1, authenticateCognitoConfig: {
    userPoolArn: 'arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_admin', userPoolClientId: 'admin', userPoolDomain: 'admin',
  } };
  rule('Admin', 1, [path('/admin', '/admin/*'), host], [login, forward]);
  rule('Run', 1000, [path('/v1/run'), method('POST'), host], [token, forward]);
  rule('Models', 1001, [path('/v1/models'), method('GET'), host], [token, forward]);
  rule('Notes', 30_000, [path('/notes', '/notes/*'), host], [token, forward]);

  const trustStore = new elbv2.CfnTrustStore(stack, 'TrustStore', { caCertificatesBundleS3Bucket: 'authorities', caCertificatesBundleS3Key: 'authorities.pem' });
  new elbv2.CfnTrustStoreRevocation(stack, 'Revocation', { trustStoreArn: trustStore.ref, revocationContents: [{ s3Bucket: 'authorities', s3Key: 'revoked.crl', revocationType: 'CRL' }] });
  const mutual = new elbv2.CfnListener(stack, 'Mutual', {
    loadBalancerArn: loadBalancer.loadBalancerArn,
    port: 8443,
    protocol: 'HTTPS',
    sslPolicy: elbv2.SslPolicy.TLS13_13,
    certificates: [{ certificateArn: CERTIFICATE.certificateArn }],
    mutualAuthentication: { mode: 'verify', trustStoreArn: trustStore.ref, ignoreClientCertificateExpiry: false },
    defaultActions: [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }],
    listenerAttributes: RESPONSE_HEADERS,
  });
  rule('MutualAdmin', 1, [path('/admin', '/admin/*')], [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '404' } }], mutual.ref);
  // A group of its own: what verifies nobody lets forged names of certificates through.
  const known = new elbv2.ApplicationTargetGroup(stack, 'KnownTargets', { vpc, port: 8001, protocol: elbv2.ApplicationProtocol.HTTP, targetType: elbv2.TargetType.IP });
  rule('MutualAll', 49_000, [path('/*')], [{ type: 'forward', order: 2, targetGroupArn: known.targetGroupArn }], mutual.ref);

  const nlb = new elbv2.CfnLoadBalancer(stack, 'Nlb', { type: 'network', scheme: 'internal', subnets: vpc.selectSubnets().subnetIds });
  const inFront = new elbv2.CfnTargetGroup(stack, 'InFront', { targetType: 'alb', protocol: 'TCP', port: 443, vpcId: vpc.vpcId, targets: [{ id: loadBalancer.loadBalancerArn }] });
  new elbv2.CfnListener(stack, 'Wire', { loadBalancerArn: nlb.ref, port: 443, protocol: 'TCP', defaultActions: [{ type: 'forward', targetGroupArn: inFront.ref }] });

  const lockdown = new CustomResource(stack, 'Lockdown', {
    serviceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:lockdown', resourceType: 'Custom::SecureCoreLockdown', properties: { Name: 'complete-lockdown', Tags: {} },
  });
  const proxies = new wafv2.CfnIPSet(stack, 'Proxies', { scope: 'REGIONAL', ipAddressVersion: 'IPV4', addresses: ['192.0.2.0/24'] });
  const json = (content: string): wafv2.CfnWebACL.CustomResponseBodyProperty => ({ contentType: 'APPLICATION_JSON', content });
  const acl = webAcl(stack, rules(lockdown, proxies), { customResponseBodies: { locked: json('{"error":"locked_down"}'), tooMany: json('{"error":"too_many_requests"}') } });
  associate(stack, loadBalancer.loadBalancerArn, acl.attrArn);
  return { name: stack.stackName, body: Assertions.fromStack(stack).toJSON() };
}
