import type { Json, JsonMap } from '../../../src/checks/template/template';
import { ground, stackNameOf } from '../../../src/drill/emulator/ground';

const KNOWN = { account: '111122223333', region: 'eu-west-1', parameters: new Map([['Given', 'mine']]) };

function grounded(body: JsonMap): JsonMap {
  return ground({ name: 'Prod/Core', body }, KNOWN).body;
}

const valueOf = (value: Json): Json | undefined => grounded({ Description: value }).Description;

test.each([
  ['the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
  ['the account inside a Sub', { 'Fn::Sub': 'arn:aws:s3:::logs-${AWS::AccountId}' }, 'arn:aws:s3:::logs-111122223333'],
  ['the stack name', { Ref: 'AWS::StackName' }, 'Prod-Core'],
  ['a join of what is known', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-eu-west-1'],
  ['zones', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, { 'Fn::Select': [1, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']] }],
  ['what is kept outside', '{{resolve:secretsmanager:mine:SecretString:password}}', 'kept-outside-the-templates'],
])('Puts in %s', (_, value, expected) => {
  expect(valueOf(value)).toEqual(expected);
});

test('Leaves what points at resources, and what a Sub escapes', () => {
  expect(valueOf({ 'Fn::Sub': '${Topic.Arn}/${!AWS::Region}' })).toEqual({ 'Fn::Sub': '${Topic.Arn}/${!AWS::Region}' });
  expect(valueOf({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, '}}']] })).toEqual({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, '}}']] });
});

test('Answers for the address block of a network, which the engine does not', () => {
  const body = grounded({ Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } }, Group: { Properties: { Cidr: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } } } } });
  expect(body.Resources).toMatchObject({ Group: { Properties: { Cidr: '10.1.0.0/16' } } });
});

test('Makes parameters of SSM plain ones, takes what is given, and drops the rule about the bootstrap stack alone', () => {
  const body = grounded({
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' }, Given: { Type: 'String' } },
    Rules: { CheckBootstrapVersion: {}, Mine: {} },
  });
  expect(body.Parameters).toEqual({ BootstrapVersion: { Type: 'String', Default: '999' }, Given: { Type: 'String', Default: 'mine' } });
  expect(body.Rules).toEqual({ Mine: {} });
});

test('Names stacks as CloudFormation would take them', () => {
  expect(stackNameOf({ name: '1 Stage/My_Stack', body: {} })).toBe('Stage-My-Stack');
});
