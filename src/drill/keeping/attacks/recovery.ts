import { isKept, isThrownAway, vaultAt } from '../../../checks/rules/bdr-coverage';
import type { Resource } from '../../../checks/template/resource';
import type { Property } from '../../../checks/template/property';
import type { AttackResult } from '../../attack';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { planOf, plansOf, vaultOf } from '../recovery/plans';
import { BEGIN, firstLost, type Loss, snapshots } from '../recovery/points';
import { firstUntried, rehearsalsOf, YEARS } from '../recovery/rehearsals';
import { DAY_MS } from '../recovery/schedule';
import { arnOf, isDatabaseOfItsOwn, statefulStores } from '../recovery/stores';
import { standingOf } from '../recovery/zones';
import { COPIED_BESIDE, NEVER_COPIED, NEVER_REHEARSED, NO_STANDBY, OTHERS_REHEARSED, REHEARSED_YEARLY, STORES_IN_ONE_ZONE, TASKS_IN_ONE_ZONE } from '../recovery-saboteurs';
import type { KeepingScene } from '../scene';
import { BACKUP_PLAN, BACKUP_VAULT, DATABASE, REPLICATION_GROUP, SERVICE } from '../types';

/** A region is missed at once, and weekly copies are the least that we call copies. */
const REGION_LOST: Loss = { during: 62, missedAfter: 0, oldest: 8 };
/** A quarter, our figure: whoever learns later than that that nothing can be restored has lost too much. */
const UNTRIED_DAYS = 92;

const rulesIn = (plan: Resource): Property[] => plan.prop('BackupPlan').get('BackupPlanRule').items();

/** Plans that take snapshots into a vault that is kept, or into one that no template makes. */
function plansWorthCopying(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [BACKUP_PLAN], (plan) => rulesIn(plan).filter((rule) => rule.get('EnableContinuousBackup').flag() !== true).some((rule) => {
    const vault = vaultAt(rule.get('TargetBackupVault'), model.graph);
    return vault === undefined || isKept(vault);
  }));
}

function vaultsWorthRehearsing(model: KeepingModel): KeepingTarget[] {
  const filled = model.graph.ofType(BACKUP_PLAN).flatMap(rulesIn).map((rule) => vaultAt(rule.get('TargetBackupVault'), model.graph));
  return resourcesIn(model, [BACKUP_VAULT], (vault) => isKept(vault) && filled.includes(vault));
}

/** What is not thrown away with its stack. Clusters of databases are not asked: Amazon RDS spreads their instances by itself. */
function lastingStores(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [DATABASE, REPLICATION_GROUP], (store) => !isThrownAway(store) && (store.type !== DATABASE || isDatabaseOfItsOwn(store)));
}

/** Takes one zone after the other away. */
function withoutAZone(scene: KeepingScene, resource: Resource): AttackResult {
  const { zones, comesBack } = standingOf(scene, resource);
  if (zones === undefined) scene.note('Which zones it may stand in, no template says.');
  else for (const zone of zones) scene.note(`${zone} is taken away; left is ${[...zones].filter((other) => other !== zone).join(', ') || 'nothing'}`);
  if (zones?.size === 1) return { verdict: 'succeeded', saw: `With ${[...zones].join('')} all of it is gone: there is no other zone.` };
  if (!comesBack) return { verdict: 'succeeded', saw: 'When its zone is gone, so is it: there is nobody in another one who takes over.' };
  return { verdict: 'withstood', saw: zones === undefined ? 'Somebody in another zone takes over.' : `Of ${zones.size} zones one is always left, in which it goes on.` };
}

