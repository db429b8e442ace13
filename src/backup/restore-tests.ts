import { Names } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { BackedUp } from './backup-source';
import { RestoreTestFrequency } from './backups-props';

export interface RestoreTestsProps {
  readonly vaultArn: string;
  readonly role: iam.IRole;
  readonly sources: readonly BackedUp[];
  readonly frequency: RestoreTestFrequency;
  readonly windowDays: number;
}

/** Away from the hour at which snapshots begin, on a day on which few people work. */
const SCHEDULES: Readonly<Record<RestoreTestFrequency, string>> = {
  [RestoreTestFrequency.DAILY]: 'cron(0 9 ? * * *)',
  [RestoreTestFrequency.WEEKLY]: 'cron(0 9 ? * SAT *)',
  [RestoreTestFrequency.MONTHLY]: 'cron(0 9 ? * SAT#1 *)',
};

/** Names of plans and selections: letters, digits and underscores (AWS Backup API, CreateRestoreTestingPlan). */
const NAME_LENGTH = 50;

/** AWS Backup spreads the tests over it. */
const START_WITHIN_HOURS = 8;

/**
 * Restores that AWS Backup tries by itself, so that a backup is known to be one (BDR-3). What a test restores is deleted when it is done. Old recovery points
 * are tried as well as new ones: which, is left to chance.
 */
export class RestoreTests extends Construct {
  public constructor(scope: Construct, id: string, { vaultArn, role, sources, frequency, windowDays }: RestoreTestsProps) {
    super(scope, id);
    const followsChanges = sources.some(({ kind }) => kind === 'S3');
    const restoreTestingPlanName = Names.uniqueResourceName(this, { maxLength: NAME_LENGTH, allowedSpecialCharacters: '_', separator: '_' });
    const plan = new backup.CfnRestoreTestingPlan(this, 'Plan', {
      restoreTestingPlanName,
      scheduleExpression: SCHEDULES[frequency],
      startWindowHours: START_WITHIN_HOURS,
      recoveryPointSelection: {
        algorithm: 'RANDOM_WITHIN_WINDOW',
        includeVaults: [vaultArn],
        recoveryPointTypes: ['SNAPSHOT', ...(followsChanges ? ['CONTINUOUS'] : [])],
        selectionWindowDays: windowDays,
      },
    });
    for (const { kind, arn, resource, restoreMetadata } of sources) {
      const name = `${kind}${resource.node.addr.slice(-8)}`;
      const selection = new backup.CfnRestoreTestingSelection(this, name, {
        restoreTestingPlanName,
        restoreTestingSelectionName: name,
        protectedResourceType: kind,
        protectedResourceArns: [arn],
        iamRoleArn: role.roleArn,
        restoreMetadataOverrides: restoreMetadata,
      });
      selection.node.addDependency(plan, role);
    }
  }
}
