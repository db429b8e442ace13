import { CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { configured, GATE, forwardOn, gatedService, withHole } from '../../support/gated';
import { listenerRule } from '../../support/actions';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { associate, rateRule, webAcl } from '../../support/web-acl';

type Statement = CfnWebACL.StatementProperty;
type Rule = CfnWebACL.RuleProperty;

const NORMALIZED = [{ priority: 0, type: 'URL_DECODE' }, { priority: 1, type: 'NORMALIZE_PATH' }];
const asIs = (type = 'NONE'): typeof NORMALIZED => [{ priority: 0, type }];
const method = (searchString: string, type?: string): Statement =>
  ({ byteMatchStatement: { fieldToMatch: { method: {} }, positionalConstraint: 'EXACTLY', searchString, textTransformations: asIs(type) } });
const path = (searchString: string, positionalConstraint = 'EXACTLY', textTransformations = NORMALIZED): Statement =>
  ({ byteMatchStatement: { fieldToMatch: { uriPath: {} }, positionalConstraint, searchString, textTransformations } });
const all = (...statements: Statement[]): Statement => ({ andStatement: { statements } });
const any = (...statements: Statement[]): Statement => ({ orStatement: { statements } });
const not = (statement: Statement): Statement => ({ notStatement: { statement } });

/** What the gate of these tests takes for heavy. */
const EVALUATE = all(method('POST'), path('/v1/evaluate'));

const heavyRule = (scopeDownStatement: Statement = EVALUATE, limit = 200, props: Partial<Rule> = {}): Rule =>
  rateRule({ limit, scopeDownStatement }, { name: 'heavy', priority: 5, ...props });

/** A gate behind a load balancer behind a web ACL of these rules and one for all requests. */
function edge(stack: Stack, rules: Rule[], configuration = configured()): CfnWebACL {
  gatedService(stack, configuration);
  const balancer = loadBalancer(stack);
  listenerRule(stack, httpsListener(stack, { loadBalancerArn: balancer.ref }).ref, [forwardOn(stack)]);
  const acl = webAcl(stack, [...rules, rateRule()]);
  associate(stack, balancer.ref, acl.attrArn);
  return acl;
}

const SAME = /has no budget of its own for POST \/v1\/evaluate, which a gate behind it takes for heavy/;
const SCOPE = 'Rules.0.Statement.RateBasedStatement.ScopeDownStatement';
const routes = (route: Partial<(typeof GATE.policy.routes)[number]>): string =>
  configured({ policy: { ...GATE.policy, routes: GATE.policy.routes.map((one) => (one.tier === 'heavy' ? { ...one, ...route } : one)) } });
const senders: Statement = { geoMatchStatement: { countryCodes: ['DE'] } };

describeRule('RTL-3.heavy-at-the-edge', {
  compliant: {
    'a budget for the heavy route': (stack) => edge(stack, [heavyRule()]),
    'one for several routes': (stack) => edge(stack, [heavyRule(any(path('/v1/other'), EVALUATE))]),
    'one for every method of the path': (stack) => edge(stack, [heavyRule(path('/v1/evaluate'))]),
    'one that reads the path in small letters': (stack) => edge(stack, [heavyRule(all(method('POST'), path('/v1/evaluate', 'EXACTLY', asIs('LOWERCASE'))))]),
    'one for each kind of sender': (stack) => edge(stack, [heavyRule(all(senders, EVALUATE)), heavyRule(all(not(senders), EVALUATE), 200, { name: 'others', priority: 6 })]),
    'one as high as that of all requests': (stack) => edge(stack, [heavyRule(EVALUATE, 2000)]),
    'one for a subtree': (stack) => edge(stack, [heavyRule(any(path('/v1/jobs'), path('/v1/jobs/', 'STARTS_WITH')))], routes({ method: 'ANY', path: '/v1/jobs', subtree: true })),
  },
  violating: {
    'no budget': { build: (stack) => edge(stack, []), message: SAME, severity: 'warning' },
    'a budget that everybody spends': { build: (stack) => edge(stack, [rateRule({ limit: 200 }, { name: 'heavy', priority: 5 })]), message: SAME },
    'a budget of another route': { build: (stack) => edge(stack, [heavyRule(all(method('POST'), path('/v1/else')))]), message: SAME },
    'a budget of another method': { build: (stack) => edge(stack, [heavyRule(all(method('GET'), path('/v1/evaluate')))]), message: SAME },
    'a method after which nothing is the same': { build: (stack) => edge(stack, [heavyRule(all(method('POST', 'LOWERCASE'), path('/v1/evaluate')))]), message: SAME },
    'everything but the heavy route': { build: (stack) => edge(stack, [heavyRule(not(EVALUATE))]), message: SAME },
    'a budget of light routes too': { build: (stack) => edge(stack, [heavyRule(any(EVALUATE, path('/v1/runs')))]), message: SAME },
    'a limit above that of all requests': { build: (stack) => edge(stack, [heavyRule(EVALUATE, 20_000)]), message: SAME },
    'a lower limit over a shorter time, which comes to more': {
      build: (stack) => edge(stack, [rateRule({ limit: 600, evaluationWindowSec: 60, scopeDownStatement: EVALUATE }, { name: 'heavy', priority: 5 })]), message: SAME,
    },
    'a rule that only counts': { build: (stack) => edge(stack, [heavyRule(EVALUATE, 200, { action: { count: {} } })]), message: SAME },
    'a budget by what callers write': {
      build: (stack) => {
        const byQuery = { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [{ queryString: { textTransformations: asIs() } }] };
        edge(stack, [rateRule({ limit: 200, ...byQuery, scopeDownStatement: EVALUATE }, { name: 'heavy', priority: 5 })]);
      },
      message: SAME,
    },
    'one of two heavy routes': {
      build: (stack) => edge(stack, [heavyRule()], configured({ policy: { ...GATE.policy, routes: GATE.policy.routes.map((route) => ({ ...route, tier: 'heavy' as const })) } })), message: /for GET \/v1\/runs/,
    },
  },
  override: { build: (stack) => edge(stack, [heavyRule()]).addPropertyOverride(`${SCOPE}.AndStatement.Statements.1.ByteMatchStatement.SearchString`, '/v1/else'), message: SAME },
  raw: {
    build: (stack) => {
      edge(stack, [heavyRule()]);
      const Rules = [{ Name: 'rate', Action: { Block: {} }, Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: '2000' } } }];
      const raw = new CfnResource(stack, 'Raw', { type: 'AWS::WAFv2::WebACL', properties: { Scope: 'REGIONAL', Rules } });
      (stack.node.findChild('Association') as CfnResource).addPropertyOverride('WebACLArn', raw.getAtt('Arn'));
    },
    message: SAME,
  },
  undecidable: {
    'a path known at deployment': (stack) => edge(stack, [heavyRule(all(method('POST'), path(deployTimeValue(stack))))]),
    'a path of the gate known at deployment': (stack) => edge(stack, [heavyRule()], withHole('/v1/evaluate', deployTimeValue(stack))),
    'a digest of the path': (stack) => edge(stack, [heavyRule(all(method('POST'), path('/v1/evaluate', 'EXACTLY', asIs('MD5'))))]),
    'rules known at deployment': (stack) => edge(stack, []).addPropertyOverride('Rules', Fn.importValue('Rules')),
  },
  notApplicable: {
    'a web ACL with no gate behind it': (stack) => webAcl(stack, [rateRule()]),
    'a gate without heavy routes': (stack) => edge(stack, [], routes({ tier: 'light' })),
  },
});
