/** What the function asks of AWS Backup. */
export interface Vaults {
  /** Whether the vault's stack may empty it: the tag is there. `false` too where there is no such vault any more. */
  mayEmpty(vaultArn: string): Promise<boolean>;
  /** Takes off a lock that can be lifted; nothing happens where there is none. */
  unlock(vaultName: string): Promise<void>;
  /** ARNs of the recovery points that are there, those that are being deleted among them: some, and none where the vault is empty. */
  list(vaultName: string): Promise<readonly string[]>;
  /** Begins to delete one. @returns why it could not; nothing where it will go, or has gone */
  remove(vaultName: string, recoveryPointArn: string): Promise<string | undefined>;
}
