/**
 * What no pattern of keys holds back (Redis, "ACL": key permissions are about the keys that a command names): who may call one of these sees or removes the keys of others, or changes the
 * server for everybody. A name stands for all that it has below it, such as `config|set`.
 */
const UNBOUNDED: ReadonlySet<string> = new Set([
  'flushall', 'flushdb', 'swapdb', 'keys', 'scan', 'randomkey', 'dbsize', 'acl', 'config', 'debug', 'module', 'monitor', 'shutdown', 'failover', 'replicaof', 'slaveof', 'psync', 'sync', 'migrate',
  'save', 'bgsave', 'bgrewriteaof', 'latency', 'slowlog', 'script', 'script|flush', 'script|kill', 'script|debug', 'function', 'client', 'client|kill', 'client|list', 'client|pause', 'client|unpause',
  'client|unblock', 'client|no-evict', 'cluster', 'cluster|reset', 'cluster|forget', 'cluster|failover', 'cluster|meet',
]);

/** Names whose every part is refused; of others only what is listed, so that a client may say its own name. */
const WHOLE: readonly string[] = ['acl', 'config', 'debug', 'module', 'latency', 'slowlog', 'function'];

export function isUnbounded(command: string): boolean {
  return UNBOUNDED.has(command) || WHOLE.some((name) => command.startsWith(`${name}|`));
}
