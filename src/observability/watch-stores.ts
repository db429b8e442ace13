import { Stack } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ICoreStore } from '../data/core-store';
import { PostgresUser } from '../data/postgres-user';
import { RedisUser } from '../data/redis-user';
import { SecureMemcached } from '../data/secure-memcached';
import { SecurePostgres } from '../data/secure-postgres';
import { type IRedis, SecureRedis } from '../data/secure-redis';
import type { SecurityAlarms } from './security-alarms';
import { tellOfUnheard } from './told';

/** What stands behind a store: a Core is given users of databases. */
function serverOf(store: ICoreStore): unknown {
  if (store instanceof PostgresUser) return store.node.scope;
  return store instanceof RedisUser ? store._server : store;
}

/** Watches what a Core keeps data in, as far as this library made it. */
export function watchStores(alarms: SecurityAlarms, counted: IRedis, stores: readonly ICoreStore[] = []): void {
  for (const store of [counted, ...stores.map(serverOf)]) {
    if (store instanceof SecurePostgres) alarms.watchPostgres(store);
    if (store instanceof SecureRedis) alarms.watchRedis(store);
    if (store instanceof SecureMemcached) alarms.watchMemcached(store);
  }
}

/** Has the Core's topic told of what the Core holds, where whoever made that named nobody (MON-6). */
export function tellOfHeld(topic: ITopic, secrets: readonly ISecret[], stores: readonly ICoreStore[] = []): void {
  const held = [...stores, ...stores.map(serverOf), ...secrets.map(({ node }) => node.scope)];
  // Of a secret that stands by itself in a stack, everything else there is none of the Core's.
  for (const one of new Set<unknown>(held)) if (Construct.isConstruct(one) && !Stack.isStack(one)) tellOfUnheard(one, topic);
}
