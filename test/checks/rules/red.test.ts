import { type Stack } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { alb, albListener, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';
import { rateRule, webAcl } from '../../support/web-acl';

const SERVER = 'routing.http.response.server.enabled';
const NAMES_SERVER = /names the kind of server/;
const serving = (stack: Stack, value: string): unknown => httpsListener(stack, { listenerAttributes: [{ key: SERVER, value }] });

describeRule('RED-3.server-header', {
  compliant: {
    'a listener that sends none': (stack) => serving(stack, 'false'),
    'a listener as the CDK makes it': (stack) => albListener(stack).setAttribute(SERVER, 'false'),
  },
  violating: {
    'a listener that says nothing of it': { build: (stack) => albListener(stack), message: NAMES_SERVER, severity: 'warning' },
    'a listener that sends it': { build: (stack) => serving(stack, 'true'), message: NAMES_SERVER, severity: 'warning' },
    'another attribute': { build: (stack) => httpsListener(stack, { listenerAttributes: [{ key: 'routing.http.response.x_frame_options.header_value', value: 'DENY' }] }), message: NAMES_SERVER },
  },
  override: {
    build: (stack) => {
      const listener = albListener(stack);
      listener.setAttribute(SERVER, 'false');
      resourceOf(listener).addPropertyOverride('ListenerAttributes', [{ Key: SERVER, Value: 'true' }]);
    },
    message: NAMES_SERVER,
  },
  raw: { build: (stack) => raw(stack, 'AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS' }), message: NAMES_SERVER },
  undecidable: (stack) => serving(stack, deployTimeValue(stack)),
  notApplicable: { 'a plain listener': (stack) => alb(stack).addRedirect() },
});

const HEADERS = ['authorization', 'cookie', 'x-api-key'];
const headers = (...names: readonly string[]): { singleHeader: { Name: string } }[] => names.map((Name) => ({ singleHeader: { Name } }));
const QUERY = { queryString: {} };
const EVERYTHING: CfnWebACL.DataProtectionConfigProperty = {
  dataProtections: [
    { action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: ['Authorization', 'cookie', 'x-api-key'] } },
    { action: 'HASH', field: { fieldType: 'QUERY_STRING' } },
  ],
};

function logged(stack: Stack, redactedFields?: CfnLoggingConfiguration.FieldToMatchProperty[], acl: Partial<CfnWebACL> = {}): CfnLoggingConfiguration {
  const { attrArn } = webAcl(stack, [], { dataProtectionConfig: acl.dataProtectionConfig });
  return new CfnLoggingConfiguration(stack, 'Logging', { resourceArn: attrArn, logDestinationConfigs: ['arn:aws:s3:::aws-waf-logs-core'], redactedFields });
}

/** A web ACL that gives each value of these keys a budget of its own, and whose log shows all but these headers. */
function keyed(stack: Stack, hidden: readonly string[], ...customKeys: CfnWebACL.RateBasedStatementCustomKeyProperty[]): CfnLoggingConfiguration {
  const { attrArn } = webAcl(stack, [rateRule({ aggregateKeyType: 'CUSTOM_KEYS', customKeys }, { name: 'keys' })]);
  return new CfnLoggingConfiguration(stack, 'Logging', { resourceArn: attrArn, logDestinationConfigs: [], redactedFields: [...headers(...hidden), QUERY] });
}
const TEXT = [{ priority: 0, type: 'NONE' }];
const TENANT: CfnWebACL.RateBasedStatementCustomKeyProperty = { header: { name: 'X-Tenant-Key', textTransformations: TEXT } };

