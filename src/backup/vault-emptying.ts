import { ArnFormat, CustomResource, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { answerAwsSolutions, shownArn } from '../aws-solutions';
import { bundled } from '../runtime-function';
import { EMPTIED_VAULT_TAG, EMPTYING_VAULT_TYPE } from './contract';

/** How long AWS CloudFormation waits, and the longest that it does: the function starts again where it stopped, up to three times of 15 minutes. */
const PATIENCE = Duration.hours(1);

/** How recovery points are called, each kind by its service (service authorization reference, "AWS Backup": resource types). */
const POINTS = [
  { service: 'backup', resource: 'recovery-point:*' },
  { service: 'rds', resource: 'snapshot:awsbackup:*' },
  { service: 'dynamodb', resource: 'table/*/backup/*' },
] as const;

/**
 * Deletes what is in a vault when its stack is destroyed: one with anything in it cannot be deleted.
 *
 * Only of vaults that carry a tag: one that is to stay from now on has lost that before the custom resource is removed.
 */
export class VaultEmptying extends Construct {
  /** Who deletes; the vault's policy has to let it. */
  public readonly role: iam.IRole;
  private readonly own: iam.Role;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.own = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description: 'Empties a backup vault when its stack is destroyed' });
    this.role = this.own;
  }

  /**
   * Empties a vault before it is deleted.
   *
   * @returns what has to go before the vault, and after whatever fills it
   */
  public empty(vault: backup.IBackupVault, vaultName: string): Construct {
    const { own: role } = this;
    const stack = Stack.of(this);
    const vaultArn = stack.formatArn({ service: 'backup', resource: 'backup-vault', resourceName: vaultName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    const opening = ['backup:ListRecoveryPointsByBackupVault', 'backup:DeleteBackupVaultLockConfiguration', 'backup:ListTags'];
    role.addToPolicy(new iam.PolicyStatement({ sid: 'OpenIt', actions: opening, resources: [vaultArn] }));
    role.addToPolicy(new iam.PolicyStatement({ sid: 'DeleteThem', actions: ['backup:DeleteRecoveryPoint'], resources: POINTS.map((point) => stack.formatArn(point)) }));
    for (const point of POINTS) {
      answerAwsSolutions(role, `IAM5[Resource::${shownArn(this, point)}]`, 'Who makes a recovery point names it; those of other vaults are kept by the policies of those.');
    }
    const log = new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    log.grants.write(role);
    Tags.of(vault).add(EMPTIED_VAULT_TAG, 'true');
    const handler = new lambda.Function(this, 'Handler', {
      description: 'Deletes what is in a backup vault when its stack is destroyed',
      ...bundled('vault-emptying'),
      timeout: Duration.minutes(15),
      role: role.withoutPolicyUpdates(),
      logGroup: log,
    });
    const resource = new CustomResource(this, 'Resource', {
      resourceType: EMPTYING_VAULT_TYPE,
      serviceToken: handler.functionArn,
      serviceTimeout: PATIENCE,
      properties: { VaultName: vaultName, VaultArn: vaultArn },
    });
    resource.node.addDependency(vault, role);
    return resource;
  }
}
