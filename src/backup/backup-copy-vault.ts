import { ArnFormat, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { told, whenever } from '../observability/told';
import { Size, SIZING } from '../size';
import { vaultMetric } from './backup-alarms';
import { LONGEST_REWIND_DAYS, ROOM, SHORTEST_COOLING_OFF_DAYS } from './contract';
import { bootstrapRoles, LockedVault } from './locked-vault';
import { days } from './objectives';

/** How to keep copies of backups in another region. */
export interface BackupCopyVaultProps {
  /** What it is called: it is named before its stack is deployed. 2 to 50 letters, digits, hyphens and underscores. */
  readonly vaultName: string;

  /** Who may restore from it. */
  readonly restorers: iam.IRole[];

  /**
   * Who is told when a copy fails.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;

  /**
   * Whether it outlives its stack, and with a lock that nobody can lift: only for Size.PRODUCTION.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * What becomes of it when the stack is destroyed.
   *
   * @default - RemovalPolicy.RETAIN for Size.PRODUCTION, otherwise RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long each copy is kept: as long as what it is made of.
   *
   * @default Duration.days(35)
   */
  readonly retention?: Duration;

  /**
   * For how many whole days the lock can still be lifted, 3 at least; then never more.
   *
   * @default Duration.days(3)
   */
  readonly coolingOff?: Duration;

  /**
   * The key that encrypts the copies.
   *
   * @default - a new one, renewed every year by AWS KMS, which none but `deployers` can take away
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Who may change vault and key: ARNs of roles, which may have wildcards.
   *
   * @default - the roles of `cdk bootstrap` for AWS CloudFormation, of this account
   */
  readonly deployers?: string[];
}

const NAME = /^[A-Za-z0-9_-]{2,50}$/;

/** The longest retention that AWS Backup knows, in days: 100 years. */
const LONGEST_DAYS = 36_500;

/** Where copies of backups are kept, in a stack of another region: locked as the vault that they come from is, and nothing of it is copied any further. */
export class BackupCopyVault extends Construct {
  /** The vault. */
  public readonly vault: backup.IBackupVault;

  /** Its ARN, with a region that stacks of other regions can read. */
  public readonly vaultArn: string;

  /** On copies that failed. */
  public readonly alarms: cloudwatch.IAlarm[];

  /**
   * Between how many days it keeps what is in it.
   *
   * @internal
   */
  public readonly _keeps: { readonly least: number; readonly most: number };

  public constructor(scope: Construct, id: string, props: BackupCopyVaultProps) {
    super(scope, id);
    const { vaultName, restorers, size = Size.PRODUCTION } = props;
    const stack = Stack.of(this);
    if (Token.isUnresolved(stack.region) || Token.isUnresolved(stack.account)) {
      throw invalidProp(this, 'env', 'unknown', 'Give its stack an account and a region: the stack that copies names both.');
    }
    if (Token.isUnresolved(vaultName) || !NAME.test(vaultName)) throw invalidProp(this, 'vaultName', vaultName, 'Use 2 to 50 letters, digits, hyphens and underscores.');
    if (restorers.length === 0) throw invalidProp(this, 'restorers', restorers, 'Name a role that somebody may take in an emergency: a backup that nobody may restore is none.');
    const retention = days(this, 'retention', props.retention, LONGEST_REWIND_DAYS, LONGEST_DAYS, LONGEST_REWIND_DAYS, 'Copies are kept as long as what they are made of.');
    this._keeps = { least: LONGEST_REWIND_DAYS, most: ROOM * retention };
    const removalPolicy = props.removalPolicy ?? SIZING[size].removalPolicy;
    if (removalPolicy !== RemovalPolicy.RETAIN && removalPolicy !== RemovalPolicy.DESTROY) {
      throw invalidProp(this, 'removalPolicy', removalPolicy, 'Name RemovalPolicy.RETAIN or RemovalPolicy.DESTROY: the lock of the vault follows it.');
    }
    this.vault = new LockedVault(this, 'Vault', {
      vaultName,
      removalPolicy,
      encryptionKey: props.encryptionKey,
      keeps: this._keeps,
      coolingOff: Duration.days(days(this, 'coolingOff', props.coolingOff, SHORTEST_COOLING_OFF_DAYS, LONGEST_DAYS, SHORTEST_COOLING_OFF_DAYS, 'AWS Backup takes no shorter one.')),
      deployers: props.deployers ?? [bootstrapRoles(this)],
      restorers,
    }).vault;
    this.vaultArn = stack.formatArn({ service: 'backup', resource: 'backup-vault', resourceName: vaultName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    this.alarms = [told(new cloudwatch.Alarm(this, 'CopyFailed', whenever(vaultMetric('NumberOfCopyJobsFailed', vaultName), `A copy for ${this.node.path} failed.`)), props.alarmTopic)];
  }
}
