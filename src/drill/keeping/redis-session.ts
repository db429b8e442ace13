import { createClient } from '@redis/client';
import type { AclUser, RunningRedis } from '../services/redis';

/** One command. */
export type AskRedis = (...command: string[]) => Promise<unknown>;

/** Logs in over TLS, asks once, and goes. @param user nobody where it is left out: then it asks without a login */
export function redisSession({ host, port, caPem }: Pick<RunningRedis, 'host' | 'port' | 'caPem'>, user?: Pick<AclUser, 'userName' | 'password'>): AskRedis {
  return async (...command) => {
    const client = createClient({
      username: user?.userName,
      password: user?.password,
      socket: { host, port, tls: true, ca: caPem, reconnectStrategy: false },
      disableClientInfo: true,
      maintNotifications: 'disabled',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.sendCommand(command);
    } finally {
      if (client.isOpen) client.destroy();
    }
  };
}
