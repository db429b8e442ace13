import type { KeepingAttack } from '../attack';
import { BUCKET_ATTACKS } from './buckets';
import { DURABLE_ATTACKS } from './durable';
import { MASTER_KEY_ATTACKS } from './master-key';
import { READ_ATTACKS } from './reads';
import { RIGHTS_ATTACKS } from './rights';
import { ROLLOUT_ATTACKS } from './rollout';
import { ROTATION_ATTACKS } from './rotation';
import { STATIC_KEY_ATTACKS } from './static-keys';
import { STORE_ATTACKS } from './stores';
import { STRANGER_ATTACKS } from './strangers';
import { STRENGTH_ATTACKS } from './strength';
import { VISIBLE_ATTACKS } from './visible';

/** In the order in which they are carried out: what takes something away comes last. */
export const KEEPING_ATTACKS: readonly KeepingAttack[] = [
  ...VISIBLE_ATTACKS, ...RIGHTS_ATTACKS, ...STRENGTH_ATTACKS, ...STATIC_KEY_ATTACKS, ...READ_ATTACKS, ...DURABLE_ATTACKS, ...STORE_ATTACKS, ...STRANGER_ATTACKS, ...BUCKET_ATTACKS,
  ...ROLLOUT_ATTACKS, ...ROTATION_ATTACKS, ...MASTER_KEY_ATTACKS,
];
