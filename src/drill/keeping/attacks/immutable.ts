import { DeleteObjectCommand, GetObjectCommand, GetObjectRetentionCommand, PutObjectCommand, PutObjectRetentionCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Resource } from '../../../checks/template/resource';
import { nameOf } from '../../message-of';
import { defineKeepingAttack } from '../attack';
import { isRefusal } from '../reading';
import type { KeepingScene } from '../scene';
import { archives } from '../trail/trails';
import { LOCK_FOR_GOVERNANCE, LOCK_GONE, LOCK_TOO_SHORT } from '../trail-saboteurs';
import { ROLE } from '../types';

const DAY_MS = 24 * 60 * 60 * 1000;
/** AUD-2's cold tier. */
const LOCKED_DAYS = 180;
const RECORDED = 'what was recorded';

/** Somebody, and what he asks S3 with. */
interface Somebody {
  readonly name: string;
  readonly s3: S3Client;
}

/** Every role of the templates, and the account's root behind them. */
export async function everybody(scene: KeepingScene): Promise<Somebody[]> {
  const roles = scene.graph.ofType(ROLE).flatMap((role) => ({ name: role.logicalId, arn: scene.id(role, 'Arn') })).filter((role): role is { name: string; arn: string } => role.arn !== undefined);
  const clients = await Promise.all(roles.map(async ({ name, arn }) => ({ name, s3: (await scene.as(arn)).s3 })));
  return [...clients, { name: 'the account\'s root', s3: scene.aws.s3 }];
}

function nameIn(scene: KeepingScene, bucket: Resource): string {
  const name = scene.id(bucket);
  if (name === undefined) throw new Error(`the emulator has no bucket for ${bucket.logicalId}.`);
  return name;
}

/** Whether it was done; what is refused for other reasons than rights decides nothing. */
async function succeeds(scene: KeepingScene, who: string, what: string, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    scene.note(`${who} ${what}: done`);
    return true;
  } catch (error) {
    if (!isRefusal(error) && nameOf(error) !== 'InvalidRequest' && nameOf(error) !== 'NoSuchVersion') throw error;
    scene.note(`${who} ${what}: ${nameOf(error)}`);
    return false;
  }
}

/** Where a stack is destroyed with its bucket, whoever empties it goes past the lock, and so may the root: there it is the lock alone that is tried. */
const isKept = (bucket: Resource): boolean => bucket.attribute('DeletionPolicy').text() !== 'Delete';

export const IMMUTABLE_ATTACKS = [
  defineKeepingAttack('AUD-3', 'locked', {
    tries: [
      'Puts a record into the archive and then, as every role of the templates and as the account\'s root, overwrites it, hides it, shortens its lock, and deletes its version,',
      'past a lock for governance where the bucket is to stay',
    ].join(' '),
    expects: `The version is there and says what it said, and is locked for ${LOCKED_DAYS} days from when it was put.`,
    evidence: 'template-intent',
    needs: 'bucket that logs are delivered into',
    targets: archives,
    run: async (target, scene) => {
      const bucket = scene.now(target);
      const BypassGovernanceRetention = isKept(bucket) || undefined;
      const object = { Bucket: nameIn(scene, bucket), Key: `drill/${Date.now()}` };
      const putAt = Date.now();
      const { VersionId } = await scene.aws.s3.send(new PutObjectCommand({ ...object, Body: RECORDED }));
      if (VersionId === undefined) return { verdict: 'succeeded', saw: 'The bucket keeps no versions, so whoever overwrites a record changes it.' };
      const version = { ...object, VersionId };
      const soon = { Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(putAt + DAY_MS) };
      for (const { name, s3 } of await everybody(scene)) {
        await succeeds(scene, name, 'overwrites it', () => s3.send(new PutObjectCommand({ ...object, Body: 'something else' })));
        await succeeds(scene, name, 'hides it', () => s3.send(new DeleteObjectCommand(object)));
        if (await succeeds(scene, name, 'shortens its lock', () => s3.send(new PutObjectRetentionCommand({ ...version, Retention: soon, BypassGovernanceRetention })))) {
          return { verdict: 'succeeded', saw: `${name} shortens its lock.` };
        }
        if (await succeeds(scene, name, 'deletes its version', () => s3.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention })))) {
          return { verdict: 'succeeded', saw: `${name} deletes the version that was recorded.` };
        }
      }
      const { Body } = await scene.aws.s3.send(new GetObjectCommand(version));
      if (await Body?.transformToString() !== RECORDED) return { verdict: 'succeeded', saw: 'The version says something else.' };
      const until = await lockedUntil(scene, version);
      const days = until === undefined ? 0 : Math.round((until - putAt) / DAY_MS);
      return days >= LOCKED_DAYS
        ? { verdict: 'withstood', saw: `The version is there, and locked for ${days} days.` }
        : { verdict: 'succeeded', saw: `The version is locked for ${days} days alone.` };
    },
    saboteurs: [LOCK_GONE, LOCK_FOR_GOVERNANCE, LOCK_TOO_SHORT],
  }),
] as const;

async function lockedUntil({ aws }: KeepingScene, version: { readonly Bucket: string; readonly Key: string; readonly VersionId: string }): Promise<number | undefined> {
  try {
    return (await aws.s3.send(new GetObjectRetentionCommand(version))).Retention?.RetainUntilDate?.getTime();
  } catch (error) {
    if (/NoSuchObjectLockConfiguration|InvalidRequest/.test(nameOf(error))) return undefined;
    throw error;
  }
}
