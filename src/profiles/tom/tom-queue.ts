import type { Construct } from 'constructs';
import type { RedisUser } from '../../data/redis-user';
import { SecureRedis } from '../../data/secure-redis';
import type { ProfileContext } from '../parts';
import type { TomQueueProps } from './tom-props';

/** Which library tom's queue is of no document says, so this is what such libraries are made of: no command lists keys, removes those of others or changes the server. */
const COMMANDS: string[] = [
  // Keys by their name, and their end.
  'get', 'set', 'setex', 'setnx', 'getdel', 'mget', 'incr', 'incrby', 'decr', 'del', 'unlink', 'exists', 'type', 'expire', 'pexpire', 'persist', 'ttl', 'pttl',
  // Jobs that wait, in order.
  'llen', 'lpush', 'rpush', 'lpop', 'rpop', 'lrange', 'lrem', 'lindex', 'ltrim', 'lmove', 'blmove', 'blpop', 'brpop', 'rpoplpush', 'brpoplpush',
  // Jobs by their time.
  'zadd', 'zcard', 'zcount', 'zrange', 'zrangebyscore', 'zrem', 'zremrangebyscore', 'zscore', 'zpopmin', 'bzpopmin',
  // What a job is, and who works on it.
  'hset', 'hsetnx', 'hget', 'hmget', 'hgetall', 'hdel', 'hexists', 'hincrby', 'sadd', 'srem', 'smembers', 'sismember', 'scard',
  // Streams with groups of consumers.
  'xadd', 'xack', 'xautoclaim', 'xclaim', 'xdel', 'xgroup|create', 'xinfo|groups', 'xlen', 'xpending', 'xrange', 'xread', 'xreadgroup', 'xtrim',
  // Several of these at once, and what clients say when they connect.
  'multi', 'exec', 'discard', 'watch', 'unwatch', 'eval', 'evalsha', 'script|load', 'script|exists', 'time', 'ping', 'client|setname',
];

export interface TomQueue {
  readonly server: SecureRedis;
  /** As whom tom and its workers log in. */
  readonly user: RedisUser;
}

/** The queue by which tom hands jobs to workers: ids of credentials go through it, and no credential (TS-05, TS-08). */
export function tomQueue(parent: Construct, { keyPrefix = 'tom', commands = COMMANDS }: TomQueueProps, { network, size, alarmTopic, encryptionKey }: ProfileContext): TomQueue {
  const server = new SecureRedis(parent, 'Queue', { network, size, alarmTopic, encryptionKey });
  return { server, user: server.addUser('Tom', { keyPrefix, commands }) };
}
