import type { JsonMap } from '../../../src/checks/template/template';
import type { AttackResult } from '../../../src/drill/attack';
import { EXPORTED_ATTACKS } from '../../../src/drill/keeping/attacks/exported';
import { clientsThat, graphOf, partOf } from './stand-in';

const [TOLD] = EXPORTED_ATTACKS;
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core/key-AbCdEf';
const VALUE = 'T7kq2vR9x-Yw31bNq';
const RESOURCES: Readonly<Record<string, JsonMap>> = { Key: { Type: 'AWS::SecretsManager::Secret' }, Setting: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'info' } } };

async function attacked(outputs: Readonly<Record<string, string>>, parameter = 'info', value = VALUE): Promise<AttackResult> {
  const graph = graphOf(['S', RESOURCES]);
  const [target] = TOLD.targets({ graph });
  if (target === undefined) throw new Error('It has no target.');
  const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  const aws = clientsThat(({ name }) => (name === 'DescribeStacksCommand' ? { Stacks: [{ StackName: 'S', Outputs }, { StackName: 'Other' }] } : { SecretString: value }));
  return TOLD.run(target, partOf({ graph, aws, now: ({ resource }) => resource, id: () => ARN, propertiesOf: () => ({ Value: parameter }), note: () => undefined }));
}

test.each<[string, Readonly<Record<string, string>>, string?, string?]>([
  ['the value itself', { Key: `key=${VALUE}` }],
  ['a field of it', { Key: VALUE }, 'info', JSON.stringify({ username: 'core', password: VALUE })],
  ['a reference by its ARN that the engine has left as it is', { Key: `{{resolve:secretsmanager:${ARN}:SecretString}}` }],
  ['a reference by its name', { Key: '{{resolve:secretsmanager:core/key:SecretString:password}}' }],
  ['what looks like a credential', { Url: 'postgres://core:hunter2@db.internal/core' }],
  ['a parameter', {}, VALUE],
])('%s in what is told is the attacker\'s success', async (_, ...told) => {
  await expect(attacked(...told)).resolves.toMatchObject({ verdict: 'succeeded' });
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['its ARN', { Key: ARN }],
  ['a reference to another secret', { Key: '{{resolve:secretsmanager:core/key2:SecretString}}' }],
  ['what the drill itself has asked the stack', { DrillAsks0: VALUE }],
  ['nothing', {}],
])('%s is withstood', async (_, outputs) => {
  await expect(attacked(outputs)).resolves.toMatchObject({ verdict: 'withstood' });
});

test('a secret without a value is told by nobody', async () => {
  await expect(attacked({ Empty: '' }, 'info', '')).resolves.toMatchObject({ verdict: 'withstood' });
});

test('what is found is not repeated', async () => {
  expect(JSON.stringify(await attacked({ Key: VALUE }))).not.toContain(VALUE);
});

test('saboteurs tell the secrets of a template, and leave one alone that has none', () => {
  for (const saboteur of TOLD.saboteurs) {
    const weakened = saboteur.sabotage({ Resources: RESOURCES, Outputs: { Address: { Value: 'x' } } });
    expect(JSON.stringify(weakened)).toContain('{"Fn::Join":["",["{{resolve:secretsmanager:",{"Ref":"Key"},":SecretString}}"]]}');
    expect(weakened).toMatchObject({ Resources: RESOURCES, Outputs: { Address: { Value: 'x' } } });
    expect(saboteur.sabotage({ Resources: { Setting: RESOURCES.Setting ?? {} } })).toBeUndefined();
  }
});
