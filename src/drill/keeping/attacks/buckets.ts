import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Resource } from '../../../checks/template/resource';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { isRefusal, taskOf, textsOf } from '../reading';
import { BUCKET_RIGHTS_GONE, BUCKETS_PUBLIC, PLAIN_BUCKETS, UNENCRYPTED, UNVERSIONED } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { BUCKET, TASK_DEFINITION } from '../types';

/** What the checklist calls the bucket (NT-45). */
const BUCKET_VARIABLE = 'ASSET_BUCKET';

/** Buckets that some container is told of: logs have buckets of their own, which no program writes to. */
function told(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [BUCKET], (bucket) => model.graph.pointingAt(bucket, TASK_DEFINITION, 'ContainerDefinitions').length > 0);
}

function nameOf(scene: KeepingScene, bucket: Resource): string {
  const name = scene.id(bucket);
  if (name === undefined) throw new Error(`the emulator has no bucket for ${bucket.logicalId}.`);
  return name;
}

/** As a stranger asks who has no credentials at all. */
async function anonymous(scene: KeepingScene, bucket: string, key: string, method: 'GET' | 'PUT'): Promise<number> {
  const { status } = await fetch(`${scene.endpoint}/${bucket}/${key}`, {
    method, headers: { 'x-forwarded-proto': 'https' }, ...(method === 'PUT' && { body: 'of a stranger' }), signal: AbortSignal.timeout(5000),
  });
  scene.note(`Somebody without credentials: ${method} ${key}: ${status}`);
  return status;
}

const OPEN = (status: number): boolean => status >= 200 && status < 300;

const OF_A_BUCKET = { evidence: 'template-intent', needs: 'bucket that a container is told of', targets: told } as const;

export const BUCKET_ATTACKS = [
  defineKeepingAttack('DAT-6', 'anonymous', {
    tries: 'Reads an object and writes one without credentials',
    expects: 'Both are refused.',
    ...OF_A_BUCKET,
    run: async (target, scene) => {
      const Bucket = nameOf(scene, scene.now(target));
      await scene.aws.s3.send(new PutObjectCommand({ Bucket, Key: 'drill/private', Body: 'private' }));
      const [read, written] = [await anonymous(scene, Bucket, 'drill/private', 'GET'), await anonymous(scene, Bucket, 'drill/foreign', 'PUT')];
      if ([read, written].some((status) => status !== 403 && !OPEN(status))) throw new Error(`the emulator answered ${read} and ${written}.`);
      return OPEN(read) || OPEN(written)
        ? { verdict: 'succeeded', saw: `Reading was answered ${read}, writing ${written}.` }
        : { verdict: 'withstood', saw: 'Both were answered 403.' };
    },
    saboteurs: [BUCKETS_PUBLIC],
  }),
  defineKeepingAttack('DAT-6', 'plain-http', {
    tries: 'The role of the task puts an object without TLS',
    expects: 'It is refused, and with TLS it is not.',
    ...OF_A_BUCKET,
    run: async (target, scene) => {
      const bucket = scene.now(target);
      const Bucket = nameOf(scene, bucket);
      const role = await userOf(scene, bucket);
      const clients = await scene.as(role);
      const put = new PutObjectCommand({ Bucket, Key: 'drill/transport', Body: 'x' });
      if (!await granted(() => clients.s3.send(put))) throw new Error('the role of the task may not put an object with TLS either.');
      return await granted(() => clients.plainS3.send(put))
        ? { verdict: 'succeeded', saw: 'It is taken without TLS.' } : { verdict: 'withstood', saw: 'It is refused without TLS, and taken with it.' };
    },
    saboteurs: [PLAIN_BUCKETS],
  }),
  defineKeepingAttack('DAT-6', 'overwritten', {
    tries: 'Overwrites an object and asks for what was there before',
    expects: 'It can be restored.',
    ...OF_A_BUCKET,
    run: async (target, scene) => {
      const Bucket = nameOf(scene, scene.now(target));
      const put = async (Body: string): Promise<string | undefined> => (await scene.aws.s3.send(new PutObjectCommand({ Bucket, Key: 'drill/versions', Body }))).VersionId;
      const before = await put('before');
      await put('after');
      if (before === undefined) return { verdict: 'succeeded', saw: 'The bucket keeps no versions, so what was there is gone.' };
      const { Body } = await scene.aws.s3.send(new GetObjectCommand({ Bucket, Key: 'drill/versions', VersionId: before }));
      return await Body?.transformToString() === 'before' ? { verdict: 'withstood', saw: 'The version before is still there.' } : { verdict: 'succeeded', saw: 'The version before is gone.' };
    },
    saboteurs: [UNVERSIONED],
  }),
  defineKeepingAttack('DAT-6', 'unencrypted', {
    tries: 'Puts an object without saying how to encrypt it',
    expects: 'It is encrypted under a key of AWS KMS.',
    ...OF_A_BUCKET,
    run: async (target, scene) => {
      const Bucket = nameOf(scene, scene.now(target));
      await scene.aws.s3.send(new PutObjectCommand({ Bucket, Key: 'drill/encrypted', Body: 'x' }));
      const { ServerSideEncryption: by, SSEKMSKeyId: key } = await scene.aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'drill/encrypted' }));
      return by === 'aws:kms' && key !== undefined
        ? { verdict: 'withstood', saw: 'It is encrypted under a key of AWS KMS.' }
        : { verdict: 'succeeded', saw: `It is kept with ${by ?? 'no encryption'}.` };
    },
    saboteurs: [UNENCRYPTED],
  }),
  defineKeepingAttack('DAT-7', 'by-role', {
    tries: `With nothing but the role and the variables of the task, puts an object into ${BUCKET_VARIABLE} and reads it`,
    expects: 'Both work, so that nobody has to hand out a key.',
    evidence: 'template-intent',
    needs: `task definition that is told ${BUCKET_VARIABLE}`,
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], (task) => task.prop('ContainerDefinitions').items().some((container) => (
      container.get('Environment').items().some((entry) => entry.get('Name').text() === BUCKET_VARIABLE)
    ))),
    run: async (target, scene) => {
      const task = scene.now(target);
      const Bucket = (await textsOf(scene, task)).find(({ name }) => name === BUCKET_VARIABLE)?.text ?? '';
      const { taskRoleArn } = await taskOf(scene, task);
      if (taskRoleArn === undefined) return { verdict: 'succeeded', saw: 'The task has no role.' };
      const { s3 } = await scene.as(taskRoleArn);
      const object = { Bucket, Key: 'drill/by-role' };
      const works = await granted(() => s3.send(new PutObjectCommand({ ...object, Body: 'x' }))) && await granted(() => s3.send(new GetObjectCommand(object)));
      return works ? { verdict: 'withstood', saw: 'The role alone is enough.' } : { verdict: 'succeeded', saw: 'The role is refused, so somebody would have to hand out a key.' };
    },
    saboteurs: [BUCKET_RIGHTS_GONE],
  }),
] as const;

async function granted(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** The role of the first task that is told of the bucket. */
async function userOf(scene: KeepingScene, bucket: Resource): Promise<string> {
  for (const task of scene.graph.pointingAt(bucket, TASK_DEFINITION, 'ContainerDefinitions')) {
    const { taskRoleArn } = await taskOf(scene, task);
    if (taskRoleArn !== undefined) return taskRoleArn;
  }
  throw new Error('no task that is told of the bucket has a role.');
}
