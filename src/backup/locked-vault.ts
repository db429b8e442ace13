import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { CHANGING_VAULT, TAKING_AWAY } from './contract';
import { VaultEmptying } from './vault-emptying';

export interface LockedVaultProps {
  readonly vaultName: string;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: kms.IKey;
  /** In days: what a recovery point is kept at least and at most. */
  readonly keeps: { readonly least: number; readonly most: number };
  /** After which the lock cannot be lifted any more, by nobody. */
  readonly coolingOff: Duration;
  /** ARNs, with wildcards, of those who may change the vault and its key. */
  readonly deployers: readonly string[];
  /** Those who may restore from it. */
  readonly restorers: readonly iam.IRole[];
  /** The only vault that anything may be copied to; nothing where nothing may. */
  readonly copyTo?: string;
}

/** Starts the restores of a restore testing plan (AWS Backup guide, "Using roles for restore testing"). */
const TESTER = { resource: 'role', resourceName: 'aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForBackupRestoreTesting' } as const;

/** What makes a key, and everything that it encrypts, unusable, or lets somebody do so. */
const SPOILING_KEY = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy'];

/** The roles that `cdk bootstrap` makes for AWS CloudFormation, whatever their qualifier (CDK guide, "Customize AWS CDK bootstrapping"). */
export function bootstrapRoles(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'cdk-*-cfn-exec-role-*' });
}

/**
 * A vault that nobody takes anything out of before its time (BDR-2).
 *
 * What is kept when its stack goes has a lock that nobody can lift, the account's root and AWS included (COMPLIANCE, as AWS Backup calls it); what goes
 * with its stack has one that its deployers can lift (GOVERNANCE).
 */
export class LockedVault extends Construct {
  public readonly vault: backup.IBackupVault;
  public readonly encryptionKey: kms.IKey;

  /** Has to go before the vault and after whatever fills it; nothing where the vault stays. */
  public readonly emptying?: Construct;

  public constructor(scope: Construct, id: string, props: LockedVaultProps) {
    super(scope, id);
    const { removalPolicy, keeps, vaultName, restorers, copyTo, coolingOff } = props;
    const emptying = removalPolicy === RemovalPolicy.DESTROY ? new VaultEmptying(this, 'Emptying') : undefined;
    const deployers = [...props.deployers, ...(emptying ? [emptying.role.roleArn] : [])];
    this.encryptionKey = props.encryptionKey ?? this.key(removalPolicy, props.deployers);
    this.vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName: vaultName,
      encryptionKey: this.encryptionKey,
      accessPolicy: new iam.PolicyDocument({ statements: this.statements({ removalPolicy, deployers, restorers, copyTo }) }),
      lockConfiguration: {
        minRetention: Duration.days(keeps.least),
        maxRetention: Duration.days(keeps.most),
        changeableFor: removalPolicy === RemovalPolicy.DESTROY ? undefined : coolingOff,
      },
      removalPolicy,
    });
    this.emptying = emptying?.empty(this.vault, vaultName);
  }

  /** A lock is worth nothing where somebody can take the key away. */
  private key(removalPolicy: RemovalPolicy, deployers: readonly string[]): kms.Key {
    const key = new kms.Key(this, 'Key', { description: `Encrypts the backups of ${this.node.path}`, enableKeyRotation: true, removalPolicy });
    key.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'KeptByDeployment',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: SPOILING_KEY,
      resources: ['*'],
      conditions: { ArnNotLike: { 'aws:PrincipalArn': [...deployers] } },
    }));
    return key;
  }

  /** Actions one by one: policies of vaults take no wildcard (AWS Backup guide, "Vault access policies"). They know no `Allow` that is needed: IAM grants. */
  private statements({ removalPolicy, deployers, restorers, copyTo }: Pick<LockedVaultProps, 'removalPolicy' | 'deployers' | 'restorers' | 'copyTo'>): iam.PolicyStatement[] {
    const deny = (sid: string, actions: readonly string[], conditions?: Record<string, unknown>): iam.PolicyStatement =>
      new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: [...actions], resources: ['*'], conditions });
    const deployed = { ArnNotLike: { 'aws:PrincipalArn': [...deployers] } };
    const tester = Stack.of(this).formatArn({ service: 'iam', region: '', ...TESTER });
    return [
      deny('NobodyTakesAway', TAKING_AWAY, removalPolicy === RemovalPolicy.DESTROY ? deployed : undefined),
      deny('ChangedByDeployment', CHANGING_VAULT, deployed),
      deny('RestoredByFew', ['backup:StartRestoreJob'], { ArnNotLike: { 'aws:PrincipalArn': [...restorers.map(({ roleArn }) => roleArn), tester] } }),
      // Also true of a request that names no target (IAM guide, "Multivalued context keys").
      deny('CopiedToOneVault', ['backup:CopyFromBackupVault'], copyTo === undefined ? undefined : { 'ForAllValues:ArnNotEquals': { 'backup:CopyTargets': [copyTo] } }),
    ];
  }
}
