import { fetchedBy, isRefusal, mayRead, partsOf, secretArn, textsOf, valueOf, withoutField } from '../../../src/drill/keeping/reading';
import { clientsThat, fault, graphOf, partOf } from './stand-in';

const throwing = (name: string) => clientsThat(() => {
  throw fault(name) as Error;
});

test.each(['AccessDenied', 'AccessDeniedException', 'Forbidden', '403'])('%s is a refusal', (name) => {
  expect(isRefusal(fault(name))).toBe(true);
});

test.each([fault('ResourceNotFoundException'), fault('AccessDeniedNot'), new Error('AccessDenied'), 'AccessDenied', undefined])('%p is none', (error) => {
  expect(isRefusal(error)).toBe(false);
});

test('may read: whoever is given it, and whoever is told that there is none', async () => {
  await expect(mayRead(clientsThat(() => ({ SecretString: 'x' })), 'arn')).resolves.toBe(true);
  await expect(mayRead(throwing('ResourceNotFoundException'), 'arn')).resolves.toBe(true);
});

test('may not read: whoever is refused; and a fault says neither', async () => {
  await expect(mayRead(throwing('AccessDeniedException'), 'arn')).resolves.toBe(false);
  await expect(mayRead(throwing('InternalServiceError'), 'arn')).rejects.toMatchObject({ name: 'InternalServiceError' });
});

test('a secret that is not there, or has no value, has none; whoever may not read it does not hear that', async () => {
  await expect(valueOf(clientsThat(() => ({ SecretString: 'value' })), 'arn')).resolves.toBe('value');
  await expect(valueOf(throwing('ResourceNotFoundException'), 'arn')).resolves.toBeUndefined();
  await expect(valueOf(throwing('AccessDeniedException'), 'arn')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test.each([
  ['a text is one part', 'a-long-password', ['a-long-password']],
  ['too short to be found by chance', 'short', []],
  ['of JSON every field is one, but for what a login says beside its secret', '{"username":"core-user","password":"a-long-password","host":"db.acme.internal","pin":1234}', ['a-long-password']],
  ['of a list, all of it', '["a-long-password"]', ['["a-long-password"]']],
])('%s', (_, value, parts) => {
  expect(partsOf(value)).toEqual(parts);
});

test('what names a field is cut off, and nothing else', () => {
  expect(withoutField('arn:aws:secretsmanager:r:1:secret:name-AbCdEf:password::')).toBe('arn:aws:secretsmanager:r:1:secret:name-AbCdEf');
  expect(withoutField('arn:aws:secretsmanager:r:1:secret:path/name-AbCdEf')).toBe('arn:aws:secretsmanager:r:1:secret:path/name-AbCdEf');
});

test('ECS fetches each secret once, and parameters are none', () => {
  const secrets = [
    { name: 'A', valueFrom: 'arn:aws:secretsmanager:r:1:secret:one:a::' }, { name: 'B', valueFrom: 'arn:aws:secretsmanager:r:1:secret:one:b::' },
    { name: 'C', valueFrom: 'arn:aws:ssm:r:1:parameter/one' }, { name: 'D', valueFrom: 'one' }, { name: 'E', valueFrom: 'arn:aws-cn:secretsmanager:r:1:secret:two' },
  ];
  expect(fetchedBy({ containerDefinitions: [{ secrets }, {}] })).toEqual(['arn:aws:secretsmanager:r:1:secret:one', 'arn:aws-cn:secretsmanager:r:1:secret:two']);
});

test('every text of a container is read, with what it is called', async () => {
  const [task] = graphOf(['S', { Task: { Type: 'AWS::ECS::TaskDefinition' } }]).ofType('AWS::ECS::TaskDefinition');
  const container = {
    environment: [{ name: 'A', value: 'a' }],
    entryPoint: ['b'],
    command: ['c'],
    healthCheck: { command: ['d'] },
    dockerLabels: { E: 'e' },
    logConfiguration: { logDriver: 'awslogs', options: { F: 'f' } },
  };
  const scene = partOf({ id: () => 'arn', aws: clientsThat(() => ({ taskDefinition: { containerDefinitions: [container] } })) });
  expect(task && await textsOf(scene, task)).toEqual([
    { name: 'A', text: 'a' }, ...['b', 'c', 'd'].map((text) => ({ name: 'its command line', text })), { name: 'E', text: 'e' }, { name: 'F', text: 'f' },
  ]);
});

test('a secret is known by its ARN, by what the engine calls its id, or by what it gives for Ref; without any it is not there', () => {
  const [secret] = graphOf(['S', { Mine: { Type: 'AWS::SecretsManager::Secret' } }]).ofType('AWS::SecretsManager::Secret');
  if (!secret) throw new Error('no secret');
  const knowing = (known: Readonly<Record<string, string>>) => partOf({ id: (_, attribute = 'Ref') => known[attribute] });
  expect(secretArn(knowing({ Arn: 'arn', Id: 'id', Ref: 'ref' }), secret)).toBe('arn');
  expect(secretArn(knowing({ Id: 'id', Ref: 'ref' }), secret)).toBe('id');
  expect(secretArn(knowing({ Ref: 'ref' }), secret)).toBe('ref');
  expect(() => secretArn(knowing({}), secret)).toThrow('the emulator has no secret for Mine.');
});
