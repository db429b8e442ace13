/**
 * What the gate's user may do in Redis: call the limiter's script, and what that calls in turn, since an ACL counts those too (Redis, "ACL").
 *
 * Nothing that lists, reads or removes the keys of others, and nothing that changes the server. `client|setinfo` is missing on purpose: Redis 7.0
 * does not know it, and refuses a whole user for one unknown command.
 */
export const GATE_REDIS_COMMANDS: string[] = ['eval', 'evalsha', 'time', 'llen', 'lrange', 'lpop', 'lpush', 'rpush', 'pexpire'];
