import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { SecureMemcached } from '../data/secure-memcached';
import type { SecurePostgres } from '../data/secure-postgres';
import type { SecureRedis } from '../data/secure-redis';
import type { AlarmName } from './alarm-facts';

/** What one alarm of a store looks at. */
export interface StoreReading {
  readonly name: AlarmName;
  /** Tells the alarms of several shards apart. @default - there is one */
  readonly suffix?: string;
  readonly read: (period: Duration) => cloudwatch.IMetric;
}

const GIB = 1024 ** 3;

export function postgresReadings(postgres: SecurePostgres): StoreReading[] {
  const { storage, connections } = postgres._room;
  const percent = (metric: cloudwatch.Metric, of: number, period: Duration, label: string): cloudwatch.IMetric => (
    new cloudwatch.MathExpression({ expression: `100 * m1 / ${of}`, usingMetrics: { m1: metric }, period, label })
  );
  return [
    { name: 'PostgresStorage', read: (period) => percent(postgres.metricFreeStorageSpace({ period }), storage * GIB, period, '% free') },
    { name: 'PostgresCpu', read: (period) => postgres.metricCpuUtilization({ period }) },
    { name: 'PostgresConnections', read: (period) => percent(postgres.metricConnections({ period }), connections, period, '% of connections') },
  ];
}

/** Shard by shard, since an alarm takes ten nodes at most. */
export function redisReadings(redis: SecureRedis): StoreReading[] {
  return redis._shards.flatMap((nodes, index) => {
    const shard = index + 1;
    const suffix = index === 0 ? undefined : String(shard);
    return [
      { name: 'RedisMemory', suffix, read: (period: Duration) => redis.metricMemoryUsage({ period }, shard) },
      { name: 'RedisCpu', suffix, read: (period: Duration) => redis.metricEngineCpuUtilization({ period }, shard) },
      ...(nodes.length > 1 ? [{ name: 'RedisReplicationLag' as const, suffix, read: (period: Duration) => redis.metricReplicationLag({ period }, shard) }] : []),
    ] satisfies StoreReading[];
  });
}

export function memcachedReadings(memcached: SecureMemcached): StoreReading[] {
  return [{ name: 'MemcachedCpu', read: (period) => memcached.metricCpuUtilization({ period }) }];
}
