import type { ResourceEvent } from '../shared/custom-resource';
import { emptyVault, type Patience } from './empty-vault';
import type { Vaults } from './vaults';

/** Nothing is done but when the custom resource goes. */
export async function handle(event: ResourceEvent, vaults: Vaults, patience: Patience): Promise<void> {
  if (event.RequestType !== 'Delete') return;
  const { VaultName: name, VaultArn: arn } = event.ResourceProperties;
  if (typeof name !== 'string' || name === '' || typeof arn !== 'string' || arn === '') throw new Error('The custom resource names no vault (VaultName, VaultArn).');
  await emptyVault(vaults, { name, arn }, patience);
}
