import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { RealWorkersAws } from '../../../src/cli/workers/real-aws';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
}

/** As AWS Lambda answers. */
type Answer = { readonly body: string; readonly headers?: Readonly<Record<string, string>> };

let seen: Seen[];
let answer: Answer;
let server: http.Server;
let aws: RealWorkersAws;
beforeAll(async () => {
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  aws = new RealWorkersAws({ region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}`, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});
beforeEach(() => { seen = []; });
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:broker';

test('A function is described by its ARN and its tags', async () => {
  answer = { body: JSON.stringify({ Configuration: { FunctionArn: ARN }, Tags: { 'cdk-secure-core:broker': 'shared-key' } }) };
  expect(await aws.describe('broker')).toEqual({ arn: ARN, tags: new Map([['cdk-secure-core:broker', 'shared-key']]) });
  expect(seen.map(({ method }) => method)).toEqual(['GET']);
});

test('A request is the event of the function, which is waited for, and its answer is read', async () => {
  answer = { body: '{"epoch":7}' };
  expect(await aws.ask(ARN, { revoke: { worker: 'w1' } })).toEqual({ epoch: 7 });
  expect(seen).toEqual([{ method: 'POST', url: expect.stringMatching(/\/functions\/.+\/invocations$/) as string, body: '{"revoke":{"worker":"w1"}}' }]);
});

test('A function that fails has not answered, and what it said is not repeated', async () => {
  answer = { body: '{"errorMessage":"something secret"}', headers: { 'x-amz-function-error': 'Unhandled' } };
  const failure: unknown = await aws.ask(ARN, { open: {} }).catch((error: unknown) => error);
  expect(String(failure)).toContain('The broker failed without an answer');
  expect(String(failure)).not.toContain('something secret');
});
