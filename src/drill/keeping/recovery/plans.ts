import type { Resource } from '../../../checks/template/resource';
import { covers } from '../../../checks/rules/policies';
import type { JsonMap } from '../../../checks/template/template';
import type { KeepingScene } from '../scene';
import { BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT } from '../types';
import { isTrue, mapOf, mapsIn, numberOf, textOf, textsIn } from './reading';

/** When nobody says it (AWS Backup API, BackupRule). */
const USUAL_SCHEDULE = 'cron(0 5 ? * * *)';

/** A rule of a plan as it was deployed. */
export interface BackupRule {
  readonly name: string;
  readonly schedule: string;
  readonly vault: string;
  /** Infinity where nothing expires. */
  readonly keptDays: number;
  /** Follows every change: any moment can be restored, and not only those of the schedule. */
  readonly isContinuous: boolean;
  readonly copies: readonly BackupCopyRule[];
}

export interface BackupCopyRule {
  readonly vaultArn: string;
  readonly keptDays: number;
}

/** What a plan backs up, and with which rights. */
export interface BackupSelection {
  readonly resource: Resource;
  readonly arns: readonly string[];
  readonly roleArn: string;
  takes(arn: string): boolean;
}

export interface BackupPlan {
  readonly resource: Resource;
  readonly rules: readonly BackupRule[];
  readonly selections: readonly BackupSelection[];
}

type Deployed = Pick<KeepingScene, 'graph' | 'propertiesOf'>;

export function plansOf(scene: Deployed): BackupPlan[] {
  return scene.graph.ofType(BACKUP_PLAN).map((plan) => planOf(scene, plan));
}

export function planOf(scene: Deployed, plan: Resource): BackupPlan {
  return {
    resource: plan,
    rules: mapsIn(mapOf(scene.propertiesOf(plan).BackupPlan).BackupPlanRule).map(ruleOf),
    selections: scene.graph.pointingAt(plan, BACKUP_SELECTION, 'BackupPlanId').map((selection) => selectionOf(scene, selection)),
  };
}

export function selectionOf(scene: Deployed, selection: Resource): BackupSelection {
  const { Resources, NotResources, ListOfTags, Conditions, IamRoleArn } = mapOf(scene.propertiesOf(selection).BackupSelection);
  const [named, left] = [textsIn(Resources), textsIn(NotResources)];
  const takes = (arn: string): boolean => {
    const isNamed = named.some((pattern) => covers(pattern, arn)) && !left.some((pattern) => covers(pattern, arn));
    // Tags of a list are one more way to be taken; conditions hold for whatever is (AWS Backup API, BackupSelection).
    const hangsOnTags = Object.keys(mapOf(Conditions)).length > 0 || (!isNamed && mapsIn(ListOfTags).length > 0);
    if (hangsOnTags) throw new Error(`${selection.logicalId} takes what carries a tag, which is not imitated.`);
    return isNamed;
  };
  return { resource: selection, arns: named, roleArn: textOf(IamRoleArn), takes };
}

function ruleOf(rule: JsonMap): BackupRule {
  return {
    name: textOf(rule.RuleName),
    schedule: textOf(rule.ScheduleExpression) || USUAL_SCHEDULE,
    vault: textOf(rule.TargetBackupVault),
    keptDays: keptDays(rule),
    isContinuous: isTrue(rule.EnableContinuousBackup),
    copies: mapsIn(rule.CopyActions).map((copy) => ({ vaultArn: textOf(copy.DestinationBackupVaultArn), keptDays: keptDays(copy) })),
  };
}

function keptDays({ Lifecycle }: JsonMap): number {
  return numberOf(mapOf(Lifecycle).DeleteAfterDays) ?? Infinity;
}

/** The vault of the templates that a rule fills; undefined where it is none of theirs. */
export function vaultOf(scene: Pick<KeepingScene, 'graph' | 'id'>, { vault }: Pick<BackupRule, 'vault'>): Resource | undefined {
  return scene.graph.ofType(BACKUP_VAULT).find((candidate) => scene.id(candidate) === vault);
}
