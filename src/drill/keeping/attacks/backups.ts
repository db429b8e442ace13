import { listed } from '../../../listed';
import type { Resource } from '../../../checks/template/resource';
import type { JsonMap } from '../../../checks/template/template';
import { allows } from '../../alarms/resource-policy';
import type { AttackResult } from '../../attack';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { role } from '../recovery/askers';
import { type BackupSelection, planOf, selectionOf } from '../recovery/plans';
import { BEGIN, firstLost } from '../recovery/points';
import { textsIn } from '../recovery/reading';
import { DAY_MS } from '../recovery/schedule';
import { arnOf, refusalOf, statefulStores, waysBack } from '../recovery/stores';
import { BACKUP_RIGHTS_GONE, BACKUPS_BY_OTHERS, KEPT_PAST_LOCK, KEPT_TWO_DAYS, NEVER_BACKED_UP, SOURCES_DENIED } from '../recovery-saboteurs';
import type { KeepingScene } from '../scene';
import { BACKUP_PLAN, BACKUP_SELECTION, BUCKET, DATABASE, DATABASE_CLUSTER, DYNAMO_TABLE, ROLE } from '../types';

/** NT-44: a week, in which somebody notices. Weekly backups, with a day to be made in, are the least that we call backups. */
const LOSS = { during: 62, missedAfter: 7, oldest: 8 } as const;
const MOST_LISTED = 4;

const BACKUP_SERVICE = 'backup.amazonaws.com';

/** What each kind of store is read by (service authorization reference of each service). */
const READING: Readonly<Record<string, { readonly actions: readonly string[]; readonly at: (arn: string) => string }>> = {
  [DATABASE]: { actions: ['rds:CreateDBSnapshot'], at: (arn) => arn },
  [DATABASE_CLUSTER]: { actions: ['rds:CreateDBClusterSnapshot'], at: (arn) => arn },
  [DYNAMO_TABLE]: { actions: ['dynamodb:StartAwsBackupJob'], at: (arn) => arn },
  [BUCKET]: { actions: ['s3:GetObject', 's3:GetObjectVersion'], at: (arn) => `${arn}/drill` },
};

/** What AWS's own policies allow of this (AWS managed policy reference), which the emulator does not know. */
const OF_AWS: readonly (readonly [policy: RegExp, actions: readonly string[]])[] = [
  [/\/service-role\/AWSBackupServiceRolePolicyForBackup$/, ['rds:CreateDBSnapshot', 'rds:CreateDBClusterSnapshot', 'dynamodb:StartAwsBackupJob']],
  [/\/AWSBackupServiceRolePolicyForS3Backup$/, ['s3:GetObject', 's3:GetObjectVersion']],
];

