import { WAFV2Client, ListIPSetsCommand } from '@aws-sdk/client-wafv2';
import { explainAwsError } from '../../src/cli/aws-errors';

describe('An error of the AWS SDK', () => {
  test('about a region that is missing says how to name it', async () => {
    const region = (): Promise<string> => Promise.reject(new Error('Region is missing'));
    const client = new WAFV2Client({ region, credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
    const error: unknown = await client.send(new ListIPSetsCommand({ Scope: 'REGIONAL' })).catch((caught: unknown) => caught);
    expect(explainAwsError(error, { service: 'AWS' })).toBe('Region is missing: name it with --region or AWS_REGION.');
  });

  test('that it has before it asks anybody is said as it is, in one line', () => {
    expect(explainAwsError(new Error('A profile is not there\nstack'), { service: 'AWS' })).toBe('A profile is not there');
  });
});
