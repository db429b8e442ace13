import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { DeleteStackCommand, DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Resource } from '../../../checks/template/resource';
import { isJsonMap, type Json } from '../../../checks/template/template';
import { MASTER_KEY_METADATA } from '../../../secrets/contract';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { makerOf, madeAgain } from '../master-key-maker';
import { secretArn, valueOf } from '../reading';
import { MASTER_KEY_NOT_REPLICATED, MASTER_KEY_ROTATED, MASTER_KEY_THROWN_AWAY } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { ROTATION_SCHEDULE, SECRET } from '../types';

const POLL_MS = 20;
const PATIENCE_MS = 20_000;
const TEXT = 'what a user of the Core has stored';

function masterKeys(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [SECRET], ({ metadata }) => MASTER_KEY_METADATA in metadata);
}

/** As a Core does with it: AES-128-CBC and HMAC-SHA256 under the two halves of 32 bytes (NT-13; Fernet specification). */
function halves(key: string): [sign: Buffer, encrypt: Buffer] {
  const bytes = Buffer.from(key, 'base64url');
  if (bytes.length !== 32) throw new Error('the master key is not 32 bytes in base64 with the alphabet of URLs.');
  return [bytes.subarray(0, 16), bytes.subarray(16)];
}

function encrypted(key: string): Buffer {
  const [sign, encrypt] = halves(key);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', encrypt, iv);
  const body = Buffer.concat([iv, cipher.update(TEXT, 'utf8'), cipher.final()]);
  return Buffer.concat([createHmac('sha256', sign).update(body).digest(), body]);
}

function canRead(key: string | undefined, sealed: Buffer): boolean {
  if (key === undefined || key === '') return false;
  const [sign, encrypt] = halves(key);
  const [tag, iv, body] = [sealed.subarray(0, 32), sealed.subarray(32, 48), sealed.subarray(48)];
  if (!timingSafeEqual(createHmac('sha256', sign).update(sealed.subarray(32)).digest(), tag)) return false;
  const decipher = createDecipheriv('aes-128-cbc', encrypt, iv);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8') === TEXT;
}

async function keyIn(scene: KeepingScene, secret: Resource): Promise<string> {
  const key = await valueOf(scene.aws, secretArn(scene, secret));
  if (key === undefined || key === '') throw new Error('the master key has no value.');
  return key;
}

function regionsOf(scene: KeepingScene, secret: Resource): string[] {
  const { ReplicaRegions: regions } = scene.propertiesOf(secret);
  return (Array.isArray(regions) ? regions as readonly Json[] : []).flatMap((region) => (isJsonMap(region) && typeof region.Region === 'string' ? [region.Region] : []));
}

const OF_A_MASTER_KEY = { needs: 'master key', targets: masterKeys } as const;

export const MASTER_KEY_ATTACKS = [
  defineKeepingAttack('SEC-5', 'region-lost', {
    tries: 'Encrypts with the master key, and then has nothing but what is in other regions',
    expects: 'The key there opens what was encrypted.',
    evidence: 'template-intent',
    ...OF_A_MASTER_KEY,
    run: async (target, scene) => {
      const secret = scene.now(target);
      const sealed = encrypted(await keyIn(scene, secret));
      for (const region of regionsOf(scene, secret)) {
        const arn = secretArn(scene, secret).split(':').map((part, index) => (index === 3 ? region : part)).join(':');
        if (canRead(await valueOf(scene.elsewhere(region), arn), sealed)) return { verdict: 'withstood', saw: `The copy in ${region} opens it.` };
      }
      return { verdict: 'succeeded', saw: 'No other region has the key.' };
    },
    saboteurs: [MASTER_KEY_NOT_REPLICATED],
  }),
  defineKeepingAttack('SEC-5', 'replaced', {
    tries: 'Looks for a schedule that gives the master key another value, and has the function that makes it make it again',
    expects: 'There is no schedule, and the function neither changes a value nor tells it: nothing could read any more what the first one encrypted.',
    evidence: 'real-artefact',
    ...OF_A_MASTER_KEY,
    run: async (target, scene) => {
      const secret = scene.now(target);
      if (scene.graph.pointingAt(secret, ROTATION_SCHEDULE, 'SecretId').length > 0) return { verdict: 'succeeded', saw: 'A schedule replaces it.' };
      const maker = makerOf(scene.graph, secret);
      if (maker === undefined) return { verdict: 'withstood', saw: 'No schedule points at it, and no function makes it.' };
      return await madeAgain(scene, maker, secretArn(scene, secret));
    },
    saboteurs: [MASTER_KEY_ROTATED],
  }),
  defineKeepingAttack('SEC-5', 'stack-deleted', {
    tries: 'Encrypts with the master key, and deletes the stack',
    expects: 'The key is still there, and opens what was encrypted.',
    evidence: 'template-intent',
    ...OF_A_MASTER_KEY,
    run: async (target, scene) => {
      const secret = scene.now(target);
      const [arn, key] = [secretArn(scene, secret), await keyIn(scene, secret)];
      const sealed = encrypted(key);
      await deleted(scene, scene.stackOf(secret));
      return canRead(await valueOf(scene.aws, arn), sealed)
        ? { verdict: 'withstood', saw: 'It outlives its stack and opens what was encrypted.' }
        : { verdict: 'succeeded', saw: 'It is gone with its stack.' };
    },
    saboteurs: [MASTER_KEY_THROWN_AWAY],
  }),
] as const;

/** What cannot be deleted, such as a bucket with records in it, is left behind as its owner would leave it, or the key would never be tried. */
async function deleted(scene: KeepingScene, StackName: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  await scene.aws.cloudFormation.send(new DeleteStackCommand({ StackName }));
  for (;;) {
    const status = await scene.aws.cloudFormation.send(new DescribeStacksCommand({ StackName })).then(({ Stacks }) => Stacks?.[0]?.StackStatus, () => undefined);
    if (status === undefined || status === 'DELETE_COMPLETE') return;
    if (Date.now() > deadline) throw new Error(`the stack cannot be deleted on the emulator: it is ${status}.`);
    if (status === 'DELETE_FAILED') await scene.aws.cloudFormation.send(new DeleteStackCommand({ StackName, RetainResources: await leftBehind(scene, StackName) }));
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function leftBehind(scene: KeepingScene, StackName: string): Promise<string[]> {
  const { StackResources = [] } = await scene.aws.cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
  return StackResources.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED').flatMap(({ LogicalResourceId }) => LogicalResourceId ?? []);
}
