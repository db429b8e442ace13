import { OutOfTime, type ResourceEvent } from '../../../src/runtime/shared/custom-resource';
import { handle } from '../../../src/runtime/vault-emptying/handle';
import type { Vaults } from '../../../src/runtime/vault-emptying/vaults';

const VAULT = { VaultName: 'vault', VaultArn: 'arn:aws:backup:eu-central-1:111122223333:backup-vault:vault' };

interface FakeVault {
  readonly tagged?: boolean;
  readonly points: readonly string[];
  /** How often a point is still listed after its deletion began. */
  readonly lingers?: number;
  readonly refuses?: readonly string[];
}

class FakeVaults implements Vaults {
  public readonly calls: string[] = [];
  private readonly left: Map<string, number>;

  public constructor(private readonly vault: FakeVault) {
    this.left = new Map(vault.points.map((point) => [point, vault.lingers ?? 0]));
  }

  public mayEmpty(arn: string): Promise<boolean> {
    this.calls.push(`mayEmpty ${arn}`);
    return Promise.resolve(this.vault.tagged ?? true);
  }

  public unlock(name: string): Promise<void> {
    this.calls.push(`unlock ${name}`);
    return Promise.resolve();
  }

  public list(): Promise<readonly string[]> {
    return Promise.resolve([...this.left.keys()]);
  }

  public remove(name: string, point: string): Promise<string | undefined> {
    this.calls.push(`remove ${name} ${point}`);
    if (this.vault.refuses?.includes(point)) return Promise.resolve('AccessDeniedException');
    const left = this.left.get(point) ?? 0;
    if (left > 0) this.left.set(point, left - 1);
    else this.left.delete(point);
    return Promise.resolve(undefined);
  }
}

const event = (RequestType: ResourceEvent['RequestType'], ResourceProperties: Readonly<Record<string, unknown>> = VAULT): ResourceEvent =>
  ({ RequestType, LogicalResourceId: 'Emptying', ResourceProperties });

/** Time for a number of rounds. */
function patience(rounds: number): { readonly hasTime: () => boolean; readonly pause: () => Promise<void> } {
  let left = rounds;
  return { hasTime: () => left-- > 0, pause: () => Promise.resolve() };
}

test('Deletes everything in a vault, after its lock is off', async () => {
  const vaults = new FakeVaults({ points: ['a', 'b'] });
  await handle(event('Delete'), vaults, patience(5));
  expect(vaults.calls).toEqual([`mayEmpty ${VAULT.VaultArn}`, 'unlock vault', 'remove vault a', 'remove vault b']);
});

test('Waits until what is being deleted has gone', async () => {
  const vaults = new FakeVaults({ points: ['a'], lingers: 2 });
  await handle(event('Delete'), vaults, patience(5));
  expect(vaults.calls.filter((call) => call.startsWith('remove'))).toHaveLength(3);
});

test.each(['Create', 'Update'] as const)('Touches nothing on %s', async (type) => {
  const vaults = new FakeVaults({ points: ['a'] });
  await handle(event(type), vaults, patience(5));
  expect(vaults.calls).toEqual([]);
});

test('Leaves a vault alone that is to stay: it has lost its tag', async () => {
  const vaults = new FakeVaults({ points: ['a'], tagged: false });
  await handle(event('Delete'), vaults, patience(5));
  expect(vaults.calls).toEqual([`mayEmpty ${VAULT.VaultArn}`]);
});

test('Goes on in another run where one is too short', async () => {
  await expect(handle(event('Delete'), new FakeVaults({ points: ['a'], lingers: 9 }), patience(2))).rejects.toThrow(OutOfTime);
});

test('Says what is stuck where nothing can be deleted', async () => {
  await expect(handle(event('Delete'), new FakeVaults({ points: ['a', 'b'], refuses: ['a', 'b'] }), patience(1))).rejects.toThrow(
    'Nothing in vault can be deleted, such as a: AccessDeniedException. Its lock may be final, or its policy forbids it.',
  );
});

test('Deletes what it can beside what it cannot', async () => {
  const vaults = new FakeVaults({ points: ['a', 'b'], refuses: ['a'] });
  await expect(handle(event('Delete'), vaults, patience(0))).rejects.toThrow(OutOfTime);
  expect(vaults.calls).toContain('remove vault b');
});

test.each([{}, { VaultName: 'vault' }, { VaultName: '', VaultArn: VAULT.VaultArn }])('Refuses to guess which vault is meant: %j', async (properties) => {
  await expect(handle(event('Delete', properties), new FakeVaults({ points: [] }), patience(1))).rejects.toThrow('names no vault');
});
