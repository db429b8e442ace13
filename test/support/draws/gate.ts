import { Size as ByteSize } from 'aws-cdk-lib';
import {
  CoreImage, GateTable, type KeySetFetchProps, type LocalCountOptions, type MetricsOptions, type ProfiledGateOptions, type RateLimits, RateOverride, RatePlan, type RatePlanProps,
  RedisLoss, SecureRedis,
} from '../../../src';
import { built, type Draw, type DrawsOf, factoriesOf, flag, listOf, mapped, perhaps, propsOf, text, whole } from './draw';
import { aGroup, aSecret, networkOf, REGION, seconds } from './values';

const limits: DrawsOf<RateLimits> = {
  perSecond: perhaps(whole(1, 100)),
  burst: perhaps(whole(100, 200), 30),
  window: perhaps(seconds(60, 300), 30),
  heavyPerMinute: perhaps(whole(1, 100)),
  heavyBurst: perhaps(whole(1, 30), 20),
  streams: perhaps(whole(1, 100)),
};
const someLimits = propsOf<RateLimits>('RateLimits', limits);

const aLoss: Draw<RedisLoss> = factoriesOf<typeof RedisLoss, RedisLoss>('RedisLoss', {
  refuse: built('refuse', () => RedisLoss.refuse()),
  countLocally: mapped(propsOf<LocalCountOptions>('LocalCountOptions', { gates: perhaps(whole(20, 100)) }), 'local', (options) => RedisLoss.countLocally(options)),
});

const anOverride: Draw<RateOverride> = factoriesOf<typeof RateOverride, RateOverride>('RateOverride', {
  forKeyOwner: mapped(someLimits, 'owner', (given) => RateOverride.forKeyOwner('batch', given)),
  forRole: mapped(someLimits, 'role', (given) => RateOverride.forRole('batch', given)),
});

export const aRatePlan: Draw<RatePlan> = factoriesOf<typeof RatePlan, RatePlan>('RatePlan', {
  perCaller: mapped(propsOf<RatePlanProps>('RatePlanProps', {
    ...limits,
    endUserClaim: perhaps(text(['act_sub'], 'sub'), 10),
    overrides: perhaps(listOf(anOverride, 1, 1), 8),
    onRedisLost: perhaps(aLoss),
  }), 'each', (props) => RatePlan.perCaller(props)),
});

const metrics: Draw<MetricsOptions> = propsOf<MetricsOptions>('MetricsOptions', {
  namespace: perhaps(text(['Acme/Core'], '', 'AWS/Core')),
  scrapers: perhaps(built('scraper', (site) => [aGroup(site)])),
});

export const aGate: Draw<ProfiledGateOptions> = propsOf<ProfiledGateOptions>('ProfiledGateOptions', {
  image: perhaps(mapped(text([`111122223333.dkr.ecr.${REGION}.amazonaws.com/gate@sha256:${'cd'.repeat(32)}`], 'gate:latest'), 'uri', (uri) => CoreImage.fromUri(uri))),
  publicHealth: perhaps(flag),
  maxBody: perhaps(mapped(whole(1, 100), 'MiB', (count) => ByteSize.mebibytes(Number.isNaN(count) ? 0.3 : count))),
  requestTimeout: perhaps(seconds(1, 3600)),
  metrics: perhaps(metrics),
  drainTimeout: perhaps(seconds(1, 110)),
  auditKey: perhaps(aSecret('audit-key')),
  table: perhaps(built('table', (site) => new GateTable(site.place('Table'), 'Table')), 20),
  redis: perhaps(built('redis', (site) => new SecureRedis(site.place('Redis'), 'Redis', { network: networkOf(site) })), 5),
  ratePlan: perhaps(aRatePlan),
});

export const aKeySetFetch: Draw<KeySetFetchProps> = propsOf<KeySetFetchProps>('KeySetFetchProps', {
  ttl: perhaps(seconds(60, 3600)),
  timeout: perhaps(seconds(1, 10)),
  maxAttempts: perhaps(whole(1, 5)),
  backoff: perhaps(seconds(1, 1), 30),
  maxBackoff: perhaps(seconds(1, 10), 30),
});
