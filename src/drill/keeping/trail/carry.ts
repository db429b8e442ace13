import { CreateBucketCommand, GetBucketEncryptionCommand, GetObjectCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Delivery } from '../../delivery/delivery';
import { controlMessage, envelope } from '../../delivery/envelope';
import { lineFilter } from '../../delivery/filter-pattern';
import type { StoredObject } from '../../delivery/read-object';
import { nameOf } from '../../message-of';
import type { KeepingScene } from '../scene';
import { may } from './may';
import type { Trail } from './trails';

/** What came of lines. */
export interface Carried {
  /** As they lie where they are to stay. */
  readonly objects: readonly StoredObject[];
  /** Why not all of them are there; undefined where nothing was refused. */
  readonly refusal?: string;
}

/** So many lines CloudWatch Logs is taken to put into one record: fewer than it may, so that a few lines are several. */
const LINES_A_RECORD = 5;
const PUT_RECORDS = 'firehose:PutRecordBatch';

/**
 * Carries lines of the log group to where they are to stay: what CloudWatch Logs, Firehose and the replication of S3 do, none of which an emulator does here. Each
 * step is done as the template says, with the rights of the role that it names.
 *
 * @param now when they are written: milliseconds since 1970
 */
export async function carry(scene: KeepingScene, trail: Trail, lines: readonly string[], now: number): Promise<Carried> {
  const { subscription, stream } = trail;
  if (subscription === undefined) return { objects: [], refusal: 'Nothing takes lines of the log.' };
  if (subscription.roleArn !== '' && !await may(scene, subscription.roleArn, PUT_RECORDS, subscription.streamArn)) return { objects: [], refusal: 'CloudWatch Logs may not write to the stream.' };
  const taken = lines.filter(lineFilter(subscription.pattern)).map(trail.mask);
  await bucketThere(scene, stream.bucket);
  const put: StoredObject[] = [];
  const { s3 } = await scene.as(stream.roleArn);
  const delivery = new Delivery(stream, async (Key, Body) => {
    await s3.send(new PutObjectCommand({ Bucket: stream.bucket, Key, Body }));
    put.push({ bucket: stream.bucket, key: Key, body: Body });
  });
  await delivery.take(controlMessage(), now);
  for (let from = 0; from < taken.length; from += LINES_A_RECORD) {
    const events = taken.slice(from, from + LINES_A_RECORD).map((message) => ({ timestamp: now, message }));
    await delivery.take(envelope({ account: '', logGroup: trail.logGroup, logStream: 'drill', filter: 'drill' }, events), now);
  }
  await delivery.flush(now);
  scene.note(`${lines.length} lines were written, ${taken.length} taken by the subscription, and ${put.length} objects delivered to ${stream.bucket} by the drill's stand-in for Firehose.`);
  if (delivery.waiting > 0) return { objects: [], refusal: `The role of the stream may not put objects: ${delivery.refusal ?? ''}` };
  return trail.replication ? handedOn(scene, trail, put) : { objects: await Promise.all(put.map((object) => read(scene, object.bucket, object.key))) };
}

/** What S3 does when it replicates: only with the role's rights, and of encrypted objects only where the rule says so. */
async function handedOn(scene: KeepingScene, { stream, replication }: Trail, put: readonly StoredObject[]): Promise<Carried> {
  const { roleArn, rules } = replication ?? { roleArn: '', rules: [] };
  const isEncrypted = await isEncryptedByKey(scene, stream.bucket);
  const objects: StoredObject[] = [];
  for (const object of put) {
    const rule = rules.find(({ prefix }) => object.key.startsWith(prefix));
    if (rule === undefined || (isEncrypted && !rule.takesEncrypted)) return { objects, refusal: `No rule hands ${object.key} on.` };
    const needs = [['s3:GetObjectVersionForReplication', object.bucket], ['s3:ReplicateObject', rule.bucket]] as const;
    for (const [action, bucket] of needs) {
      if (!await may(scene, roleArn, action, `arn:aws:s3:::${bucket}/${object.key}`)) return { objects, refusal: `The role that hands on may not ${action}.` };
    }
    await bucketThere(scene, rule.bucket);
    await scene.aws.s3.send(new PutObjectCommand({ Bucket: rule.bucket, Key: object.key, Body: object.body }));
    objects.push(await read(scene, rule.bucket, object.key));
  }
  scene.note(`${objects.length} objects were handed on to ${[...new Set(objects.map(({ bucket }) => bucket))].join(', ')} by the drill's stand-in for replication.`);
  return { objects };
}

async function read({ aws }: KeepingScene, bucket: string, key: string): Promise<StoredObject> {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return { bucket, key, body: Buffer.from(await Body?.transformToByteArray() ?? []) };
}

async function isEncryptedByKey({ aws }: KeepingScene, Bucket: string): Promise<boolean> {
  try {
    const { ServerSideEncryptionConfiguration: encryption } = await aws.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    return JSON.stringify(encryption).includes('aws:kms');
  } catch (error) {
    if (nameOf(error).startsWith('ServerSideEncryptionConfigurationNotFound')) return false;
    throw error;
  }
}

/** A bucket that is no part of the templates is one that somebody has brought. */
async function bucketThere({ aws }: KeepingScene, Bucket: string): Promise<void> {
  try {
    await aws.s3.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (!/NotFound|NoSuchBucket/.test(nameOf(error))) throw error;
    await aws.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  }
}
