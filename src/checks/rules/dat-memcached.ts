import { defineRule, expect, NOT_APPLICABLE } from '../rule';
import type { Resource } from '../template/resource';
import { isReachedByPrograms } from './databases';
import { GROUPS_OF } from './net-store-access';

const CACHE_CLUSTER = 'AWS::ElastiCache::CacheCluster';
const SERVERLESS_CACHE = 'AWS::ElastiCache::ServerlessCache';

const isMemcached = (cache: Resource): boolean => cache.prop('Engine').text()?.toLowerCase() === 'memcached';

/** A serverless cache always speaks TLS (ElastiCache guide, "In-transit encryption"). */
const transit = defineRule('DAT-5', 'transit', {
  appliesTo: [CACHE_CLUSTER],
  remediation: 'Set TransitEncryptionEnabled to true, which memcached has from version 1.6.12, or take Redis, which knows its callers by name.',
  check(cache) {
    if (!isMemcached(cache)) return NOT_APPLICABLE;
    const place = cache.prop('TransitEncryptionEnabled');
    return expect(place.flag() ?? false, place, 'is not true, so everything that is cached goes in plain text');
  },
});

/** Nobody logs in to a memcached: who reaches it reads and writes everything. */
const reach = defineRule('DAT-5', 'reach', {
  appliesTo: [CACHE_CLUSTER, SERVERLESS_CACHE],
  remediation: 'Let the cache\'s security group take traffic from the groups of the programs that use it, at its port, and from nothing else.',
  check: (cache, graph) => (isMemcached(cache) ? isReachedByPrograms(cache.prop(GROUPS_OF.get(cache.type) ?? ''), graph, 'cache') : NOT_APPLICABLE),
});

export const DAT_MEMCACHED_RULES = [transit, reach];
