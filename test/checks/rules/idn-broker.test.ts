import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { judge } from '../../../src/checks/judge';
import { treeTemplates } from '../../../src/checks/tree-templates';
import { brokered, brokerGroup, brokerText, CHECKOUT, route, TOLD } from '../../support/brokered';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { callable, written } from '../../support/written';

/** What IDN-1 finds in a stack. */
function found(build: (stack: Stack) => unknown): string[] {
  const app = new App();
  build(new Stack(app, 'Stack'));
  return judge(treeTemplates(app)).findings.filter((finding) => finding.rule.startsWith('IDN-1.authenticated')).map(({ severity }) => severity);
}

const told = (configuration: string) => (stack: Stack): void => {
  brokered(stack).addPropertyOverride(TOLD, configuration);
  route(stack);
};

describe('A forward without proof is right before a broker', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['for POST on an exact path, from callers that are known', (stack) => route(stack)],
    ['for several exact paths', (stack) => route(stack, { ...CHECKOUT, paths: ['/worker/register', '/worker/exit'] })],
    ['from the internet to a rule that names its callers', (stack) => route(stack, { ...CHECKOUT, sources: ['10.20.0.0/16'], cidrIp: '0.0.0.0/0' })],
    ['where the host is known only to a deployment', (stack) => {
      brokered(stack, { host: deployTimeValue(stack) });
      return route(stack);
    }],
  ])('%s', (_, build) => expect(found(build)).toEqual([]));
});

describe('A forward without proof stays wrong', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['for a pattern of paths', (stack) => route(stack, { ...CHECKOUT, paths: ['/credentials/*'] })],
    ['for an exact path beside a pattern', (stack) => route(stack, { ...CHECKOUT, paths: ['/credentials/checkout', '/worker/?'] })],
    ['without a path', (stack) => route(stack, { methods: ['POST'] })],
    ['by GET', (stack) => route(stack, { ...CHECKOUT, methods: ['GET'] })],
    ['by GET beside POST', (stack) => route(stack, { ...CHECKOUT, methods: ['POST', 'GET'] })],
    ['by any method', (stack) => route(stack, { paths: ['/credentials/checkout'] })],
    ['from the internet', (stack) => route(stack, { ...CHECKOUT, cidrIp: '0.0.0.0/0' })],
    ['to a function that is no broker', (stack) => route(stack, CHECKOUT, callable(stack, 'Other').getAtt('Arn'))],
    ['to a function of none of the templates', (stack) => route(stack, CHECKOUT, 'arn:aws:lambda:eu-central-1:111122223333:function:broker')],
    ['to an alias of the broker, which may lead elsewhere tomorrow', (stack) => {
      const broker = brokered(stack);
      return route(stack, CHECKOUT, written(stack, 'Alias', 'AWS::Lambda::Alias', { FunctionName: broker.ref, FunctionVersion: '3', Name: 'live' }).ref);
    }],
    ['to the broker and a second target', (stack) => {
      const broker = brokered(stack);
      route(stack);
      brokerGroup(stack).targets = [{ id: broker.getAtt('Arn') as never }, { id: callable(stack, 'Other').getAtt('Arn') as never }];
    }],
    ['to nobody', (stack) => {
      route(stack);
      brokerGroup(stack).targets = [];
    }],
    ['to a second target group that holds no broker', (stack) => {
      const second = new CfnResource(stack, 'Second', { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', properties: { TargetType: 'lambda' } });
      route(stack).addPropertyOverride('Actions.0.ForwardConfig.TargetGroups', [{ TargetGroupArn: second.ref }]);
    }],
    ['to addresses', (stack) => {
      route(stack);
      brokerGroup(stack).targetType = 'ip';
    }],
    ['of requests that are rewritten on the way', (stack) => route(stack).addPropertyOverride('Transforms', [{ Type: 'url-rewrite' }])],
    ['to a broker of a version that is not known', told(brokerText({ version: 2 }))],
    ['to a broker that asks for no signature', told(brokerText({ phase: { kind: 'none' } }))],
    ['to a broker whose configuration is no JSON', told('version: 1')],
    ['by default', (stack) => {
      httpsListener(stack, { defaultActions: [{ type: 'forward', targetGroupArn: brokerGroup(stack).ref }] });
    }],
  ])('%s', (_, build) => expect(found(build)).toEqual(['fatal']));
});
