import { CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { CfnIPSet, CfnRuleGroup, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { configured, gateTask } from '../../support/gated';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { allowRule, rateRule, webAcl } from '../../support/web-acl';

const NONE = [{ priority: 0, type: 'NONE' }];
const byHeader = (name: string): Partial<CfnWebACL.RateBasedStatementProperty> => ({ aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ header: { name, textTransformations: NONE } }] });
const forwarded = (scopeDownStatement?: CfnWebACL.StatementProperty): Partial<CfnWebACL.RateBasedStatementProperty> =>
  ({ aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig: { headerName: 'X-Forwarded-For', fallbackBehavior: 'MATCH' }, scopeDownStatement });
const from = (stack: Stack, address: string): CfnWebACL.StatementProperty =>
  ({ ipSetReferenceStatement: { arn: new CfnIPSet(stack, 'Proxies', { scope: 'REGIONAL', ipAddressVersion: 'IPV4', addresses: [address] }).attrArn } });
const all = (...statements: CfnWebACL.StatementProperty[]): CfnWebACL.StatementProperty => ({ andStatement: { statements } });
const PRESENT: CfnWebACL.StatementProperty = { sizeConstraintStatement: { fieldToMatch: { singleHeader: { Name: 'x-forwarded-for' } }, comparisonOperator: 'GT', size: 0, textTransformations: NONE } };
const onPath = (searchString: string): CfnWebACL.StatementProperty =>
  ({ byteMatchStatement: { fieldToMatch: { uriPath: {} }, searchString, positionalConstraint: 'EXACTLY', textTransformations: NONE } });
const limiting = (stack: Stack, rate: Partial<CfnWebACL.RateBasedStatementProperty>): CfnWebACL => webAcl(stack, [rateRule(rate)]);

const CLAIMED = (header: string): RegExp => new RegExp(`rule rate counts by ${header}, in which callers write what they like at this point`);
const FORGED = /rule rate counts by the address that a header names, whoever sent it/;

describeRule('RTL-5.edge-key', {
  compliant: {
    'by address': (stack) => limiting(stack, {}),
    'by a header that says nothing of who somebody is': (stack) => limiting(stack, byHeader('x-api-key')),
    'by the address that known proxies name': (stack) => limiting(stack, forwarded(from(stack, '198.51.100.0/24'))),
    'and that on a few paths only': (stack) => limiting(stack, forwarded(all(all(from(stack, '198.51.100.0/24'), PRESENT), onPath('/v1/login')))),
  },
  violating: {
    'by who somebody says he is': { build: (stack) => limiting(stack, byHeader('x-client-id')), message: CLAIMED('x-client-id'), severity: 'error' },
    'whatever its spelling': { build: (stack) => limiting(stack, byHeader('X-User-ID')), message: CLAIMED('x-user-id') },
    'by the header that a gate writes': {
      build: (stack) => {
        gateTask(stack, configured({ core: { port: 8000, healthCheckPath: '/health', publicHealth: false, identityHeader: 'x-tenant-user', removedHeaders: [] } }));
        limiting(stack, byHeader('x-tenant-user'));
      },
      message: CLAIMED('x-tenant-user'),
    },
    'by a header beside the address': {
      build: (stack) => limiting(stack, { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ ip: {} }, { header: { name: 'x-user', textTransformations: NONE } }] }), message: CLAIMED('x-user'),
    },
    'by an address that anybody forges': { build: (stack) => limiting(stack, forwarded()), message: FORGED },
    'by an address that everybody is known to send': { build: (stack) => limiting(stack, forwarded(from(stack, '0.0.0.0/1'))), message: FORGED },
    'by one that known proxies or anybody on a path name': {
      build: (stack) => limiting(stack, forwarded({ orStatement: { statements: [all(from(stack, '198.51.100.0/24'), PRESENT), onPath('/v1/login')] } })), message: FORGED,
    },
    'by a forged address among other keys': { build: (stack) => limiting(stack, { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ forwardedIp: {} }] }), message: FORGED },
    'in a rule group': {
      build: (stack) => {
        const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'own', sampledRequestsEnabled: true };
        return new CfnRuleGroup(stack, 'Group', { scope: 'REGIONAL', capacity: 10, visibilityConfig, rules: [rateRule(byHeader('x-role'))] });
      },
      message: CLAIMED('x-role'),
    },
  },
  override: { build: (stack) => limiting(stack, byHeader('x-api-key')).addPropertyOverride('Rules.0.Statement.RateBasedStatement.CustomKeys.0.Header.Name', 'x-role'), message: CLAIMED('x-role') },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::WAFv2::WebACL',
      properties: { Rules: [{ Name: 'rate', Action: { Block: {} }, Statement: { RateBasedStatement: { AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: [{ Header: { Name: 'remote-user' } }] } } }] },
    }),
    message: CLAIMED('remote-user'),
  },
  undecidable: {
    'a header known at deployment': (stack) => limiting(stack, byHeader(deployTimeValue(stack))),
    'a key known at deployment': (stack) => limiting(stack, { aggregateKeyType: Fn.importValue('Key') }),
  },
  notApplicable: {
    'rules that limit nothing': (stack) => webAcl(stack, [allowRule()]),
    'a rule that only counts': (stack) => webAcl(stack, [rateRule(byHeader('x-role'), { action: { count: {} } })]),
  },
});
