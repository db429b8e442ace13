import { repoint } from '../../../bench/mutants/operators/repoint';

const subnet = { Type: 'AWS::EC2::Subnet' };
const RESOURCES = { Core1: subnet, Core2: subnet, Vpc: { Type: 'AWS::EC2::VPC' }, Public1: subnet, Public2: subnet };

test.each([
  ['the resource half-way round, not the twin beside it', { Ref: 'Core1' }, [{ operator: 'repoint', to: { Ref: 'Public1' } }]],
  ['the same attribute of another', { 'Fn::GetAtt': ['Public2', 'SubnetId'] }, [{ operator: 'repoint', to: { 'Fn::GetAtt': ['Core2', 'SubnetId'] } }]],
  ['nothing where there is no other of the type', { Ref: 'Vpc' }, []],
  ['nothing for a parameter', { Ref: 'AWS::Region' }, []],
  ['nothing for a text', 'Core1', []],
])('A reference is pointed at %s', (_, value, expected) => {
  expect(repoint(value, RESOURCES, 'Service')).toEqual(expected);
});