describeRule('RED-5.waf-log-redaction', {
  compliant: {
    'the header that a rate rule counts by': (stack) => keyed(stack, [...HEADERS, 'x-tenant-key'], TENANT),
    'a rate rule that counts by no header': (stack) => keyed(stack, HEADERS, { uriPath: { textTransformations: TEXT } }),
    'credentials and the query': (stack) => logged(stack, [...headers(...HEADERS), QUERY]),
    'another spelling and more': (stack) => logged(stack, [...headers('Authorization', 'Cookie', 'X-Api-Key', 'x-request-id'), QUERY, { uriPath: {} }]),
    'a web ACL that hides the same': (stack) => logged(stack, undefined, { dataProtectionConfig: EVERYTHING }),
    'both together': (stack) => logged(stack, headers('cookie'), { dataProtectionConfig: EVERYTHING }),
  },
  violating: {
    'nothing redacted': { build: (stack) => logged(stack), message: /shows authorization, cookie, x-api-key, the query string/, severity: 'error' },
    'the API key': { build: (stack) => logged(stack, [...headers('authorization', 'cookie'), QUERY]), message: /shows x-api-key of every request/ },
    'the header that a rate rule counts by': { build: (stack) => keyed(stack, HEADERS, { ip: {} }, TENANT), message: /shows x-tenant-key of every request/, severity: 'error' },
    'the query': { build: (stack) => logged(stack, headers(...HEADERS)), message: /shows the query string of every request/ },
  },
  override: { build: (stack) => logged(stack, [...headers(...HEADERS), QUERY]).addPropertyOverride('RedactedFields', [{ UriPath: {} }]), message: /shows authorization/ },
  raw: { build: (stack) => raw(stack, 'AWS::WAFv2::LoggingConfiguration', { ResourceArn: webAcl(stack, []).attrArn, LogDestinationConfigs: [] }), message: /shows authorization/ },
  undecidable: {
    'a key known at deployment': (stack) => keyed(stack, HEADERS, { header: { name: deployTimeValue(stack), textTransformations: TEXT } }),
    'a header known at deployment': (stack) => logged(stack, headers(deployTimeValue(stack))),
    'a web ACL that is in none of the templates': (stack) => new CfnLoggingConfiguration(stack, 'Logging', {
      resourceArn: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/a/1', logDestinationConfigs: [],
    }),
  },
});

/** A web ACL with one rule, and whether samples of what each decides are kept. */
function sampled(stack: Stack, acl: boolean, rule: boolean, props: Partial<ConstructorParameters<typeof CfnWebACL>[2]> = {}): CfnWebACL {
  const made = webAcl(stack, [rateRule()], props);
  made.addPropertyOverride('VisibilityConfig.SampledRequestsEnabled', acl);
  made.addPropertyOverride('Rules.0.VisibilityConfig.SampledRequestsEnabled', rule);
  return made;
}

describeRule('RED-5.waf-samples', {
  compliant: {
    'no samples': (stack) => sampled(stack, false, false),
    'samples in which credentials are hidden': (stack) => sampled(stack, true, true, { dataProtectionConfig: EVERYTHING }),
  },
  violating: {
    'samples of what no rule decides': { build: (stack) => sampled(stack, true, false), message: /keeps samples of requests that show authorization/, severity: 'warning' },
    'samples of a rule': { build: (stack) => sampled(stack, false, true), message: /keeps samples/ },
    'samples with one header open': {
      build: (stack) => sampled(stack, true, true, { dataProtectionConfig: { dataProtections: [{ action: 'HASH', field: { fieldType: 'SINGLE_HEADER', fieldKeys: ['cookie', 'x-api-key'] } }] } }),
      message: /show authorization, the query string/,
    },
  },
  override: { build: (stack) => sampled(stack, false, false).addPropertyOverride('VisibilityConfig.SampledRequestsEnabled', 'true'), message: /keeps samples/ },
  raw: { build: (stack) => raw(stack, 'AWS::WAFv2::WebACL', { VisibilityConfig: { SampledRequestsEnabled: true } }), message: /keeps samples/ },
  undecidable: (stack) => sampled(stack, false, false).addPropertyOverride('VisibilityConfig.SampledRequestsEnabled', { Ref: (deployTimeValue(stack), 'DeployTime') }),
});
