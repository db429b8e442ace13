import { pointersIn, replacePointers } from '../../../src/drill/emulator/references';

const VALUE = {
  a: { Ref: 'Nat' },
  b: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }, { 'Fn::GetAtt': 'Nested.Outputs.Id' }],
  c: { 'Fn::Sub': ['${Own}-${Nat}-${Group.Arn}-${!Left}', { Own: { Ref: 'Deep' } }] },
};

test('Finds what a value points at, however it is written', () => {
  expect(pointersIn(VALUE).map(({ logicalId, attribute }) => `${logicalId}.${attribute}`)).toEqual(['Nat.Ref', 'Group.GroupId', 'Nested.Outputs.Id', 'Nat.Ref', 'Group.Arn', 'Deep.Ref']);
});

test('Writes an id in the place of a pointer and leaves the others', () => {
  const replaced = replacePointers(VALUE, ({ logicalId }) => (logicalId === 'Nat' ? 'nat-1' : undefined));
  expect(replaced).toEqual({ ...VALUE, a: 'nat-1', c: { 'Fn::Sub': ['${Own}-nat-1-${Group.Arn}-${!Left}', { Own: { Ref: 'Deep' } }] } });
});
