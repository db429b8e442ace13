import { askFor, isAsked } from '../../../src/drill/emulator/asked';
import { attributeInstead, dependsOn, parameterText } from '../../../src/drill/emulator/template-words';

test('what Ref of a secret gives at AWS, an attribute gives here; of others it is Ref', () => {
  expect([attributeInstead('AWS::SecretsManager::Secret'), attributeInstead('AWS::SNS::Topic')]).toEqual(['Id', undefined]);
});

test('what a resource comes after is one name, a list or nothing', () => {
  expect([dependsOn({ DependsOn: 'A' }), dependsOn({ DependsOn: ['A', 'B'] }), dependsOn({})]).toEqual([['A'], ['A', 'B'], []]);
});

test('a parameter is text, and a list has commas', () => {
  expect([parameterText(8080), parameterText(['a', 'b']), parameterText(true)]).toEqual(['8080', 'a,b', 'true']);
});

test('attributes are asked for by outputs of the drill\'s own, and each answer is read where it was asked', () => {
  const asked = askFor([{ logicalId: 'A', attribute: 'Arn' }, { logicalId: 'B', attribute: 'Arn' }, { logicalId: 'A', attribute: 'Name' }], 0);
  expect(Object.keys(asked.outputs).every(isAsked)).toBe(true);
  const answered = new Map(Object.keys(asked.outputs).map((name, index) => [name, `answer ${index}`]));
  expect(asked.read('A', answered)).toEqual({ Arn: 'answer 0', Name: 'answer 2' });
  expect(asked.read('B', answered)).toEqual({ Arn: 'answer 1' });
});

test('where a template has many outputs itself, several attributes share one', () => {
  const keys = Array.from({ length: 30 }, (_, index) => ({ logicalId: `R${index}`, attribute: 'Arn' }));
  const asked = askFor(keys, 180);
  expect(Object.keys(asked.outputs).length).toBeLessThanOrEqual(10);
  const answered = new Map(Object.keys(asked.outputs).map((name, output) => [name, [0, 1, 2].map((line) => `${output}.${line}`).join('\n')]));
  expect(asked.read('R4', answered)).toEqual({ Arn: '1.1' });
});
