import type { Construct } from 'constructs';
import type { RedisUser } from '../../data/redis-user';
import { type IRedis, SecureRedis } from '../../data/secure-redis';
import type { ProfileContext } from '../parts';

/** The document says that the program counts in Redis, and not how (CX-25): this is what windows, buckets and open streams are counted by. None lists keys, or changes the server. */
const COMMANDS: string[] = [
  // A number for each caller, and what ends with a window.
  'get', 'set', 'setex', 'incr', 'incrby', 'decr', 'decrby', 'del', 'exists', 'expire', 'pexpire', 'ttl', 'pttl',
  // A window that slides.
  'zadd', 'zcard', 'zcount', 'zrange', 'zrangebyscore', 'zrem', 'zremrangebyscore', 'zscore',
  // A bucket.
  'hget', 'hset', 'hmget', 'hgetall', 'hincrby', 'hdel',
  // Several of these at once, and what clients say when they connect.
  'multi', 'exec', 'discard', 'watch', 'unwatch', 'eval', 'evalsha', 'script|load', 'script|exists', 'time', 'ping', 'client|setname',
];

export interface CortexLimiter {
  /** That of the gate as well: tasks of both have one network interface, and each sees its own keys alone. */
  readonly redis: IRedis;
  /** As whom the program logs in. */
  readonly user: RedisUser;
}

/** Where the program counts its callers, so that all its tasks count together (CX-25, RTL-2). */
export function cortexLimiter(parent: Construct, commands = COMMANDS, { redis: brought, network, size, encryptionKey, alarmTopic }: ProfileContext): CortexLimiter {
  if (!brought) {
    const redis = new SecureRedis(parent, 'Redis', { network, size, encryptionKey, alarmTopic });
    return { redis, user: redis.addUser('Cortex', { keyPrefix: 'cortex', commands }) };
  }
  // Several may share one, and each counts by itself.
  const own = parent.node.addr.slice(-8);
  return { redis: brought, user: brought.addUser(`Cortex${own}`, { keyPrefix: `cortex-${own}`, commands }) };
}
