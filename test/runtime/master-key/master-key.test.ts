import { DescribeSecretCommand, InternalServiceError, PutSecretValueCommand, ResourceExistsException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { handler } from '../../../src/runtime/master-key/master-key.lambda';
import { MASTER_KEY_TYPE } from '../../../src/secrets/contract';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core/master-AbCdEf';

const event = (RequestType: 'Create' | 'Update' | 'Delete', properties: object = { SecretArn: ARN }): CloudFormationCustomResourceEvent => ({
  RequestType, ResourceType: MASTER_KEY_TYPE, ...(RequestType === 'Create' ? {} : { PhysicalResourceId: ARN }),
  ServiceToken: 'arn', ResponseURL: 'https://cloudformation.example/answer', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Key',
  ResourceProperties: { ServiceToken: 'arn', ...properties }, OldResourceProperties: {},
}) as unknown as CloudFormationCustomResourceEvent;

let answers: { readonly Status: string; readonly Reason?: string; readonly PhysicalResourceId: string; readonly Data?: object }[];
let printed: string[];
beforeEach(() => {
  answers = [];
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
  jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    answers.push(JSON.parse(String(init?.body)) as { readonly Status: string; readonly PhysicalResourceId: string });
    return Promise.resolve(new Response(null));
  });
});
afterEach(() => jest.restoreAllMocks());

interface Sent { readonly constructor: unknown; readonly input: { readonly SecretString?: string; readonly ClientRequestToken?: string } }

/** A secret by the rules of Secrets Manager: the same id takes no other value. */
function secret(first?: string) {
  const versions = new Map<string, string>(first === undefined ? [] : [['first', first]]);
  const sent: Sent[] = [];
  const state = { current: first === undefined ? undefined : 'first' as string | undefined, failsWith: undefined as Error | undefined };
  (jest.spyOn(SecretsManagerClient.prototype, 'send') as unknown as jest.SpyInstance<Promise<object>, [Sent]>).mockImplementation(async (command) => {
    sent.push(command);
    await Promise.resolve();
    if (command instanceof DescribeSecretCommand) return state.current === undefined ? {} : { VersionIdsToStages: { [state.current]: ['AWSCURRENT'] } };
    if (!(command instanceof PutSecretValueCommand)) throw new Error('not allowed');
    if (state.failsWith) throw state.failsWith;
    const { ClientRequestToken = '', SecretString = '' } = command.input;
    if ((versions.get(ClientRequestToken) ?? SecretString) !== SecretString) throw new ResourceExistsException({ message: SecretString, $metadata: {} });
    versions.set(ClientRequestToken, SecretString);
    state.current = ClientRequestToken;
    return {};
  });
  return { versions, sent, state, value: () => versions.get(state.current ?? '') };
}

describe('the function behind a master key', () => {
  test('fills it with a Fernet key of 32 random bytes, where there is none', async () => {
    const key = secret();
    await handler(event('Create'));
    expect(key.value()).toMatch(/^[A-Za-z0-9_-]{43}=$/);
    expect(Buffer.from(key.value() ?? '', 'base64url')).toHaveLength(32);
    expect(answers).toEqual([{ Status: 'SUCCESS', PhysicalResourceId: ARN, Data: {}, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Key' }]);
  });

  test('never makes the same one twice', async () => {
    const keys = new Set<string | undefined>();
    for (let round = 0; round < 20; round++) {
      const key = secret();
      await handler(event('Create'));
      keys.add(key.value());
      jest.spyOn(SecretsManagerClient.prototype, 'send').mockRestore();
    }
    expect(keys.size).toBe(20);
  });

  test.each(['Create', 'Update'] as const)('leaves a key that is there as it is (%s)', async (request) => {
    const key = secret('theirs');
    await handler(event(request));
    expect(key.value()).toBe('theirs');
    expect(key.versions.size).toBe(1);
    expect(key.sent.map(({ constructor }) => constructor)).toEqual([DescribeSecretCommand]);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: ARN }]);
  });

  test('fills one that an update brings', async () => {
    const key = secret();
    await handler(event('Update'));
    expect(key.versions.size).toBe(1);
  });

  test('does nothing at all when it is deleted', async () => {
    const key = secret('theirs');
    await handler(event('Delete', {}));
    expect(key.sent).toEqual([]);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: ARN }]);
  });

  test('makes one key where it runs twice at once, and both succeed', async () => {
    const key = secret();
    const seen: (string | undefined)[] = [];
    await Promise.all([1, 2].map(async () => {
      await handler(event('Create'));
      seen.push(key.value());
    }));
    expect(key.sent.filter(({ constructor }) => constructor === PutSecretValueCommand)).toHaveLength(2);
    expect(key.versions.size).toBe(1);
    expect(new Set(seen).size).toBe(1);
    expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  test('never asks for a value', async () => {
    const key = secret();
    await handler(event('Create'));
    expect(key.sent.map(({ constructor }) => constructor)).toEqual([DescribeSecretCommand, PutSecretValueCommand]);
  });

  test('puts it under an id that Secrets Manager takes', async () => {
    const key = secret();
    await handler(event('Create'));
    expect(key.sent[1]?.input.ClientRequestToken).toMatch(/^[a-z-]{32,64}$/);
  });

  test('prints the key nowhere, be it that all goes well or that nothing does', async () => {
    const key = secret();
    await handler(event('Create'));
    const made = key.value() ?? 'nothing was made';
    expect(printed.join('')).toContain('"outcome":"made"');
    const broken = secret();
    broken.state.failsWith = new InternalServiceError({ message: `could not put ${made}`, $metadata: {} });
    await handler(event('Create'));
    expect(answers.at(-1)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ARN, Reason: expect.stringContaining('InternalServiceError') as string });
    expect(printed.join('')).toContain('master-key-failed');
    expect(`${printed.join('')} ${JSON.stringify(answers)}`).not.toContain(made);
    const asked = broken.sent[1]?.input.SecretString ?? 'nothing was asked';
    expect(`${printed.join('')} ${JSON.stringify(answers)}`).not.toContain(asked);
  });

  test.each([{}, { SecretArn: '' }, { SecretArn: 1 }])('refuses to go without a secret (%j)', async (properties) => {
    const key = secret();
    await handler(event('Create', properties));
    expect(key.sent).toEqual([]);
    expect(answers).toMatchObject([{ Status: 'FAILED', PhysicalResourceId: 'Key', Reason: 'The custom resource has no property SecretArn.' }]);
  });
});
