import type { BackupPlan } from '@aws-sdk/client-backup';
import { type Check, examine, forEach, okIf, type Result, unknown, OK } from '../examine';
import { ofType, type Ward } from '../ward';

export const PLANS: readonly Check<Pick<BackupPlan, 'Rules'>>[] = [
  { item: 'backups.plans', judge: ({ Rules = [] }) => okIf(Rules.some(({ ScheduleExpression = '' }) => ScheduleExpression !== ''), 'is never carried out') },
];

export const SELECTIONS: readonly Check<number>[] = [
  { item: 'backups.selections', judge: (count) => okIf(count > 0, 'backs up nothing') },
];

export const VAULTS: readonly Check<{ readonly NumberOfRecoveryPoints?: number | undefined }>[] = [
  { item: 'backups.made', judge: ({ NumberOfRecoveryPoints: count = 0 }) => (count === 0 ? unknown('there is no recovery point yet') : OK) },
];

export async function examineBackups(ward: Ward): Promise<readonly Result[]> {
  const { aws } = ward;
  return [
    ...await forEach(ofType(ward, 'AWS::Backup::BackupPlan'), async ({ path, physicalId }) => [
      ...await examine(path, () => aws.planOf(physicalId), PLANS),
      ...await examine(path, () => aws.selectionsOf(physicalId), SELECTIONS),
    ]),
    ...await forEach(ofType(ward, 'AWS::Backup::BackupVault'), ({ path, physicalId }) => examine(path, () => aws.vaultOf(physicalId), VAULTS)),
  ];
}
