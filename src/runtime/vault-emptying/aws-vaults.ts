import {
  type BackupClient, BackupServiceException, DeleteBackupVaultLockConfigurationCommand, DeleteRecoveryPointCommand, ListRecoveryPointsByBackupVaultCommand, ListTagsCommand,
} from '@aws-sdk/client-backup';
import { EMPTIED_VAULT_TAG } from '../../backup/contract';
import type { Vaults } from './vaults';

const GONE = 'ResourceNotFoundException';

/** What is on its way, in one direction or the other: AWS Backup is asked again later. */
const BUSY = 'InvalidResourceStateException';

const isNamed = (error: unknown, ...names: readonly string[]): error is BackupServiceException => error instanceof BackupServiceException && names.includes(error.name);

/** The vaults of this account. */
export class AwsVaults implements Vaults {
  public constructor(private readonly backup: BackupClient) {}

  public async mayEmpty(ResourceArn: string): Promise<boolean> {
    try {
      const { Tags = {} } = await this.backup.send(new ListTagsCommand({ ResourceArn }));
      return Tags[EMPTIED_VAULT_TAG] === 'true';
    } catch (error) {
      if (isNamed(error, GONE)) return false;
      throw error;
    }
  }

  public async unlock(BackupVaultName: string): Promise<void> {
    try {
      await this.backup.send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName }));
    } catch (error) {
      if (!isNamed(error, GONE)) throw error;
    }
  }

  public async list(BackupVaultName: string): Promise<readonly string[]> {
    const { RecoveryPoints = [] } = await this.backup.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName }));
    return RecoveryPoints.flatMap(({ RecoveryPointArn }) => RecoveryPointArn ?? []);
  }

  public async remove(BackupVaultName: string, RecoveryPointArn: string): Promise<string | undefined> {
    try {
      await this.backup.send(new DeleteRecoveryPointCommand({ BackupVaultName, RecoveryPointArn }));
      return undefined;
    } catch (error) {
      if (isNamed(error, GONE, BUSY)) return undefined;
      if (error instanceof BackupServiceException) return error.name;
      throw error;
    }
  }
}
