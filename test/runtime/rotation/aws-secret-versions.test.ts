import {
  DescribeSecretCommand, GetSecretValueCommand, InternalServiceError, PutSecretValueCommand, ResourceNotFoundException, SecretsManagerClient, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { AwsSecretVersions } from '../../../src/runtime/rotation/aws-secret-versions';

const SecretId = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf';

interface Sent { readonly constructor: unknown; readonly input: object }

function versionsOf(labels: Record<string, string[]>, answer: object | Error = {}) {
  const client = new SecretsManagerClient({ region: 'eu-central-1' });
  const sent: Sent[] = [];
  (jest.spyOn(client, 'send') as unknown as jest.SpyInstance<Promise<object>, [Sent]>).mockImplementation((command) => {
    if (command instanceof DescribeSecretCommand) return Promise.resolve({ VersionIdsToStages: labels, RotationEnabled: true });
    sent.push(command);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { versions: new AwsSecretVersions(client, SecretId), calls: () => sent.map(({ constructor, input }) => [constructor, input]) };
}

const missing = new ResourceNotFoundException({ message: 'no', $metadata: {} });

describe('a secret of AWS Secrets Manager', () => {
  test('tells which version has which label', async () => {
    const { versions } = versionsOf({ a: ['AWSPREVIOUS', 'mine'], b: ['AWSCURRENT', 'AWSPENDING'] });
    expect(await versions.stages()).toEqual({ current: 'b', pending: 'b', previous: 'a', isRotated: true });
  });

  test('reads one version by its id, and none where there is no value', async () => {
    const { versions, calls } = versionsOf({}, { SecretString: 'value' });
    expect(await versions.read('v')).toBe('value');
    expect(calls()).toEqual([[GetSecretValueCommand, { SecretId, VersionId: 'v' }]]);
    expect(await versionsOf({}, missing).versions.read('v')).toBeUndefined();
  });

  test('does not take any other failure for a value that is not there', async () => {
    const { versions } = versionsOf({}, new InternalServiceError({ message: 'no', $metadata: {} }));
    await expect(versions.read('v')).rejects.toThrow(InternalServiceError);
  });

  test('puts a pending value under the token as its id', async () => {
    const { versions, calls } = versionsOf({});
    await versions.putPending('token', 'value');
    expect(calls()).toEqual([[PutSecretValueCommand, { SecretId, ClientRequestToken: 'token', SecretString: 'value', VersionStages: ['AWSPENDING'] }]]);
  });

  test.each<[string, Record<string, string[]>, string[]]>([
    ['with AWSPENDING, where a rotation has left it on the current version', { a: ['AWSCURRENT', 'AWSPENDING'] }, ['AWSCURRENT', 'AWSPENDING']],
    ['alone, where nothing is pending', { a: ['AWSCURRENT'] }, ['AWSCURRENT']],
    ['alone, where a rotation has begun', { a: ['AWSCURRENT'], b: ['AWSPENDING'] }, ['AWSCURRENT']],
    ['alone, where there was none', {}, ['AWSCURRENT']],
  ])('puts a current value %s', async (_case, labels, VersionStages) => {
    const { versions, calls } = versionsOf(labels);
    await versions.putCurrent('new', 'value');
    expect(calls()).toEqual([[PutSecretValueCommand, { SecretId, ClientRequestToken: 'new', SecretString: 'value', VersionStages }]]);
  });

  test('moves AWSCURRENT from the version that has it', async () => {
    const { versions, calls } = versionsOf({});
    await versions.makeCurrent('new', 'old');
    expect(calls()).toEqual([[UpdateSecretVersionStageCommand, { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: 'new', RemoveFromVersionId: 'old' }]]);
  });

  test.each<[string, string[], string[]]>([
    ['AWSPREVIOUS off', ['AWSPREVIOUS'], ['AWSPREVIOUS']],
    ['AWSPENDING off before it, where somebody has moved AWSCURRENT back by hand', ['AWSPREVIOUS', 'AWSPENDING'], ['AWSPENDING', 'AWSPREVIOUS']],
  ])('takes %s', async (_case, labels, taken) => {
    const { versions, calls } = versionsOf({ old: labels, new: ['AWSCURRENT'] });
    await versions.forgetPrevious('old');
    expect(calls()).toEqual(taken.map((VersionStage) => [UpdateSecretVersionStageCommand, { SecretId, VersionStage, RemoveFromVersionId: 'old' }]));
  });
});
