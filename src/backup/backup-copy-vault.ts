import { ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { told, whenever } from '../observability/told';
import { vaultMetric } from './backup-alarms';
import { LONGEST_REWIND_DAYS, ROOM } from './contract';
import type { KeptBackupsProps } from './kept-backups-props';
import { fateOf, LockedVault } from './locked-vault';
import { coolingOffOf, retentionOf } from './objectives';

/** How to keep copies of backups in another region. */
export interface BackupCopyVaultProps extends KeptBackupsProps {
  /** What it is called: it is named before its stack is deployed. 2 to 50 letters, digits, hyphens and underscores. */
  readonly vaultName: string;

  /**
   * Who is told when a copy fails.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;
}

const NAME = /^[A-Za-z0-9_-]{2,50}$/;

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
    const { vaultName, restorers, encryptionKey, deployers } = props;
    const stack = Stack.of(this);
    if (Token.isUnresolved(stack.region) || Token.isUnresolved(stack.account)) {
      throw invalidProp(this, 'env', 'unknown', 'Give its stack an account and a region: the stack that copies names both.');
    }
    if (Token.isUnresolved(vaultName) || !NAME.test(vaultName)) throw invalidProp(this, 'vaultName', vaultName, 'Use 2 to 50 letters, digits, hyphens and underscores.');
    const removalPolicy = fateOf(this, props);
    this._keeps = { least: LONGEST_REWIND_DAYS, most: ROOM * retentionOf(this, props.retention, 'Copies are kept as long as what they are made of.') };
    this.vault = new LockedVault(this, 'Vault', {
      vaultName,
      removalPolicy,
      encryptionKey,
      keeps: this._keeps,
      coolingOff: Duration.days(coolingOffOf(this, props.coolingOff)),
      deployers,
      restorers,
    }).vault;
    this.vaultArn = stack.formatArn({ service: 'backup', resource: 'backup-vault', resourceName: vaultName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    this.alarms = [told(new cloudwatch.Alarm(this, 'CopyFailed', whenever(vaultMetric('NumberOfCopyJobsFailed', vaultName), `A copy for ${this.node.path} failed.`)), props.alarmTopic)];
  }
}
