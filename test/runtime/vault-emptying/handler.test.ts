import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { handler } from '../../../src/runtime/vault-emptying/vault-emptying.lambda';

const CREATE = {
  RequestType: 'Create', ServiceToken: 'arn', ResponseURL: 'https://cloudformation.example/answer', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Emptying',
  ResourceType: 'Custom::SecureCoreVaultEmptying', ResourceProperties: { ServiceToken: 'arn' },
} as CloudFormationCustomResourceEvent;
const UPDATE = { ...CREATE, RequestType: 'Update', PhysicalResourceId: 'first', OldResourceProperties: {} } as CloudFormationCustomResourceEvent;

let answers: { readonly Status: string; readonly PhysicalResourceId: string }[];
beforeEach(() => {
  answers = [];
  jest.spyOn(console, 'log').mockReturnValue(undefined);
  jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    answers.push(JSON.parse(String(init?.body)) as (typeof answers)[number]);
    return Promise.resolve(new Response(null, { status: 200 }));
  });
});
afterEach(() => jest.restoreAllMocks());

test.each([[CREATE, 'Emptying'], [UPDATE, 'first']])('Has the same physical id for ever, so that no update replaces it: $RequestType', async (event, id) => {
  await handler(event, { getRemainingTimeInMillis: () => 900_000 });
  expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: id }]);
});
