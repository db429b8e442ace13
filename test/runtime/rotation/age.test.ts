import { ListSecretVersionIdsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { currentSince, writeAge } from '../../../src/runtime/rotation/age';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf';
const NOW = Date.UTC(2026, 10, 22);
const days = (count: number): Date => new Date(NOW - count * 86_400_000);

async function linesFor(created: Date | undefined): Promise<unknown[]> {
  const lines: unknown[] = [];
  await writeAge({ secretArn: ARN, metricName: 'Core/Key' }, { since: () => Promise.resolve(created), clock: () => NOW, log: (line) => lines.push(line) });
  return lines;
}

describe('the age of a value', () => {
  test('is written in days, as CloudWatch finds it in a log', async () => {
    expect(await linesFor(days(31.5))).toEqual([{
      _aws: { Timestamp: NOW, CloudWatchMetrics: [{ Namespace: 'SecureCore/Secrets', Dimensions: [['Secret']], Metrics: [{ Name: 'AgeDays', Unit: 'None' }] }] },
      event: 'secret-age',
      Secret: 'Core/Key',
      AgeDays: 31.5,
    }]);
  });

  test('is never less than nothing, whatever the clocks say', async () => {
    expect(await linesFor(days(-1))).toMatchObject([{ AgeDays: 0 }]);
  });

  test('is not written of what has no value', async () => {
    expect(await linesFor(undefined)).toEqual([{ event: 'secret-without-value', secret: 'Core/Key' }]);
  });
});

describe('when it was put', () => {
  const client = new SecretsManagerClient({ region: 'eu-central-1' });
  const answering = (...pages: object[]): jest.SpyInstance<Promise<object>, [ListSecretVersionIdsCommand]> => {
    const send = jest.spyOn(client, 'send') as unknown as jest.SpyInstance<Promise<object>, [ListSecretVersionIdsCommand]>;
    for (const page of pages) send.mockResolvedValueOnce(page);
    return send;
  };
  afterEach(() => jest.restoreAllMocks());

  test('is that of the current version, on whatever page it is, and asks for no value', async () => {
    const send = answering(
      { Versions: [{ VersionStages: ['AWSPREVIOUS'], CreatedDate: days(9) }], NextToken: 'more' },
      { Versions: [{ CreatedDate: days(8) }, { VersionStages: ['AWSPENDING', 'AWSCURRENT'], CreatedDate: days(2) }] },
    );
    expect(await currentSince(client)(ARN)).toEqual(days(2));
    expect(send.mock.calls.map(([command]) => [command.constructor, command.input])).toEqual([
      [ListSecretVersionIdsCommand, { SecretId: ARN, NextToken: undefined }], [ListSecretVersionIdsCommand, { SecretId: ARN, NextToken: 'more' }],
    ]);
  });

  test('is not known where nothing is current', async () => {
    answering({ Versions: [{ VersionStages: ['AWSPENDING'], CreatedDate: days(2) }], NextToken: '' });
    expect(await currentSince(client)(ARN)).toBeUndefined();
  });
});
