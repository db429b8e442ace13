import type { OpenKind } from './kind';
import { openPostgresUser } from './postgres-kind';
import { openRedisUser } from './redis-kind';
import { openRing } from './ring-kind';
import { openWorkers } from './worker-kind';

/** Every kind of secret that rotates, by a name for a command line. */
export const LOAD_KINDS: readonly (readonly [name: string, open: OpenKind])[] = [
  ['ring-hex', openRing('hex')],
  ['ring-base64url', openRing('base64url')],
  ['redis-user', openRedisUser],
  ['postgres-user', openPostgresUser],
  ['worker', openWorkers],
];
