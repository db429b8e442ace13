import { S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { EMPTIED_TAG } from '../../../src/audit/contract';
import { handler } from '../../../src/runtime/audit-emptying/audit-emptying.lambda';

const EVENT = {
  RequestType: 'Delete', PhysicalResourceId: 'Emptying', ServiceToken: 'arn', ResponseURL: 'https://cloudformation.example/answer', StackId: 'stack', RequestId: 'request',
  LogicalResourceId: 'Emptying', ResourceType: 'Custom::SecureCoreAuditEmptying', ResourceProperties: { ServiceToken: 'arn', Buckets: ['archive'] },
} as CloudFormationCustomResourceEvent;

const withTime = (ms: number): Parameters<typeof handler>[1] => ({ getRemainingTimeInMillis: () => ms });
const TAGS = { TagSet: [{ Key: EMPTIED_TAG, Value: 'true' }] };

let answers: { readonly Status: string; readonly Reason?: string; readonly PhysicalResourceId: string }[];
beforeEach(() => {
  answers = [];
  jest.spyOn(console, 'log').mockReturnValue(undefined);
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    answers.push(JSON.parse(String(init?.body)) as (typeof answers)[number]);
    return Promise.resolve(new Response(null, { status: 200 }));
  });
});
afterEach(() => jest.restoreAllMocks());

/** What Amazon S3 answers, in this order; the last one again and again. */
function s3(...given: (object | Error)[]): void {
  const sent = jest.spyOn(S3Client.prototype, 'send') as unknown as jest.SpyInstance<Promise<object>>;
  let at = 0;
  sent.mockImplementation(() => {
    const answer = given[Math.min(at, given.length - 1)] ?? {};
    at += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
}

describe('the handler of what empties audit buckets', () => {
  test('tells CloudFormation that it is done', async () => {
    s3(TAGS, {});
    await handler(EVENT, withTime(900_000));
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'Emptying' }]);
  });

  test('tells why it is not, in no more than CloudFormation takes', async () => {
    s3(new Error('x'.repeat(10_000)));
    await handler(EVENT, withTime(900_000));
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'Emptying', Reason: expect.stringMatching(/^Error: x+$/) as string }]);
    expect(Buffer.byteLength(JSON.stringify(answers[0]))).toBeLessThan(4096);
  });

  test('gives no answer where it runs out of time, so that Lambda starts it again', async () => {
    s3(TAGS, { Versions: [{ Key: 'object', VersionId: 'v' }] });
    await expect(handler(EVENT, withTime(10_000))).rejects.toThrow('There is more in archive than one run can delete.');
    expect(answers).toEqual([]);
  });

  test('keeps the id that CloudFormation knows, so that no update replaces it', async () => {
    s3({});
    await handler({ ...EVENT, RequestType: 'Update', PhysicalResourceId: 'first', OldResourceProperties: {} } as CloudFormationCustomResourceEvent, withTime(900_000));
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'first' }]);
  });
});
