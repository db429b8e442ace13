import { ownerOutside, soughtOutside } from '../../../src/drill/emulator/outside';
import { unfinished } from '../../../src/drill/emulator/stack';

const nothing = (): boolean => false;

test.each([
  ['a zone', { HostedZoneId: 'Z0123456789', Name: 'a.test' }, 'No hosted zone with id \'Z0123456789\'', 'Z0123456789'],
  ['a group', { GroupId: 'sg-0123456789abcdef0', IpProtocol: 'tcp' }, 'Security group sg-0123456789abcdef0 not found', 'sg-0123456789abcdef0'],
  ['the last part of an ARN', { Arn: 'arn:aws:iam::1:role/deployer' }, 'The role with name deployer cannot be found.', 'deployer'],
  ['what is left out itself', { UserPoolId: 'not-emulated-Pool' }, 'UserPool not-emulated-Pool not found', 'not-emulated-Pool'],
])('%s that the engine looks for in vain is outside', (_, properties, reason, sought) => {
  expect(soughtOutside(properties, reason, nothing)).toBe(sought);
});

test.each([
  ['is refused for another reason', { Name: 'taken' }, 'taken already exists', nothing],
  ['names what the templates have made', { GroupId: 'sg-0123456789abcdef0' }, 'Security group sg-0123456789abcdef0 not found', () => true],
  ['does not name what is missing', { GroupId: 'sg-1' }, 'Security group sg-12 not found', nothing],
])('a resource that %s is not left out', (_, properties, reason, isCreated) => {
  expect(soughtOutside(properties, reason, isCreated)).toBeUndefined();
});

test('an id of EC2 that no resource has become is outside', () => {
  expect(ownerOutside({ RouteTableId: 'rtb-0123456789abcdef0', DestinationCidrBlock: '0.0.0.0/0' }, nothing)).toBe('rtb-0123456789abcdef0');
  expect(ownerOutside({ RouteTableId: 'rtb-0123456789abcdef0' }, () => true)).toBeUndefined();
});

test('resources that no event reports complete are named where the engine gives no reason', () => {
  const body = JSON.stringify({ Resources: { Done: { Type: 'A::B::C' }, Open: { Type: 'A::B::D' }, Never: { Type: 'A::B::E' } } });
  const events = [{ LogicalResourceId: 'Done', ResourceStatus: 'CREATE_COMPLETE' }, { LogicalResourceId: 'Open', ResourceStatus: 'CREATE_IN_PROGRESS' }];
  expect(unfinished(body, events.map((event) => ({ StackId: 's', EventId: 'e', StackName: 's', Timestamp: undefined, ...event }) as never))).toEqual(['Open (A::B::D)', 'Never (A::B::E)']);
});
