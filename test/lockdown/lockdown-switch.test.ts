import { App, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { LOCKDOWN_TYPE } from '../../src/lockdown/contract';
import { LockdownSwitch, type LockdownSwitchProps } from '../../src/lockdown/lockdown-switch';

function template(props?: LockdownSwitchProps, tag?: string): Template {
  const stack = new Stack(new App(), 'Edge');
  const lockdown = new LockdownSwitch(stack, 'LockdownSwitch', props);
  if (tag !== undefined) Tags.of(lockdown).add('team', tag);
  return Template.fromStack(stack);
}

function propertiesOf(from: Template, type: string): Record<string, unknown>[] {
  return Object.values(from.findResources(type)).map(({ Properties }) => Properties as Record<string, unknown>);
}

const setArn = (suffix: string): unknown => ({ 'Fn::Join': ['', [
  'arn:', { Ref: 'AWS::Partition' }, ':wafv2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' },
  expect.stringMatching(new RegExp(`^:regional/ipset/Edge-LockdownSwitch-\\w+-${suffix}/\\*$`)),
]] });

describe('LockdownSwitch', () => {
  test('keeps its addresses out of the template: a custom resource with a name and tags, and no IP set', () => {
    const edge = template();
    edge.resourceCountIs('AWS::WAFv2::IPSet', 0);
    expect(propertiesOf(edge, LOCKDOWN_TYPE)).toEqual([{
      ServiceToken: { 'Fn::GetAtt': [expect.stringContaining('Provider'), 'Arn'] },
      ServiceTimeout: '300',
      Name: expect.stringMatching(/^Edge-LockdownSwitch-\w+$/) as string,
      Tags: { 'cdk-secure-core:lockdown-records': { Ref: expect.stringContaining('LockdownSwitchLog') as string } },
    }]);
    expect(JSON.stringify(edge.toJSON())).not.toMatch(/\/1"/);
  });

  test('keeps its name when tags change, so that no set is replaced by an empty one', () => {
    const [before, after] = [template(undefined, 'a'), template(undefined, 'b')].map((edge) => propertiesOf(edge, LOCKDOWN_TYPE)[0]);
    expect(after?.Name).toBe(before?.Name);
    expect([before?.Tags, after?.Tags]).toMatchObject([{ team: 'a' }, { team: 'b' }]);
  });

  test('lets its function make and remove its own two sets and not write their addresses', () => {
    const [policy] = propertiesOf(template(), 'AWS::IAM::Policy');
    expect(policy?.PolicyDocument).toEqual({ Version: '2012-10-17', Statement: [
      {
        Sid: 'OwnSets',
        Effect: 'Allow',
        Action: ['wafv2:CreateIPSet', 'wafv2:DeleteIPSet', 'wafv2:GetIPSet', 'wafv2:ListTagsForResource', 'wafv2:TagResource', 'wafv2:UntagResource'],
        Resource: [setArn('v4'), setArn('v6')],
      },
      { Sid: 'FindThem', Effect: 'Allow', Action: 'wafv2:ListIPSets', Resource: '*' },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringContaining('LockdownSwitchLog'), 'Arn'] } },
    ] });
    template().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('runs its function outside any VPC, with a log that ends', () => {
    const edge = template();
    edge.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 120, VpcConfig: Match.absent(), Environment: Match.absent(),
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('LockdownSwitchLog') } },
    });
    edge.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Retain' });
  });

  test('takes its log away with the stack where it is told to', () => {
    template({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('names another log group for its records', () => {
    const stack = new Stack(new App(), 'Edge');
    new LockdownSwitch(stack, 'LockdownSwitch', { records: LogGroup.fromLogGroupName(stack, 'Audit', '/audit/hot') });
    Template.fromStack(stack).hasResourceProperties(LOCKDOWN_TYPE, { Tags: { 'cdk-secure-core:lockdown-records': '/audit/hot' } });
  });
});
