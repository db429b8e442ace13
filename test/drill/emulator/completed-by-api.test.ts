import { asTold, passwordOptions } from '../../../src/drill/emulator/completed-by-api';

const secret = (properties: Readonly<Record<string, string | readonly string[]>>) => ({ Type: 'AWS::SecretsManager::Secret', DeletionPolicy: 'Retain', Properties: properties });

test('a secret without a name is called by its logical id and twelve characters, the same every time and in each stack another', () => {
  const nameIn = (stack: string): unknown => (asTold(secret({}), stack, 'Login').Properties as Readonly<Record<string, unknown>>).Name;
  expect(nameIn('One')).toMatch(/^Login-[0-9a-f]{12}$/);
  expect(nameIn('One')).toBe(nameIn('One'));
  expect(nameIn('One')).not.toBe(nameIn('Two'));
});

test('a name stays, copies in other regions are kept for the API, and what stands beside the properties stays', () => {
  expect(asTold(secret({ Name: 'mine', ReplicaRegions: ['eu-west-1'], Description: 'd' }), 'S', 'L')).toEqual(secret({ Name: 'mine', Description: 'd' }));
});

test('what is no secret is told as it is', () => {
  const topic = { Type: 'AWS::SNS::Topic' };
  expect(asTold(topic, 'S', 'L')).toBe(topic);
});

test('options of a template are put into the kinds of the API', () => {
  expect(passwordOptions({ PasswordLength: '32', ExcludePunctuation: 'true', RequireEachIncludedType: false, ExcludeNumbers: 'false', ExcludeCharacters: '"@/' })).toEqual({
    PasswordLength: 32, ExcludePunctuation: true, RequireEachIncludedType: false, ExcludeNumbers: false, ExcludeCharacters: '"@/',
  });
});
