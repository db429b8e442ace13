import { OutOfTime } from '../shared/custom-resource';
import type { Vaults } from './vaults';

export interface Patience {
  /** Whether another look is worth while. */
  readonly hasTime: () => boolean;
  /** AWS Backup deletes within seconds to minutes, and tells nobody when it is done. */
  readonly pause: () => Promise<void>;
}

/** Deletes everything in a vault, and waits until it has gone: a vault with anything in it cannot be deleted. */
export async function emptyVault(vaults: Vaults, vault: { readonly name: string; readonly arn: string }, { hasTime, pause }: Patience): Promise<void> {
  if (!await vaults.mayEmpty(vault.arn)) return;
  await vaults.unlock(vault.name);
  for (;;) {
    const points = await vaults.list(vault.name);
    if (points.length === 0) return;
    const stuck: string[] = [];
    for (const point of points) {
      const reason = await vaults.remove(vault.name, point);
      if (reason !== undefined) stuck.push(`${point}: ${reason}`);
    }
    if (!hasTime()) {
      if (stuck.length === points.length) throw new Error(`Nothing in ${vault.name} can be deleted, such as ${stuck[0] ?? '?'}. Its lock may be final, or its policy forbids it.`);
      throw new OutOfTime(vault.name);
    }
    await pause();
  }
}
