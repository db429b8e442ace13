import type { JsonMap } from '../../../../src/checks/template/template';
import { statementsAbout, statementsOf } from '../../../../src/drill/keeping/recovery/resource-policy';

const ROLE = 'arn:aws:iam::111122223333:role/Task';
const about = (statement: JsonMap, arn = ROLE): readonly JsonMap[] => statementsAbout([{ Sid: 'One', Action: 'a:B', Resource: '*', ...statement }], arn);
const SAME = (Effect: string): JsonMap[] => [{ Effect, Action: 'a:B', Resource: '*' }];

test.each<[string, JsonMap['Principal']]>([
  ['everybody', '*'], ['everybody of AWS', { AWS: '*' }], ['the role', { AWS: [ROLE, 'arn:aws:iam::111122223333:role/Other'] }], ['roles by a wildcard', { AWS: 'arn:aws:iam::111122223333:role/*' }],
])('a statement about %s is about the role, whichever way it goes', (_, Principal) => {
  for (const Effect of ['Allow', 'Deny']) expect(about({ Effect, Principal: Principal ?? null })).toEqual(SAME(Effect));
});

test.each<[string, JsonMap['Principal']]>([
  ['another role', { AWS: 'arn:aws:iam::111122223333:role/Other' }], ['a service', { Service: 'backup.amazonaws.com' }], ['another account', { AWS: '444455556666' }], ['nobody', {}],
])('a statement about %s is not', (_, Principal) => {
  expect(about({ Effect: 'Deny', Principal: Principal ?? null })).toEqual([]);
});

test.each(['111122223333', 'arn:aws:iam::111122223333:root'])('what denies the account %s denies the role, and what lets it in hands the decision on', (AWS) => {
  expect(about({ Effect: 'Deny', Principal: { AWS } })).toEqual(SAME('Deny'));
  expect(about({ Effect: 'Allow', Principal: { AWS } })).toEqual([]);
  expect(about({ Effect: 'Allow', Principal: { AWS } }, 'arn:aws:iam::111122223333:root')).toEqual(SAME('Allow'));
});

test('whom NotPrincipal names it is not about, and everybody else it is', () => {
  expect(about({ Effect: 'Deny', NotPrincipal: { AWS: ROLE } })).toEqual([]);
  expect(about({ Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/Other' } })).toEqual(SAME('Deny'));
});

test('a policy has one statement or several, or there is none', () => {
  expect(statementsOf({ Statement: { Effect: 'Deny' } })).toEqual([{ Effect: 'Deny' }]);
  expect(statementsOf({ Statement: [{ Effect: 'Deny' }, { Effect: 'Allow' }] })).toHaveLength(2);
  expect(statementsOf(undefined)).toEqual([]);
});
