import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { type CustomResource, lastingId, OutOfTime, serve } from '../../../src/runtime/shared/custom-resource';

const EVENT = {
  RequestType: 'Update', PhysicalResourceId: 'first', ServiceToken: 'arn', ResponseURL: 'https://cloudformation.example/answer', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Thing',
  ResourceType: 'Custom::Thing', ResourceProperties: { ServiceToken: 'arn' }, OldResourceProperties: {},
} as CloudFormationCustomResourceEvent;

let answers: { readonly Status: string; readonly PhysicalResourceId: string; readonly Reason?: string; readonly Data?: unknown }[];
let lines: string[];
beforeEach(() => {
  answers = [];
  lines = [];
  const said = (line: string): void => void lines.push(line);
  jest.spyOn(console, 'log').mockImplementation(said);
  jest.spyOn(console, 'error').mockImplementation(said);
  jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    answers.push(JSON.parse(String(init?.body)) as (typeof answers)[number]);
    return Promise.resolve(new Response(null, { status: 200 }));
  });
});
afterEach(() => jest.restoreAllMocks());

const served = (changes: Partial<CustomResource>): Promise<void> => serve({ name: 'thing', physicalIdOf: lastingId, carryOut: () => Promise.resolve({}), ...changes }, EVENT);

describe('a custom resource', () => {
  test('answers with its id and its attributes once it is done', async () => {
    await served({ carryOut: () => Promise.resolve({ Arn: 'arn' }) });
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'first', Data: { Arn: 'arn' } }]);
    expect(lines).toEqual([JSON.stringify({ event: 'thing', request: 'Update', resource: 'Thing' })]);
  });

  test('answers why it is not, in no more than CloudFormation takes, and says so in its log', async () => {
    await served({ carryOut: () => Promise.reject(new TypeError('x'.repeat(10_000))) });
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'first', Reason: expect.stringMatching(/^TypeError: x+$/) as string }]);
    expect(Buffer.byteLength(JSON.stringify(answers[0]))).toBeLessThan(4096);
    expect(lines.at(-1)).toContain('thing-failed');
  });

  test('gives no answer where there is more than one run can do, so that Lambda starts it again', async () => {
    await expect(served({ carryOut: () => Promise.reject(new OutOfTime('a bucket')) })).rejects.toThrow('There is more in a bucket');
    expect(answers).toEqual([]);
  });

  test.each([
    ['has none', (): string => ''],
    ['does not say it', (): string => { throw new Error('no property Name'); }],
  ])('has some id even where it fails and the request %s: CloudFormation refuses an answer without one', async (_, physicalIdOf) => {
    await served({ physicalIdOf, carryOut: () => Promise.reject(new Error('no')) });
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'Thing' }]);
  });
});

test('an id that lasts is the one that CloudFormation knows, and before there is one the logical id', () => {
  expect(lastingId({ LogicalResourceId: 'Thing' })).toBe('Thing');
  expect(lastingId({ LogicalResourceId: 'Renamed', PhysicalResourceId: 'Thing' })).toBe('Thing');
});
