import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { CreateSecretCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import type { Resource } from '../../checks/template/resource';
import type { TemplateGraph } from '../../checks/template/template-graph';
import { MASTER_KEY_TYPE } from '../../secrets/contract';
import type { AttackResult } from '../attack';
import { listenOnLoopback } from '../services/loopback';
import { permit } from './permit';
import { valueOf } from './reading';
import type { KeepingScene } from './scene';
import { FUNCTION } from './types';

/** The function behind the custom resource that makes a master key; undefined where nothing does. */
export function makerOf(graph: TemplateGraph, secret: Resource): Resource | undefined {
  const [made] = graph.pointingAt(secret, MASTER_KEY_TYPE, 'SecretArn');
  return made && graph.ofType(FUNCTION).find((fn) => graph.pointingAt(fn, MASTER_KEY_TYPE, 'ServiceToken').includes(made));
}

/** Has the function make an empty secret of the drill's, make it again, and make the one that is there: what it puts once must stay, and must be told nobody. */
export async function madeAgain(scene: KeepingScene, maker: Resource, arn: string): Promise<AttackResult> {
  const empty = await emptySecret(scene);
  await permit(scene, maker, ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'], empty);
  const told: string[] = [];
  const make = async (SecretArn: string): Promise<string> => {
    told.push(...await asked(scene, maker, SecretArn));
    const value = await valueOf(scene.aws, SecretArn);
    if (value === undefined || value === '') throw new Error('the function has made no value.');
    return value;
  };
  const before = await valueOf(scene.aws, arn);
  const [first, second, kept] = [await make(empty), await make(empty), await make(arn)];
  scene.note('The function has made an empty secret, made it again, and made the master key.');
  if (first !== second || (before !== undefined && before !== kept)) return { verdict: 'succeeded', saw: 'Made again, it is another key.' };
  if ([first, kept].some((value) => told.some((text) => text.includes(value)))) return { verdict: 'succeeded', saw: 'The function tells the key to whoever reads its log or the events of the stack.' };
  return { verdict: 'withstood', saw: 'No schedule points at it, and the function neither replaces a value nor tells it.' };
}

/** The engine labels a version of a secret that was never given a value, where AWS has none. */
async function emptySecret({ aws: { secrets } }: KeepingScene): Promise<string> {
  const { ARN: SecretId = '', VersionId } = await secrets.send(new CreateSecretCommand({ Name: `drill-master-${randomUUID()}` }));
  if (VersionId !== undefined) await secrets.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', RemoveFromVersionId: VersionId }));
  return SecretId;
}

/** What the function writes and answers when CloudFormation creates the resource; it waits for the answer at an address that it names. */
async function asked(scene: KeepingScene, maker: Resource, SecretArn: string): Promise<string[]> {
  const answers: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => answers.push(text)).on('end', () => response.end());
  });
  const listening = await listenOnLoopback(server);
  try {
    const event = {
      RequestType: 'Create',
      ResponseURL: `http://127.0.0.1:${listening.port}/`,
      StackId: 'drill',
      RequestId: randomUUID(),
      LogicalResourceId: 'MasterKey',
      ResourceType: MASTER_KEY_TYPE,
      ResourceProperties: { ServiceToken: scene.id(maker, 'Arn') ?? '', SecretArn },
    };
    const { answer, written } = await scene.invoke(maker, event);
    const said = answers.join('');
    if (!said.includes('"Status":"SUCCESS"')) throw new Error('the function that makes the master key does not tell CloudFormation that it has.');
    return [said, written, JSON.stringify(answer)];
  } finally {
    await listening.stop();
  }
}
