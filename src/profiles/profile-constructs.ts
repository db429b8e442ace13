import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Backups } from '../backup/backups';
import type { CredentialBroker } from '../broker/credential-broker';
import type { WorkerPool } from '../broker/worker-pool';
import type { AssetBucket } from '../data/asset-bucket';
import type { RedisUser } from '../data/redis-user';
import type { SecureMemcached } from '../data/secure-memcached';
import type { IPostgres } from '../data/secure-postgres';
import type { SecureRedis } from '../data/secure-redis';
import type { RotatingSecret } from '../secrets/rotating-secret';
import type { CortexModels } from './cortex/cortex-models';

/** What a profile made beside the Core, each to grant and to watch; what it does not make is not there. */
export interface ProfileConstructs {
  /**
   * The database of nodetool.
   *
   * @default - the profile has none
   */
  readonly postgres?: IPostgres;

  /**
   * The assets of nodetool.
   *
   * @default - the profile has none
   */
  readonly assets?: AssetBucket;

  /**
   * The cache of nodetool.
   *
   * @default - the profile has none
   */
  readonly memcached?: SecureMemcached;

  /**
   * What is copied, and by which role it is brought back.
   *
   * @default - the profile has none
   */
  readonly backups?: Backups;

  /**
   * The queue of tom.
   *
   * @default - the profile has none
   */
  readonly queue?: SecureRedis;

  /**
   * As whom tom logs in to its queue, and its workers with it: they use the same keys.
   *
   * @default - the profile has none
   */
  readonly queueUser?: RedisUser;

  /**
   * By which cortex and its models know each other.
   *
   * @default - the profile has none
   */
  readonly internalKey?: RotatingSecret;

  /**
   * What cortex starts and stops.
   *
   * @default - the profile has none
   */
  readonly models?: CortexModels;

  /**
   * What tom's workers sign with while they share a key.
   *
   * @default - the profile has none
   */
  readonly workerKey?: RotatingSecret;

  /**
   * What gives credentials of devices out to tom's workers.
   *
   * @default - the profile has none
   */
  readonly broker?: CredentialBroker;

  /**
   * The workers of tom that this library runs.
   *
   * @default - the profile has none
   */
  readonly workers?: WorkerPool;

  /**
   * Where callers of remote-core find its address.
   *
   * @default - the profile has none
   */
  readonly baseUrl?: ssm.IStringParameter;
}
