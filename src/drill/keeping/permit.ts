import { randomUUID } from 'node:crypto';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Resource } from '../../checks/template/resource';
import type { KeepingScene } from './scene';

/** Lets a function do what its own role cannot say to this engine. Each use tells why. */
export async function permit(scene: KeepingScene, fn: Resource, Action: readonly string[], Resource: string): Promise<void> {
  await scene.aws.iam.send(new PutRolePolicyCommand({
    RoleName: String(scene.propertiesOf(fn).Role).split('/').at(-1),
    // One for each time: another of the same name would take its place.
    PolicyName: `Drill-${randomUUID()}`,
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] }),
  }));
}
