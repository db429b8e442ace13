import { WAFV2Client } from '@aws-sdk/client-wafv2';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { handler } from '../../../src/runtime/lockdown/lockdown.lambda';

const EVENT = {
  RequestType: 'Delete', PhysicalResourceId: 'Switch', ServiceToken: 'arn', ResponseURL: 'https://cloudformation.example/answer', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Sets',
  ResourceType: 'Custom::SecureCoreLockdown', ResourceProperties: { ServiceToken: 'arn', Name: 'Switch' },
} as CloudFormationCustomResourceEvent;

let answers: { readonly Status: string; readonly Reason?: string }[];
let status: number;
beforeEach(() => {
  answers = [];
  status = 200;
  jest.spyOn(console, 'log').mockReturnValue(undefined);
  jest.spyOn(console, 'error').mockReturnValue(undefined);
  jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    answers.push(JSON.parse(String(init?.body)) as { readonly Status: string });
    return Promise.resolve(new Response(null, { status }));
  });
});
afterEach(() => jest.restoreAllMocks());

/** What AWS WAF answers, whatever it is asked. */
function waf(answer: object | Error): void {
  const sent = jest.spyOn(WAFV2Client.prototype, 'send') as unknown as jest.SpyInstance<Promise<object>>;
  if (answer instanceof Error) sent.mockRejectedValue(answer);
  else sent.mockResolvedValue(answer);
}

describe('the handler of a lock-down', () => {
  test('tells CloudFormation that it is done', async () => {
    waf({ IPSets: [] });
    await handler(EVENT);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'Switch' }]);
  });

  test('tells why it is not, in no more than CloudFormation takes', async () => {
    waf(new Error('x'.repeat(10_000)));
    await handler(EVENT);
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'Switch', Reason: expect.stringMatching(/^Error: x+$/) as string }]);
    expect(Buffer.byteLength(JSON.stringify(answers[0]))).toBeLessThan(4096);
  });

  test('never calls done work failed because the answer did not arrive: it fails, and Lambda runs it again', async () => {
    waf({ IPSets: [] });
    status = 503;
    await expect(handler(EVENT)).rejects.toThrow('CloudFormation did not take the answer');
    expect(new Set(answers.map(({ Status }) => Status))).toEqual(new Set(['SUCCESS']));
  });
});
