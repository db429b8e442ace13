import { DescribeBackupVaultCommand } from '@aws-sdk/client-backup';
import { CHANGING_VAULT, TAKING_AWAY } from '../../../backup/contract';
import { isKept } from '../../../checks/rules/bdr-coverage';
import type { Resource } from '../../../checks/template/resource';
import type { JsonMap } from '../../../checks/template/template';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { keepingClients } from '../clients';
import { administrator, type Asker, outsider, role, root } from '../recovery/askers';
import { mapsIn, mapOf, textsIn } from '../recovery/reading';
import { statementsOf } from '../recovery/resource-policy';
import { VaultLock } from '../recovery/vault-lock';
import { LOCK_ALWAYS_LIFTED, LOCK_NEVER_PUT_ON, LOCKED_FOR_A_DAY, VAULT_FOR_EVERYBODY, VAULT_KEY_GONE, VAULT_OPEN, VAULT_READ_BY_ALL } from '../recovery-saboteurs';
import type { KeepingScene } from '../scene';
import { BACKUP_VAULT, ROLE } from '../types';

/** BDR-1's week. */
const LEAST_DAYS = 7;
/** On which every lock can still be lifted. */
const FIRST_DAY = 1;
/** When nobody should be able to any more, our figure: a month is enough to find out that a lock was a mistake. */
const MONTH_LATER = 31;
/** Another account, which nobody here knows. */
const OUTSIDER = '444455556666';

/** What gives a recovery point's data away (service authorization reference, "AWS Backup"). */
const GIVING_AWAY = ['backup:StartRestoreJob', 'backup:CopyFromBackupVault'];
const CHANGING_POLICY = ['backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultAccessPolicy'];
const DELETING = /^backup:(\*|Delete(\*|RecoveryPoint))$/;
const LIFTING_LOCK = ['backup:PutBackupVaultLockConfiguration', 'backup:DeleteBackupVaultLockConfiguration'];
/** Roles that only it may take are AWS Backup's own hands, and no program's. */
const BACKUP_SERVICE = 'backup.amazonaws.com';

const vaults = (model: KeepingModel): KeepingTarget[] => resourcesIn(model, [BACKUP_VAULT]);

/** Recovery points, each called as its service does (service authorization reference, "AWS Backup": resource types). */
function pointsIn({ region, account }: KeepingScene): string[] {
  return [['backup', 'recovery-point:drill'], ['rds', 'snapshot:awsbackup:job-drill'], ['dynamodb', 'table/drill/backup/drill']].map((names) => `arn:aws:${names.join(`:${region}:${account}:`)}`);
}

function vaultArn(scene: KeepingScene, vault: Resource): string {
  const name = scene.id(vault);
  if (name === undefined) throw new Error(`the emulator has no vault for ${vault.logicalId}.`);
  return `arn:aws:backup:${scene.region}:${scene.account}:backup-vault:${name}`;
}

const policyOf = (scene: KeepingScene, vault: Resource): readonly JsonMap[] => statementsOf(scene.propertiesOf(vault).AccessPolicy);

/** Roles of the templates that have an ARN here, with the services that may take each. */
function rolesIn(scene: KeepingScene): { readonly asker: Asker; readonly services: readonly string[] }[] {
  return scene.graph.ofType(ROLE).flatMap((resource) => {
    const arn = scene.id(resource, 'Arn');
    const services = mapsIn(mapOf(scene.propertiesOf(resource).AssumeRolePolicyDocument).Statement).flatMap(({ Principal }) => textsIn(mapOf(Principal).Service));
    return arn === undefined ? [] : [{ asker: role(scene, resource.logicalId, arn), services }];
  });
}

/** Whoever empties a vault that goes with its stack is named as the one who is not denied. */
const isExcepted = (policy: readonly JsonMap[], { arn }: Asker): boolean => policy.some(({ Action, Condition }) => (
  textsIn(Action).some((action) => DELETING.test(action)) && JSON.stringify(Condition ?? null).includes(`"${arn}"`)
));

/** Opens the policy, lifts the lock and takes a point away, as far as somebody comes on the first day; undefined where he does not come to an end. */
async function takenAwayBy(scene: KeepingScene, vault: Resource, asker: Asker): Promise<string | undefined> {
  const [arn, policy, lock] = [vaultArn(scene, vault), policyOf(scene, vault), VaultLock.of(scene.propertiesOf(vault))];
  const changing = await asker.allowed(policy, CHANGING_VAULT, arn);
  const isOpened = changing.some((action) => CHANGING_POLICY.includes(action));
  const left = isOpened ? [] : policy;
  const unlocking = isOpened ? await asker.allowed([], CHANGING_VAULT, arn) : changing;
  const isLocked = lock !== undefined && !(lock.canBeLifted(FIRST_DAY) && unlocking.some((action) => LIFTING_LOCK.includes(action)));
  for (const point of pointsIn(scene)) {
    const [taking] = await asker.allowed(left, TAKING_AWAY, point);
    if (taking === undefined) continue;
    scene.note(`${asker.name}: ${taking} at ${point}${isLocked ? ', which the lock refuses' : ''}`);
    if (!isLocked) return `${asker.name} ${isOpened ? 'opens the vault\'s policy and ' : ''}may ${taking}.`;
  }
  return undefined;
}

