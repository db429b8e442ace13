import { emptyVault, type Patience } from './empty-vault';
import type { Vaults } from './vaults';

/** What CloudFormation asks for. */
export interface VaultEmptyingEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** Always the same, so that no update replaces it: its replacement would delete the former one, and what is in the vault with it. */
export const physicalIdOf = ({ PhysicalResourceId, LogicalResourceId }: VaultEmptyingEvent): string => PhysicalResourceId ?? LogicalResourceId;

/** Nothing is done but when the custom resource goes. */
export async function handle(event: VaultEmptyingEvent, vaults: Vaults, patience: Patience): Promise<void> {
  if (event.RequestType !== 'Delete') return;
  const { VaultName: name, VaultArn: arn } = event.ResourceProperties;
  if (typeof name !== 'string' || name === '' || typeof arn !== 'string' || arn === '') throw new Error('The custom resource names no vault (VaultName, VaultArn).');
  await emptyVault(vaults, { name, arn }, patience);
}
