import { randomBytes } from 'node:crypto';
import { makerOf, madeAgain } from '../../../src/drill/keeping/master-key-maker';
import { MASTER_KEY_TYPE } from '../../../src/secrets/contract';
import { clientsThat, graphOf, partOf } from './stand-in';

const REAL = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:master-AbCdEf';
const EMPTY = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:drill-master-AbCdEf';
const GRAPH = graphOf(['S', {
  Secret: { Type: 'AWS::SecretsManager::Secret' },
  Maker: { Type: 'AWS::Lambda::Function', Properties: { Role: 'arn:aws:iam::111122223333:role/maker' } },
  Made: { Type: MASTER_KEY_TYPE, Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] }, SecretArn: { Ref: 'Secret' } } },
  Other: { Type: 'AWS::SecretsManager::Secret' },
}]);
const [SECRET, OTHER] = GRAPH.ofType('AWS::SecretsManager::Secret');
const MAKER = SECRET && makerOf(GRAPH, SECRET);

interface Call {
  readonly arn: string;
  readonly values: Map<string, string>;
}

interface Behaviour {
  readonly status?: string;
  readonly put?: (call: Call) => void;
  readonly written?: (call: Call) => string;
  readonly data?: (call: Call) => string;
}

const once = ({ arn, values }: Call): void => {
  if (!values.has(arn)) values.set(arn, randomBytes(32).toString('base64url'));
};

async function tried({ status = 'SUCCESS', put = once, written = () => '', data = () => '' }: Behaviour): Promise<{ readonly verdict: string; readonly saw: string }> {
  if (MAKER === undefined) throw new Error('The template has no maker.');
  const values = new Map([[REAL, randomBytes(32).toString('base64url')]]);
  const aws = clientsThat(({ name, input }) => {
    if (name === 'CreateSecretCommand') return { ARN: EMPTY };
    return name === 'GetSecretValueCommand' ? { SecretString: values.get(String(input.SecretId)) } : {};
  });
  return madeAgain(partOf({
    aws,
    graph: GRAPH,
    id: () => 'arn:maker',
    note: () => undefined,
    propertiesOf: () => ({ Role: 'arn:aws:iam::111122223333:role/maker' }),
    invoke: async (_, event) => {
      const { ResponseURL, ResourceProperties: { SecretArn: arn } } = event as { readonly ResponseURL: string; readonly ResourceProperties: { readonly SecretArn: string } };
      const call = { arn, values };
      put(call);
      await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: status, Data: { Note: data(call) } }) });
      return { answer: null, written: written(call) };
    },
  }), MAKER, REAL);
}

test('the function is the one that the custom resource of this key names', () => {
  expect(MAKER?.logicalId).toBe('Maker');
  expect(OTHER && makerOf(GRAPH, OTHER)).toBeUndefined();
});

test('one that makes a value once, and keeps it to itself, is withstood', async () => {
  await expect(tried({})).resolves.toMatchObject({ verdict: 'withstood' });
});

test.each<[string, Behaviour, string]>([
  ['makes another value each time', { put: ({ arn, values }) => values.set(arn, randomBytes(32).toString('base64url')) }, 'Made again, it is another key.'],
  ['replaces the key that is there', { put: (call) => (call.arn === REAL ? call.values.set(REAL, 'another') : once(call)) }, 'Made again, it is another key.'],
  ['writes the value into its log', { written: ({ arn, values }) => `made ${values.get(arn) ?? ''}` }, 'The function tells the key to whoever reads its log or the events of the stack.'],
  ['tells the value to CloudFormation', { data: ({ arn, values }) => values.get(arn) ?? '' }, 'The function tells the key to whoever reads its log or the events of the stack.'],
])('one that %s is found', async (_, behaviour, saw) => {
  await expect(tried(behaviour)).resolves.toEqual({ verdict: 'succeeded', saw });
});

test.each<[string, Behaviour, RegExp]>([
  ['makes nothing', { put: () => undefined }, /has made no value/],
  ['fails', { status: 'FAILED' }, /does not tell CloudFormation/],
])('one that %s decides nothing', async (_, behaviour, message) => {
  await expect(tried(behaviour)).rejects.toThrow(message);
});
