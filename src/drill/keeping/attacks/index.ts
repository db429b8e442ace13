import type { KeepingAttack } from '../attack';
import { ARCHIVE_ACCESS_ATTACKS } from './archive-access';
import { ARCHIVE_DAYS_ATTACKS } from './archive-days';
import { BACKUP_ATTACKS } from './backups';
import { BUCKET_ATTACKS } from './buckets';
import { CREDENTIAL_READ_ATTACKS } from './credential-reads';
import { DELIVERED_ATTACKS } from './delivered';
import { DURABLE_ATTACKS } from './durable';
import { EXPORTED_ATTACKS } from './exported';
import { IMMUTABLE_ATTACKS } from './immutable';
import { LOG_SINK_ATTACKS } from './log-sink';
import { MASTER_KEY_ATTACKS } from './master-key';
import { MODEL_ATTACKS } from './models';
import { OBSERVED_ATTACKS } from './observed';
import { READ_ATTACKS } from './reads';
import { RECOVERY_ATTACKS } from './recovery';
import { RESTART_ATTACKS } from './restarts';
import { RIGHTS_ATTACKS } from './rights';
import { ROLLOUT_ATTACKS } from './rollout';
import { ROTATION_ATTACKS } from './rotation';
import { SAVED_QUERY_ATTACKS } from './saved-queries';
import { STATIC_KEY_ATTACKS } from './static-keys';
import { STORE_ATTACKS } from './stores';
import { STRANGER_ATTACKS } from './strangers';
import { STRENGTH_ATTACKS } from './strength';
import { VAULT_ATTACKS } from './vaults';
import { VISIBLE_ATTACKS } from './visible';
import { WORKER_CANARY_ATTACKS } from './worker-canaries';
import { WORKER_DETOUR_ATTACKS } from './worker-detours';
import { WORKER_JOB_ATTACKS } from './worker-jobs';
import { WORKER_KEY_ATTACKS } from './worker-keys';
import { WORKER_LEASE_ATTACKS } from './worker-leases';
import { WORKER_RECORD_ATTACKS } from './worker-records';
import { WORKER_REPLAY_ATTACKS } from './worker-replays';
import { WORKER_STRANGER_ATTACKS } from './worker-strangers';

/** On what keeps records of what happened. */
export const TRAIL_ATTACKS: readonly KeepingAttack[] = [
  ...ARCHIVE_DAYS_ATTACKS, ...DELIVERED_ATTACKS, ...SAVED_QUERY_ATTACKS, ...LOG_SINK_ATTACKS, ...CREDENTIAL_READ_ATTACKS, ...ARCHIVE_ACCESS_ATTACKS, ...IMMUTABLE_ATTACKS,
];

/** On what comes back after it was lost: backups, vaults, zones, tasks. */
export const COMING_BACK_ATTACKS: readonly KeepingAttack[] = [...BACKUP_ATTACKS, ...VAULT_ATTACKS, ...RECOVERY_ATTACKS, ...RESTART_ATTACKS];

/** On what lends credentials to workers. */
export const WORKER_ATTACKS: readonly KeepingAttack[] = [
  ...WORKER_STRANGER_ATTACKS, ...WORKER_JOB_ATTACKS, ...WORKER_REPLAY_ATTACKS, ...WORKER_DETOUR_ATTACKS, ...WORKER_CANARY_ATTACKS, ...WORKER_RECORD_ATTACKS, ...WORKER_KEY_ATTACKS,
  ...WORKER_LEASE_ATTACKS,
];

/** In the order in which they are carried out: what takes something away comes last. */
export const KEEPING_ATTACKS: readonly KeepingAttack[] = [
  ...VISIBLE_ATTACKS, ...EXPORTED_ATTACKS, ...OBSERVED_ATTACKS,
  ...RIGHTS_ATTACKS, ...MODEL_ATTACKS, ...STRENGTH_ATTACKS, ...STATIC_KEY_ATTACKS, ...READ_ATTACKS, ...DURABLE_ATTACKS, ...STORE_ATTACKS, ...STRANGER_ATTACKS, ...BUCKET_ATTACKS,
  ...TRAIL_ATTACKS, ...COMING_BACK_ATTACKS, ...WORKER_ATTACKS, ...ROLLOUT_ATTACKS, ...ROTATION_ATTACKS, ...MASTER_KEY_ATTACKS,
];