export const RECOVERY_ATTACKS = [
  defineKeepingAttack('BDR-3', 'zone-lost', {
    tries: 'Takes away one zone after the other in which a store may stand, with whatever stands in it',
    expects: 'Each time a zone is left, and somebody there takes over: a standby, or a replica with automatic failover. Who takes over is read from what was deployed: nothing fails here.',
    evidence: 'template-intent',
    needs: 'database instance or Redis that outlives its stack',
    targets: lastingStores,
    run: (target, scene) => Promise.resolve(withoutAZone(scene, scene.now(target))),
    saboteurs: [NO_STANDBY, STORES_IN_ONE_ZONE],
  }),
  defineKeepingAttack('BDR-3', 'zone-of-tasks-lost', {
    tries: 'Takes away one zone after the other in which tasks of a service may run, with whatever runs in it',
    expects: 'Each time a zone is left in which Amazon ECS starts them again.',
    evidence: 'template-intent',
    needs: 'service with network interfaces of its own',
    targets: (model) => resourcesIn(model, [SERVICE], (service) => service.prop('NetworkConfiguration').exists),
    run: (target, scene) => Promise.resolve(withoutAZone(scene, scene.now(target))),
    saboteurs: [TASKS_IN_ONE_ZONE],
  }),
  defineKeepingAttack('BDR-3', 'region-lost', {
    tries: `Takes the region away, at every hour of ${REGION_LOST.during} days, and looks in the others for what the plan has copied`,
    expects: `Each time there is a copy that set out no longer than ${REGION_LOST.oldest} days ago. Schedules and lifecycles are played by the drill; how long the copying takes nothing bounds.`,
    evidence: 'template-intent',
    needs: 'backup plan whose vault is kept when its stack goes',
    targets: plansWorthCopying,
    run: (target, scene) => {
      const { rules, selections } = planOf(scene, scene.now(target));
      const copied = rules.filter(({ isContinuous }) => !isContinuous).flatMap(({ schedule, copies }) => copies.map((copy) => ({ ...copy, schedule })));
      const elsewhere = copied.filter(({ vaultArn }) => vaultArn.split(':')[3] !== scene.region);
      copied.forEach(({ vaultArn, schedule, keptDays }) => scene.note(`${schedule}, kept ${keptDays} days in ${vaultArn}`));
      if (selections.every(({ arns }) => arns.length === 0)) return Promise.resolve({ verdict: 'succeeded', saw: 'The plan copies nothing: no selection names anything.' });
      const ways = elsewhere.map(({ vaultArn, schedule, keptDays }) => (
        { name: vaultArn, points: snapshots(schedule, keptDays, BEGIN - (REGION_LOST.oldest + 1) * DAY_MS, BEGIN + REGION_LOST.during * DAY_MS) }
      ));
      const lost = firstLost(ways, REGION_LOST);
      if (lost === undefined) return Promise.resolve({ verdict: 'withstood', saw: 'Whatever the hour, there is a copy in another region.' });
      const why = elsewhere.length > 0 ? 'the last copy had expired' : copied.length > 0 ? 'copies stay in the region' : 'there are no copies';
      return Promise.resolve({ verdict: 'succeeded', saw: `With the region at ${new Date(lost).toISOString()} all backups are gone: ${why}.` });
    },
    saboteurs: [NEVER_COPIED, COPIED_BESIDE],
  }),
  defineKeepingAttack('BDR-3', 'never-tried', {
    tries: `Lets ${YEARS} years pass, and looks for ${UNTRIED_DAYS} days in which no restore was tried of a store whose backups are in the vault`,
    expects: 'There are none. Schedules are played by the drill; whether a restore succeeds, AWS Backup\'s own tests tell, and none runs here.',
    evidence: 'template-intent',
    needs: 'backup vault that is kept when its stack goes and that a plan fills',
    targets: vaultsWorthRehearsing,
    run: (target, scene) => {
      const vault = scene.now(target);
      const stores = storesIn(scene, vault);
      const rehearsals = rehearsalsOf(scene, vault);
      for (const { name, schedule } of rehearsals) scene.note(`${name}: ${schedule}`);
      for (const store of stores) {
        const untried = firstUntried(rehearsals.filter((rehearsal) => rehearsal.takes(arnOf(scene, store))), UNTRIED_DAYS);
        if (untried === undefined) continue;
        return Promise.resolve({ verdict: 'succeeded', saw: `From ${new Date(untried).toISOString()} on, no restore of ${store.logicalId} is tried for ${UNTRIED_DAYS} days.` });
      }
      if (stores.length === 0) throw new Error('nothing of these templates is backed up into the vault.');
      return Promise.resolve({ verdict: 'withstood', saw: `A restore of each of ${stores.length} stores is tried again and again.` });
    },
    saboteurs: [NEVER_REHEARSED, REHEARSED_YEARLY, OTHERS_REHEARSED],
  }),
] as const;

/** Stores of the templates whose recovery points a vault has. */
function storesIn(scene: KeepingScene, vault: Resource): Resource[] {
  const filling = plansOf(scene).filter(({ rules }) => rules.some((rule) => vaultOf(scene, rule) === vault)).flatMap(({ selections }) => selections);
  return statefulStores({ graph: scene.graph }).map(({ resource }) => resource).filter((store) => filling.some((selection) => selection.takes(arnOf(scene, store))));
}
