import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { Size, SIZING } from '../size';
import { CHANGING_VAULT, TAKING_AWAY } from './contract';
import type { KeptBackupsProps } from './kept-backups-props';
import { VaultEmptying } from './vault-emptying';

export interface LockedVaultProps extends Pick<KeptBackupsProps, 'restorers' | 'encryptionKey' | 'deployers'> {
  readonly vaultName: string;
  readonly removalPolicy: RemovalPolicy;
  /** In days: what a recovery point is kept at least and at most. */
  readonly keeps: { readonly least: number; readonly most: number };
  /** After which the lock cannot be lifted any more, by nobody. */
  readonly coolingOff: Duration;
  /** The only vault that anything may be copied to; nothing where nothing may. */
  readonly copyTo?: string;
}

/** Starts the restores of a restore testing plan (AWS Backup guide, "Using roles for restore testing"). */
const TESTER = { resource: 'role', resourceName: 'aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForBackupRestoreTesting' } as const;

/** What makes a key, and everything that it encrypts, unusable, or lets somebody do so. */
const SPOILING_KEY = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy'];

/** The roles that `cdk bootstrap` makes for AWS CloudFormation, whatever their qualifier (CDK guide, "Customize AWS CDK bootstrapping"). */
function bootstrapRoles(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'cdk-*-cfn-exec-role-*' });
}

/** What becomes of a vault when its stack goes; refused where no lock follows it, and where nobody could restore. */
export function fateOf(scope: IConstruct, { size = Size.PRODUCTION, removalPolicy = SIZING[size].removalPolicy, restorers }: KeptBackupsProps): RemovalPolicy {
  if (removalPolicy !== RemovalPolicy.RETAIN && removalPolicy !== RemovalPolicy.DESTROY) {
    throw invalidProp(scope, 'removalPolicy', removalPolicy, 'Name RemovalPolicy.RETAIN or RemovalPolicy.DESTROY: the lock of the vault follows it.');
  }
  if (restorers.length === 0) throw invalidProp(scope, 'restorers', restorers, 'Name a role that somebody may take in an emergency: a backup that nobody may restore is none.');
  return removalPolicy;
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
    const deploying = props.deployers ?? [bootstrapRoles(this)];
    const emptying = removalPolicy === RemovalPolicy.DESTROY ? new VaultEmptying(this, 'Emptying') : undefined;
    const deployers = [...deploying, ...(emptying ? [emptying.role.roleArn] : [])];
    this.encryptionKey = props.encryptionKey ?? this.key(removalPolicy, deploying);
    this.vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName: vaultName,
      encryptionKey: this.encryptionKey,
      accessPolicy: new iam.PolicyDocument({ statements: this.statements({ removalPolicy, restorers, copyTo }, deployers) }),
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
  private statements({ removalPolicy, restorers, copyTo }: Pick<LockedVaultProps, 'removalPolicy' | 'restorers' | 'copyTo'>, deployers: readonly string[]): iam.PolicyStatement[] {
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
