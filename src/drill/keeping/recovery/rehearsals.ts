import { covers } from '../../../checks/rules/policies';
import type { Resource } from '../../../checks/template/resource';
import type { KeepingScene } from '../scene';
import { TESTING_PLAN, TESTING_SELECTION } from '../types';
import { BEGIN } from './points';
import { mapOf, textOf, textsIn } from './reading';
import { beginnings, DAY_MS } from './schedule';

/** So long is played: a test that runs once a year runs twice. */
export const YEARS = 2;
const DAYS_A_YEAR = 366;

/** Restores that AWS Backup tries by itself of some stores. */
export interface Rehearsal {
  readonly name: string;
  readonly schedule: string;
  takes(arn: string): boolean;
}

/** How AWS Backup calls what each service keeps (AWS Backup API, RestoreTestingSelectionForCreate). */
const KINDS: Readonly<Record<string, readonly string[]>> = { rds: ['RDS', 'Aurora'], dynamodb: ['DynamoDB'], s3: ['S3'] };

/** What is tried of the recovery points of a vault, a selection each. */
export function rehearsalsOf(scene: Pick<KeepingScene, 'graph' | 'id' | 'propertiesOf' | 'region' | 'account'>, vault: Resource): Rehearsal[] {
  const arn = `arn:aws:backup:${scene.region}:${scene.account}:backup-vault:${scene.id(vault) ?? ''}`;
  const plans = scene.graph.ofType(TESTING_PLAN).map((plan) => scene.propertiesOf(plan)).filter(({ RecoveryPointSelection }) => {
    const { IncludeVaults, ExcludeVaults } = mapOf(RecoveryPointSelection);
    const isIn = (names: readonly string[]): boolean => names.some((name) => covers(name, arn));
    return isIn(textsIn(IncludeVaults)) && !isIn(textsIn(ExcludeVaults));
  });
  return plans.flatMap(({ RestoreTestingPlanName: plan, ScheduleExpression }) => scene.graph.ofType(TESTING_SELECTION).map((selection) => scene.propertiesOf(selection))
    .filter(({ RestoreTestingPlanName }) => RestoreTestingPlanName === plan)
    .map(({ RestoreTestingSelectionName, ProtectedResourceType, ProtectedResourceArns, ProtectedResourceConditions }) => {
      const name = textOf(RestoreTestingSelectionName);
      if (ProtectedResourceConditions !== undefined) throw new Error(`${name} takes what carries a tag, which is not imitated.`);
      const takes = (arn: string): boolean => {
        const [, , service = ''] = arn.split(':');
        return KINDS[service]?.includes(textOf(ProtectedResourceType)) === true && textsIn(ProtectedResourceArns).some((pattern) => covers(pattern, arn));
      };
      return { name, schedule: textOf(ScheduleExpression), takes };
    }));
}

/** When a time begins in which none of them is tried for so many days; undefined where there is none. */
export function firstUntried(rehearsals: readonly Rehearsal[], days: number): number | undefined {
  const until = BEGIN + YEARS * DAYS_A_YEAR * DAY_MS;
  const tried = rehearsals.flatMap(({ schedule }) => beginnings(schedule, BEGIN, until)).sort((a, b) => a - b);
  return [BEGIN, ...tried].find((at, index) => (tried[index] ?? until) - at > days * DAY_MS);
}
