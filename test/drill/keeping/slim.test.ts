import type { JsonMap, Template } from '../../../src/checks/template/template';
import { slimmed } from '../../../src/drill/keeping/slim';

const SECRET = { Type: 'AWS::SecretsManager::Secret' };

function idsOf(Resources: JsonMap, more: JsonMap = {}): string[] {
  return Object.keys(slimmed({ name: 'Stack', body: { Resources, ...more } }).body.Resources as JsonMap);
}

test('what keeps nothing goes, and with it what nobody else points at', () => {
  expect(idsOf({
    Secret: SECRET,
    Alarm: { Type: 'AWS::CloudWatch::Alarm' },
    Vpc: { Type: 'AWS::EC2::VPC' },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { 'Fn::GetAtt': ['Table', 'RouteTableId'] } } },
  })).toEqual(['Secret']);
});

test('what something else points at stays, with all that it points at', () => {
  expect(idsOf({
    Vpc: { Type: 'AWS::EC2::VPC' },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
    Other: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
    Group: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Subnet' }] } },
  })).toEqual(['Vpc', 'Subnet', 'Group']);
});

test('what a template tells others stays', () => {
  expect(idsOf({ Group: { Type: 'AWS::EC2::SecurityGroup' } }, { Outputs: { Group: { Value: { 'Fn::Sub': '${Group.GroupId}' }, Export: { Name: 'group' } } } })).toEqual(['Group']);
});

test('nobody waits for what is gone, and whoever stays is waited for', () => {
  const { body } = slimmed({ name: 'Stack', body: { Resources: { Route: { Type: 'AWS::EC2::Route' }, Secret: SECRET, Login: { ...SECRET, DependsOn: ['Route', 'Secret'] } } } });
  expect(body.Resources).toEqual({ Secret: SECRET, Login: { ...SECRET, DependsOn: ['Secret'] } });
});

test('nested templates are treated alike, and the original stays as it was', () => {
  const nested: Template = { name: 'Nested', body: { Resources: { Secret: SECRET, Alarm: { Type: 'AWS::CloudWatch::Alarm' } } } };
  const template: Template = { name: 'Stack', body: { Resources: { Child: { Type: 'AWS::CloudFormation::Stack' } } }, nested: new Map([['Child', nested]]) };
  expect(slimmed(template).nested?.get('Child')?.body.Resources).toEqual({ Secret: SECRET });
  expect(Object.keys(nested.body.Resources as JsonMap)).toEqual(['Secret', 'Alarm']);
  expect(slimmed(nested)).not.toHaveProperty('nested');
});