export const BACKUP_ATTACKS = [
  defineKeepingAttack('BDR-1', 'missed-late', {
    tries: `Overwrites what a store holds, at every hour of ${LOSS.during} days, and looks ${LOSS.missedAfter} days later for what was there before`,
    expects: [
      `Each time it comes back, no older than ${LOSS.oldest} days: by the store's own backups or versions, or by a plan that takes the store. Schedules, lifecycles and locks are played`,
      'by the drill.',
    ].join(' '),
    evidence: 'template-intent',
    needs: 'database, table or bucket of a program that is to be backed up',
    targets: statefulStores,
    run: (target, scene) => {
      const store = scene.now(target);
      const ways = waysBack(scene, store, BEGIN - (LOSS.oldest + 1) * DAY_MS, BEGIN + LOSS.during * DAY_MS);
      for (const way of ways) scene.note(`${way.name}: ${'points' in way ? `${way.points.length} recovery points` : `any moment of ${way.rewindDays} days`}`);
      const lost = firstLost(ways, LOSS);
      if (lost === undefined) return Promise.resolve({ verdict: 'withstood', saw: `Whatever the hour, it comes back, by ${listed(ways.map(({ name }) => name), MOST_LISTED)}.` });
      const why = ways.length === 0 ? 'nothing is kept of it' : `${listed(ways.map(({ name }) => name), MOST_LISTED)} had nothing of before any more`;
      return Promise.resolve({ verdict: 'succeeded', saw: `What was overwritten at ${new Date(lost).toISOString()} and missed ${LOSS.missedAfter} days later is gone: ${why}.` });
    },
    saboteurs: [NEVER_BACKED_UP, KEPT_TWO_DAYS],
  }),
  defineKeepingAttack('BDR-1', 'jobs-fail', {
    isAlone: true,
    tries: 'Has AWS Backup begin a job for everything that a selection names: takes its role, reads with it, and puts the result into the vault for as long as the plan says',
    expects: 'AWS Backup may take the role; the role may read each store; the vault\'s lock takes what is made. Policies by the emulator\'s simulator, those of AWS by what AWS says of them.',
    evidence: 'template-intent',
    needs: 'backup selection',
    targets: (model) => resourcesIn(model, [BACKUP_SELECTION]),
    run: async (target, scene) => {
      const selection = selectionOf(scene, scene.now(target));
      const stores = statefulStores({ graph: scene.graph }).map(({ resource }) => resource).filter((store) => selection.takes(arnOf(scene, store)));
      if (stores.length === 0 && selection.arns.length === 0) return { verdict: 'succeeded', saw: 'It names nothing, so nothing is backed up.' };
      const found = await refusedTo(scene, selection, stores) ?? refused(scene, selection, stores);
      const outside = selection.arns.length - stores.length;
      if (outside > 0) scene.note(`${outside} names lead to nothing that is attacked here.`);
      return found ?? { verdict: 'withstood', saw: `Jobs for ${stores.length} stores may be done, and the vault takes what they make.` };
    },
    saboteurs: [BACKUPS_BY_OTHERS, BACKUP_RIGHTS_GONE, SOURCES_DENIED, KEPT_PAST_LOCK],
  }),
] as const;

/** Whether the role is let do its work; undefined where it is, or is none of the templates'. */
async function refusedTo(scene: KeepingScene, { roleArn }: BackupSelection, stores: readonly Resource[]): Promise<AttackResult | undefined> {
  const found = scene.graph.ofType(ROLE).find((candidate) => scene.id(candidate, 'Arn') === roleArn);
  if (!found) {
    scene.note(`${roleArn} is no role of the templates: what it may do is not known here.`);
    return undefined;
  }
  const asked = { action: 'sts:AssumeRole', service: BACKUP_SERVICE, context: { 'aws:sourceaccount': scene.account } };
  if (!allows(found.prop('AssumeRolePolicyDocument'), asked, {})) return { verdict: 'succeeded', saw: `AWS Backup may not take ${found.logicalId}, so no backup is ever made.` };
  const asker = role(scene, found.logicalId, roleArn);
  for (const store of stores) {
    const { actions, at } = READING[store.type] ?? { actions: [], at: (arn: string) => arn };
    const allowed = await asker.allowed(ofAws(scene, found, roleArn), actions, at(arnOf(scene, store)));
    const missing = actions.find((action) => !allowed.includes(action));
    scene.note(`${found.logicalId} at ${store.logicalId}: ${allowed.join(', ') || 'nothing'}`);
    if (missing !== undefined) return { verdict: 'succeeded', saw: `${found.logicalId} may not ${missing} at ${store.logicalId}, so every backup of it fails.` };
  }
  return undefined;
}

/** In the form of statements of a resource that name the role. */
function ofAws(scene: KeepingScene, found: Resource, roleArn: string): JsonMap[] {
  const attached = textsIn(scene.propertiesOf(found).ManagedPolicyArns);
  return OF_AWS.filter(([policy]) => attached.some((arn) => policy.test(arn))).map(([, actions]) => ({ Effect: 'Allow', Principal: { AWS: roleArn }, Action: actions, Resource: '*' }));
}

/** Whether the vault refuses what the plan makes. */
function refused(scene: KeepingScene, { resource }: BackupSelection, stores: readonly Resource[]): AttackResult | undefined {
  const plans = scene.graph.ofType(BACKUP_PLAN).filter((plan) => scene.graph.pointingAt(plan, BACKUP_SELECTION, 'BackupPlanId').includes(resource));
  const [why] = plans.flatMap((plan) => planOf(scene, plan).rules).flatMap((rule) => stores.flatMap((store) => refusalOf(scene, store, rule) ?? []));
  return why === undefined ? undefined : { verdict: 'succeeded', saw: why };
}
