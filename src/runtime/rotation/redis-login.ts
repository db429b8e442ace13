import { createClient, ErrorReply } from '@redis/client';
import type { RedisUserRotation } from '../../secrets/contract';
import { TimedOut, within } from '../shared/within';
import { RotationError } from './ports';
import type { RedisLogin } from './redis-users';

/** To be connected, greeted by TLS and logged in; a node of ElastiCache that answers at all does so in milliseconds. Our figure. */
const LOGIN_MS = 5000;

/** As Redis and Valkey say that a user is not let in, whether the password is wrong or the user is off or unknown. */
const NOT_LET_IN = 'WRONGPASS';

/**
 * Logs in over TLS and leaves. Nothing is asked but `AUTH`, which everybody may: a user has the commands that it needs and no others.
 *
 * @param ca authorities that may vouch for the server, as PEM. @default - those that Node knows; Amazon's are among them
 */
export function redisLogin({ host, port, userName }: Pick<RedisUserRotation, 'host' | 'port' | 'userName'>, ca?: string): RedisLogin {
  return async (password) => {
    const client = createClient({
      username: userName,
      password,
      disableOfflineQueue: true,
      // Either would be told by a command that the user may not use, and that Redis 7.0 does not know.
      disableClientInfo: true,
      maintNotifications: 'disabled',
      socket: { host, port, tls: true, ca, connectTimeout: LOGIN_MS, reconnectStrategy: false },
    });
    // It is rejected as well, and heard there.
    client.on('error', () => undefined);
    try {
      await within(LOGIN_MS, () => client.connect());
      return true;
    } catch (error) {
      if (error instanceof ErrorReply && error.message.startsWith(NOT_LET_IN)) return false;
      throw new RotationError('REDIS_UNREACHABLE', `Nobody can log in to Redis at ${host}:${port}: ${reasonOf(error)}.`);
    } finally {
      if (client.isOpen) client.destroy();
    }
  };
}

/** As Redis begins what it refuses with: `LOADING`, `NOPERM`. */
const REFUSAL = /^[A-Z]{2,32}(?= |$)/;

/** A code: what an error says may repeat what was sent, and the names of classes do not survive being bundled. */
function reasonOf(error: unknown): string {
  if (error instanceof TimedOut) return `no answer within ${LOGIN_MS / 1000} s`;
  if (error instanceof ErrorReply) return REFUSAL.exec(error.message)?.[0] ?? 'it refuses';
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' && /^\w{2,64}$/.test(error.code) ? error.code : 'the connection was cut';
}