export const VAULT_ATTACKS = [
  defineKeepingAttack('BDR-2', 'taken-away', {
    isAlone: true,
    tries: [
      'On the day on which the vault was made, as every role of the templates, as an administrator of the account and as its root: opens the vault\'s policy, lifts its lock, and deletes, releases',
      'or shortens a recovery point',
    ].join(' '),
    expects: 'All are refused, but for whoever empties a vault that goes with its stack. Policies by the emulator\'s simulator, the vault\'s among them; the lock by what AWS says of it.',
    evidence: 'template-intent',
    needs: 'backup vault',
    targets: vaults,
    run: async (target, scene) => {
      const vault = scene.now(target);
      const policy = policyOf(scene, vault);
      const roles = rolesIn(scene).map(({ asker }) => asker).filter((asker) => isKept(vault) || !isExcepted(policy, asker));
      const everybody = [...roles, await administrator(scene), root(scene)];
      for (const asker of everybody) {
        const found = await takenAwayBy(scene, vault, asker);
        if (found !== undefined) return { verdict: 'succeeded', saw: found };
      }
      return { verdict: 'withstood', saw: `None of ${everybody.length} takes a recovery point away.` };
    },
    saboteurs: [VAULT_OPEN],
  }),
  defineKeepingAttack('BDR-2', 'lock-lifted', {
    tries: `As somebody whom every policy lets do everything, ${MONTH_LATER} days after the vault was made: takes the lock off, and has what a plan makes from then on expire at once`,
    expects: `Both are refused: the lock is final, and takes nothing that is kept for less than ${LEAST_DAYS} days. It is played by what AWS says of it: the emulator keeps none.`,
    evidence: 'template-intent',
    needs: 'backup vault that is kept when its stack goes',
    targets: (model) => resourcesIn(model, [BACKUP_VAULT], isKept),
    run: (target, scene) => {
      const lock = VaultLock.of(scene.propertiesOf(scene.now(target)));
      if (lock === undefined) return Promise.resolve({ verdict: 'succeeded', saw: 'There is no lock, so whoever may delete recovery points deletes them.' });
      if (lock.canBeLifted(MONTH_LATER)) return Promise.resolve({ verdict: 'succeeded', saw: 'The lock is not final yet, so he takes it off.' });
      if (lock.takes(LEAST_DAYS - 1)) return Promise.resolve({ verdict: 'succeeded', saw: `The lock takes backups that are kept for ${lock.least} days, so a changed plan has them expire.` });
      return Promise.resolve({ verdict: 'withstood', saw: `Nobody lifts it any more, and what is made is kept for ${lock.least} days at least.` });
    },
    saboteurs: [LOCK_NEVER_PUT_ON, LOCK_ALWAYS_LIFTED, LOCKED_FOR_A_DAY],
  }),
  defineKeepingAttack('BDR-2', 'read', {
    isAlone: true,
    tries: 'Restores a recovery point, and copies it out, with every role that programs have, and as somebody of another account',
    expects: 'All are refused. Policies by the emulator\'s simulator, the vault\'s among them.',
    evidence: 'template-intent',
    needs: 'backup vault',
    targets: vaults,
    run: async (target, scene) => {
      const vault = scene.now(target);
      const outside = keepingClients(scene, { accessKeyId: OUTSIDER, secretAccessKey: 'test' });
      try {
        const programs = rolesIn(scene).filter(({ services }) => services.some((service) => service !== BACKUP_SERVICE)).map(({ asker }) => asker);
        const askers = [...programs, outsider(outside, OUTSIDER)];
        for (const asker of askers) {
          for (const resource of [vaultArn(scene, vault), ...pointsIn(scene)]) {
            const [giving] = await asker.allowed(policyOf(scene, vault), GIVING_AWAY, resource);
            if (giving !== undefined) return { verdict: 'succeeded', saw: `${asker.name} may ${giving}.` };
          }
        }
        return { verdict: 'withstood', saw: `None of ${askers.length} restores it or copies it out.` };
      } finally {
        outside.close();
      }
    },
    saboteurs: [VAULT_READ_BY_ALL, VAULT_FOR_EVERYBODY],
  }),
  defineKeepingAttack('BDR-2', 'whose-key', {
    tries: 'Asks the emulator which key encrypts what is in the vault',
    expects: 'It is a key of the account\'s own, not the one of AWS that whoever reads backups may use.',
    evidence: 'template-intent',
    needs: 'backup vault',
    targets: vaults,
    run: async (target, scene) => {
      const { EncryptionKeyArn: key = '' } = await scene.aws.backup.send(new DescribeBackupVaultCommand({ BackupVaultName: scene.id(scene.now(target)) }));
      return key === '' || /(^|:)alias\/aws\//.test(key)
        ? { verdict: 'succeeded', saw: 'A key of AWS encrypts it, whose policy nobody can narrow.' } : { verdict: 'withstood', saw: 'A key of the account\'s own encrypts it.' };
    },
    saboteurs: [VAULT_KEY_GONE],
  }),
] as const;
