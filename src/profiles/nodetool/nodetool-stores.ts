import { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BackupCopy } from '../../backup/backup-copy';
import { BackupSource } from '../../backup/backup-source';
import { Backups } from '../../backup/backups';
import { AssetBucket } from '../../data/asset-bucket';
import type { ICoreStore } from '../../data/core-store';
import type { SecureMemcached } from '../../data/secure-memcached';
import { type IPostgres, SecurePostgres } from '../../data/secure-postgres';
import type { SecureCore } from '../../secure-core';
import type { ProfileContext } from '../parts';

/** What NodeTool calls its database and the role that it uses it as (NT-40). */
const DATABASE = 'nodetool';
const ROLE = 'nodetool_user';

/** How much may be lost, and how long bringing it back may take: our figures, since the document asks for a plan and names none (NT-73). */
const RPO = Duration.minutes(15);
const RTO = Duration.hours(8);

/** What is there already. */
export interface GivenStores {
  readonly postgres?: IPostgres;
  readonly assets?: AssetBucket;
  readonly memcached?: SecureMemcached;
}

/** Where NodeTool keeps what. */
export interface NodeToolStores {
  readonly postgres: IPostgres;
  readonly assets: AssetBucket;
  readonly memcached?: SecureMemcached;
  readonly used: readonly ICoreStore[];
}

/** Makes what is not given (NT-39, NT-45); a cache is no must (NT-72). */
export function storesOf(parent: Construct, given: GivenStores, { network, size, encryptionKey, alarmTopic }: ProfileContext): NodeToolStores {
  const { memcached } = given;
  const postgres = given.postgres ?? new SecurePostgres(parent, 'Postgres', { network, database: DATABASE, size, encryptionKey, alarmTopic });
  const assets = given.assets ?? new AssetBucket(parent, 'Assets', { size, encryptionKey });
  const user = postgres.addUser('NodeTool', { role: ROLE });
  return { postgres, assets, memcached, used: [user, assets, ...(memcached ? [memcached] : [])] };
}

/** Who may bring data back, and where else it is kept. */
export interface BackupChoices {
  readonly restorers: iam.IRole[];
  readonly backupCopy?: BackupCopy;
}

/** Backs up what nobody else has: the gate's keys and revocations as well (NT-44, NT-73). A database that somebody else looks after is backed up by whoever does. */
export function backupsOf(core: SecureCore, parent: Construct, { postgres, assets }: NodeToolStores, { restorers, backupCopy }: BackupChoices, { size, alarmTopic }: ProfileContext): Backups {
  const database = postgres instanceof SecurePostgres ? [BackupSource.postgres(postgres)] : [];
  return new Backups(parent, 'Backups', {
    size,
    sources: [...database, BackupSource.assets(assets), BackupSource.gateTable(core.gate.table)],
    rpo: RPO,
    rto: RTO,
    restorers,
    copy: backupCopy,
    alarmTopic,
  });
}
