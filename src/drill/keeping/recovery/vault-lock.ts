import type { JsonMap } from '../../../checks/template/template';
import { mapOf, numberOf } from './reading';

/** A vault's lock as AWS Backup heeds it (AWS Backup guide, "AWS Backup Vault Lock"). In days. */
export class VaultLock {
  /** The lock of a deployed AWS::Backup::BackupVault; undefined where it has none. */
  public static of({ LockConfiguration }: JsonMap): VaultLock | undefined {
    const { MinRetentionDays, MaxRetentionDays, ChangeableForDays } = mapOf(LockConfiguration);
    if (LockConfiguration === undefined || LockConfiguration === null) return undefined;
    return new VaultLock(numberOf(MinRetentionDays) ?? 0, numberOf(MaxRetentionDays) ?? Infinity, numberOf(ChangeableForDays) ?? Infinity);
  }

  private constructor(public readonly least: number, private readonly most: number, private readonly changeable: number) {}

  /** Whether somebody who has the right to takes it off, so many days after it was put on. Without a last day it is of the kind that can always be lifted. */
  public canBeLifted(day: number): boolean {
    return day < this.changeable;
  }

  /** Whether a recovery point that is to be kept so long is taken; a job that asks for another one fails. */
  public takes(keptDays: number): boolean {
    return keptDays >= this.least && keptDays <= this.most;
  }
}
