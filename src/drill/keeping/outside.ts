import { CreateSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { nameOf } from '../message-of';
import { fetchedBy, mayRead, taskOf } from './reading';
import type { KeepingScene } from './scene';
import { TASK_DEFINITION } from './types';

/** Stands for a value that is kept outside the templates. Not a secret: nothing here ever knew the real one. */
const KEPT_OUTSIDE = 'kept-outside-the-templates';

/**
 * Puts a secret where tasks fetch one that no template makes, since whoever deploys them has put it there before. Without it the engine would decide about an
 * ARN that lacks its random end, which no policy means. One that is named by its whole ARN cannot be made here; about that the engine decides as it is written.
 */
export async function putFromOutside(scene: Pick<KeepingScene, 'graph' | 'aws' | 'as' | 'id'>): Promise<void> {
  for (const task of scene.graph.ofType(TASK_DEFINITION)) {
    const definition = await taskOf(scene, task);
    for (const arn of fetchedBy(definition)) {
      if (definition.executionRoleArn === undefined || await isThere(scene, arn) || await mayRead(await scene.as(definition.executionRoleArn), arn)) continue;
      await scene.aws.secrets.send(new CreateSecretCommand({ Name: arn.split(':secret:').at(-1), SecretString: KEPT_OUTSIDE }));
    }
  }
}

async function isThere({ aws }: Pick<KeepingScene, 'aws'>, SecretId: string): Promise<boolean> {
  try {
    await aws.secrets.send(new DescribeSecretCommand({ SecretId }));
    return true;
  } catch (error) {
    if (nameOf(error) === 'ResourceNotFoundException') return false;
    throw error;
  }
}
