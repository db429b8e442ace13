import {
  DeleteBucketPolicyCommand, DeleteObjectCommand, GetObjectCommand, type GetObjectCommandInput, PutBucketLifecycleConfigurationCommand, PutBucketPolicyCommand, PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { Resource } from '../../../checks/template/resource';
import { isJsonMap, type Json } from '../../../checks/template/template';
import { nameOf } from '../../message-of';
import { defineKeepingAttack } from '../attack';
import type { KeepingClients } from '../clients';
import { isRefusal } from '../reading';
import type { KeepingScene } from '../scene';
import { may } from '../trail/may';
import { logBuckets, logStreams, subscribedGroups, trailOf } from '../trail/trails';
import { ARCHIVE_CHANGED_BY_ALL, ARCHIVE_READ_BY_ALL } from '../trail-saboteurs';
import { ROLE } from '../types';

interface RoleInHand {
  readonly name: string;
  readonly arn: string;
  /** That a service runs programs with: nobody's who reads records. */
  readonly isForPrograms: boolean;
}

function rolesOf(scene: KeepingScene): RoleInHand[] {
  return scene.graph.ofType(ROLE).flatMap((role) => {
    const arn = scene.id(role, 'Arn');
    return arn === undefined ? [] : [{ name: role.logicalId, arn, isForPrograms: isForPrograms(scene.propertiesOf(role).AssumeRolePolicyDocument) }];
  });
}

function isForPrograms(trust: Json | undefined): boolean {
  const statements = isJsonMap(trust) ? [trust.Statement].flat() as readonly Json[] : [];
  return statements.some((statement) => isJsonMap(statement) && isJsonMap(statement.Principal) && 'Service' in statement.Principal);
}

/** Asks as somebody; whether he was let. What S3 has against the question itself comes after his rights. */
async function isLet(scene: KeepingScene, { name, arn }: RoleInHand, what: string, ask: (clients: KeepingClients) => Promise<unknown>): Promise<boolean> {
  const clients = await scene.as(arn);
  try {
    await ask(clients);
    scene.note(`${name} ${what}: done`);
    return true;
  } catch (error) {
    scene.note(`${name} ${what}: ${nameOf(error)}`);
    return !isRefusal(error);
  }
}

/** A right, and how it is used. */
type Use = readonly [what: string, ask: (clients: KeepingClients) => Promise<unknown>];

/** The first who may do one of these, in a sentence. */
async function firstLet(scene: KeepingScene, roles: readonly RoleInHand[], uses: readonly Use[]): Promise<string | undefined> {
  for (const role of roles) {
    for (const [what, ask] of uses) if (await isLet(scene, role, what, ask)) return `${role.name} ${what}.`;
  }
  return undefined;
}

function nameIn(scene: KeepingScene, resource: Resource): string {
  const name = scene.id(resource);
  if (name === undefined) throw new Error(`the emulator has no ${resource.logicalId}.`);
  return name;
}

/** Writes there: the roles of streams that deliver into it, and those that hand on. */
function writersOf(scene: KeepingScene, bucket: string): string[] {
  return logStreams({ graph: scene.graph }).map(({ resource }) => trailOf(scene, resource)).flatMap(({ stream, replication }) => [
    ...(stream.bucket === bucket ? [stream.roleArn] : []), ...(replication?.rules.some((rule) => rule.bucket === bucket) ? [replication.roleArn] : []),
  ]);
}

export const ARCHIVE_ACCESS_ATTACKS = [
  defineKeepingAttack('AUD-4', 'programs-read', {
    tries: 'Reads a record in the bucket with every role that programs and services have, the one that writes it among them',
    expects: 'All are refused.',
    evidence: 'template-intent',
    needs: 'bucket that logs are delivered into',
    targets: logBuckets,
    run: async (target, scene) => {
      const Bucket = nameIn(scene, scene.now(target));
      const Key = `drill/read-${Date.now()}`;
      const { VersionId } = await scene.aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'recorded' }));
      const roles = rolesOf(scene).filter((role) => role.isForPrograms);
      const found = await firstLet(scene, roles, [
        ['reads it', (clients) => readWhole(clients, { Bucket, Key })],
        ['reads its version', (clients) => readWhole(clients, { Bucket, Key, VersionId })],
      ]);
      return found === undefined ? { verdict: 'withstood', saw: `None of ${roles.length} roles may read it.` } : { verdict: 'succeeded', saw: found };
    },
    saboteurs: [ARCHIVE_READ_BY_ALL],
  }),
  defineKeepingAttack('AUD-4', 'programs-read-hot', {
    tries: 'Reads the lines of the log group with every role that programs and services have',
    expects: 'All are refused: a program writes its own lines and reads nobody\'s.',
    evidence: 'template-intent',
    needs: 'log group that lines are delivered from',
    targets: subscribedGroups,
    run: async (target, scene) => {
      const logGroupName = nameIn(scene, scene.now(target));
      const group = `arn:aws:logs:${scene.region}:${scene.account}:log-group:${logGroupName}`;
      const roles = rolesOf(scene).filter((role) => role.isForPrograms);
      // Some ask about the group, some about a stream in it; for the emulator's own requests it is always the group.
      const reads = [['logs:FilterLogEvents', group], ['logs:FilterLogEvents', `${group}:*`], ['logs:StartQuery', `${group}:*`], ['logs:GetLogEvents', `${group}:log-stream:drill`]] as const;
      for (const { name, arn } of roles) {
        for (const [action, resource] of reads) {
          if (await may(scene, arn, action, resource)) return { verdict: 'succeeded', saw: `${name} may ${action}.` };
        }
      }
      return { verdict: 'withstood', saw: `None of ${roles.length} roles may read them.` };
    },
    saboteurs: [ARCHIVE_READ_BY_ALL],
  }),
  defineKeepingAttack('AUD-4', 'changed', {
    tries: 'With every role: hides a record, changes who may do what with the bucket, how long it keeps what, and whether it locks; and, unless it is there to write, writes a record of its own',
    expects: 'All are refused.',
    evidence: 'template-intent',
    needs: 'bucket that logs are delivered into',
    targets: logBuckets,
    run: async (target, scene) => {
      const bucket = scene.now(target);
      const Bucket = nameIn(scene, bucket);
      const writers = writersOf(scene, Bucket);
      const roles = rolesOf(scene);
      const Key = `drill/changed-${Date.now()}`;
      await scene.aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'recorded' }));
      const day = { ID: 'Drill', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } };
      const found = await firstLet(scene, roles, [
        ['takes its policy away', ({ s3 }) => s3.send(new DeleteBucketPolicyCommand({ Bucket }))],
        ['gives it another policy', ({ s3 }) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' }))],
        ['has everything expire tomorrow', ({ s3 }) => s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [day] } }))],
        ['unlocks what is to come', ({ s3 }) => s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }))],
      ])
      ?? await firstLet(scene, roles.filter(({ arn }) => !writers.includes(arn)), [['writes a record of its own', ({ s3 }) => s3.send(new PutObjectCommand({ Bucket, Key: `${Key}-own`, Body: 'x' }))]])
      ?? await firstLet(scene, roles.filter(({ arn }) => !isEmptier(scene, bucket, arn)), [['hides a record', ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key }))]]);
      return found === undefined ? { verdict: 'withstood', saw: `None of ${roles.length} roles may.` } : { verdict: 'succeeded', saw: found };
    },
    saboteurs: [ARCHIVE_CHANGED_BY_ALL],
  }),
] as const;

/** To its end: an answer that nobody reads keeps its connection. */
async function readWhole({ s3 }: KeepingClients, object: GetObjectCommandInput): Promise<unknown> {
  return (await s3.send(new GetObjectCommand(object))).Body?.transformToByteArray();
}

/** Whoever a bucket that goes with its stack names as the one who is not denied: he empties it then. */
function isEmptier(scene: KeepingScene, bucket: Resource, arn: string): boolean {
  if (bucket.attribute('DeletionPolicy').text() !== 'Delete') return false;
  return scene.graph.pointingAt(bucket, 'AWS::S3::BucketPolicy', 'Bucket').some((policy) => JSON.stringify(scene.propertiesOf(policy)).includes(`"ArnNotEquals":{"aws:PrincipalArn":"${arn}"}`));
}
