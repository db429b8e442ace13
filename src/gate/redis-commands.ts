/**
 * What the gate's user may do in Redis: call the gate's scripts, and what these call in turn, since an ACL counts that too (Redis, "ACL").
 *
 * Nothing that lists, reads or removes the keys of others, and nothing that changes the server. `client|setinfo` is missing on purpose: Redis 7.0
 * does not know it, and refuses a whole user for one unknown command.
 */
export const GATE_REDIS_COMMANDS: string[] = [
  'eval', 'evalsha', 'time', 'pexpire',
  // Budgets (RTL-2, RTL-3): lists.
  'llen', 'lrange', 'lpop', 'lpush', 'rpush',
  // Leases of streams (RTL-4): sorted sets.
  'zadd', 'zcard', 'zrange', 'zrangebyscore', 'zrem', 'zremrangebyscore', 'zscore',
  // Which gates are there, so that one that was killed is missed (AUD-1): a hash.
  'hgetall', 'hset', 'hdel',
  // Where the keys of a cluster are, and where those that are being moved.
  'cluster|slots', 'asking',
];
