import { BackupClient, BackupServiceException } from '@aws-sdk/client-backup';
import { EMPTIED_VAULT_TAG } from '../../../src/backup/contract';
import { AwsVaults } from '../../../src/runtime/vault-emptying/aws-vaults';

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

/** A client that answers every command with the same, or fails. */
function answering(answer: object): { readonly vaults: AwsVaults; readonly sent: (readonly [string, unknown])[] } {
  const sent: (readonly [string, unknown])[] = [];
  const client = new BackupClient({ region: 'eu-central-1' });
  Object.assign(client, {
    send: (command: Sent) => {
      sent.push([command.constructor.name, command.input]);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  return { vaults: new AwsVaults(client), sent };
}

const failing = (name: string): ReturnType<typeof answering> => answering(new BackupServiceException({ name, $fault: 'client', $metadata: {}, message: 'no' }));

test('A vault may be emptied by its tag alone', async () => {
  await expect(answering({ Tags: { [EMPTIED_VAULT_TAG]: 'true' } }).vaults.mayEmpty('arn')).resolves.toBe(true);
  await expect(answering({ Tags: { [EMPTIED_VAULT_TAG]: 'false' } }).vaults.mayEmpty('arn')).resolves.toBe(false);
  await expect(answering({}).vaults.mayEmpty('arn')).resolves.toBe(false);
  await expect(failing('ResourceNotFoundException').vaults.mayEmpty('arn')).resolves.toBe(false);
  await expect(failing('AccessDeniedException').vaults.mayEmpty('arn')).rejects.toThrow('no');
});

test('A lock is taken off, if there is one', async () => {
  const { vaults, sent } = answering({});
  await vaults.unlock('vault');
  expect(sent).toEqual([['DeleteBackupVaultLockConfigurationCommand', { BackupVaultName: 'vault' }]]);
  await expect(failing('ResourceNotFoundException').vaults.unlock('vault')).resolves.toBeUndefined();
  await expect(failing('InvalidRequestException').vaults.unlock('vault')).rejects.toThrow('no');
});

test('Recovery points are known by their ARNs', async () => {
  await expect(answering({ RecoveryPoints: [{ RecoveryPointArn: 'a' }, {}, { RecoveryPointArn: 'b' }] }).vaults.list('vault')).resolves.toEqual(['a', 'b']);
  await expect(answering({}).vaults.list('vault')).resolves.toEqual([]);
});

test('What is gone or on its way is no failure; what is refused is told by its name', async () => {
  const { vaults, sent } = answering({});
  await expect(vaults.remove('vault', 'point')).resolves.toBeUndefined();
  expect(sent).toEqual([['DeleteRecoveryPointCommand', { BackupVaultName: 'vault', RecoveryPointArn: 'point' }]]);
  await expect(failing('ResourceNotFoundException').vaults.remove('vault', 'point')).resolves.toBeUndefined();
  await expect(failing('InvalidResourceStateException').vaults.remove('vault', 'point')).resolves.toBeUndefined();
  await expect(failing('AccessDeniedException').vaults.remove('vault', 'point')).resolves.toBe('AccessDeniedException');
  await expect(answering(new Error('no network')).vaults.remove('vault', 'point')).rejects.toThrow('no network');
});
