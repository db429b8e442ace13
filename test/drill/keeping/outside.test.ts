import { putFromOutside } from '../../../src/drill/keeping/outside';
import { clientsThat, fault, graphOf, type Sent } from './stand-in';

const PREFIX = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const GRAPH = graphOf(['S', { Task: { Type: 'AWS::ECS::TaskDefinition' } }]);

/** @param asWritten whether the policy means the ARN as it is written */
async function putFor(valueFrom: string, { isThere, asWritten }: { readonly isThere: boolean; readonly asWritten: boolean }): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const aws = clientsThat(({ name }) => {
    if (name === 'DescribeTaskDefinitionCommand') return { taskDefinition: { executionRoleArn: 'role', containerDefinitions: [{ secrets: [{ valueFrom }] }] } };
    if (name === 'DescribeSecretCommand' && !isThere) throw fault('ResourceNotFoundException') as Error;
    return {};
  }, sent);
  const role = clientsThat(() => {
    throw fault(asWritten ? 'ResourceNotFoundException' : 'AccessDeniedException') as Error;
  });
  await putFromOutside({ graph: GRAPH, aws, id: () => 'task', as: () => Promise.resolve(role) });
  return sent.filter(({ name }) => name === 'CreateSecretCommand');
}

test('a secret that is fetched by its name and that no template makes is put there, with a value that is no secret', async () => {
  const put = await putFor(`${PREFIX}public-api/openai:key::`, { isThere: false, asWritten: false });
  expect(put).toMatchObject([{ input: { Name: 'public-api/openai', SecretString: 'kept-outside-the-templates' } }]);
});

test.each([
  ['one that is there stays as it is', `${PREFIX}mine-AbCdEf`, { isThere: true, asWritten: true }],
  ['one that is named by its whole ARN is not made, since it would have another', `${PREFIX}mine-AbCdEf`, { isThere: false, asWritten: true }],
  ['a parameter is no secret', 'arn:aws:ssm:eu-central-1:111122223333:parameter/mine', { isThere: false, asWritten: false }],
])('%s', async (_, valueFrom, world) => {
  await expect(putFor(valueFrom, world)).resolves.toEqual([]);
});
