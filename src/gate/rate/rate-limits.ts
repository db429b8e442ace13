import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { isWhole } from '../../whole-number';
import type { PlanConfiguration } from './contract';

/** What one caller may use: a steady rate with bursts and a sliding window over both (C-31), a smaller budget for what is heavy (RTL-3), and streams (RTL-4). */
export interface RateLimits {
  /**
   * Requests a second, over time: 1 to 1000.
   *
   * @default 10 (CX-27)
   */
  readonly perSecond?: number;

  /**
   * Requests at once: `perSecond` to 10000.
   *
   * @default 20 (CX-28), or `perSecond` where that is more
   */
  readonly burst?: number;

  /**
   * The sliding window, in no place of which there are more than `perSecond` times its length; whole seconds from 1 to an hour.
   *
   * @default Duration.seconds(60) (CX-29)
   */
  readonly window?: Duration;

  /**
   * Requests a minute to routes that are `heavy`, which spend this budget in place of the other: 1 to 600, and no more than the other grants.
   *
   * @default 60 (TG-56)
   */
  readonly heavyPerMinute?: number;

  /**
   * Such requests at once: 1 to `heavyPerMinute`, and no more than `burst`.
   *
   * @default 10 (TG-57), or `heavyPerMinute` or `burst` where that is less
   */
  readonly heavyBurst?: number;

  /**
   * Streams that are open at once: 1 to 100. One more is answered 429 until one ends.
   *
   * @default 5 (CX-31)
   */
  readonly streams?: number;
}

/** Each is an entry in Redis: a thousand a second over a minute take about a megabyte of each caller. */
const MAX_COUNTED = 60_000;
const MAX_WINDOW_SECONDS = Duration.hours(1).toSeconds();
/** TG-56. */
const MAX_HEAVY_PER_MINUTE = 600;

/**
 * As the gate is told, with its defaults.
 *
 * @param prop where the limits stand, for errors
 */
export function planOf(scope: IConstruct, prop: string, limits: RateLimits): PlanConfiguration {
  const { perSecond = 10, burst = Math.max(20, perSecond), window = Duration.minutes(1), heavyPerMinute = 60, heavyBurst = Math.min(10, heavyPerMinute, burst), streams = 5 } = limits;
  const checked = (name: keyof RateLimits, value: number, least: number, most: number, why = ''): number => {
    if (!isWhole(value, least, most)) throw invalidProp(scope, `${prop}.${name}`, value, `Name a whole number from ${least} to ${most}${why}.`);
    return value;
  };
  const rate = checked('perSecond', perSecond, 1, 1000);
  const windowSeconds = secondsOf(scope, `${prop}.window`, window);
  const requests = rate * windowSeconds;
  if (requests > MAX_COUNTED) {
    throw invalidProp(scope, `${prop}.window`, window.toString(), `Shorten it: ${requests} requests of each caller would be remembered, and ${MAX_COUNTED} are the most.`);
  }
  const mostHeavy = Math.min(MAX_HEAVY_PER_MINUTE, rate * 60);
  return {
    general: { requests, windowSeconds, burst: checked('burst', burst, rate, 10_000, ', of which perSecond is the least') },
    heavy: {
      requests: checked('heavyPerMinute', heavyPerMinute, 1, mostHeavy, mostHeavy < MAX_HEAVY_PER_MINUTE ? ', which is what perSecond grants' : ''),
      windowSeconds: 60,
      burst: checked('heavyBurst', heavyBurst, 1, Math.min(heavyPerMinute, burst), `, which is ${heavyPerMinute > burst ? 'burst' : 'heavyPerMinute'}`),
    },
    streams: checked('streams', streams, 1, 100),
  };
}

/** What none of these plans exceeds: each figure is the largest, at the pace of the fastest. */
export function widest(plans: readonly PlanConfiguration[]): PlanConfiguration {
  const most = (figure: (plan: PlanConfiguration) => number): number => Math.max(...plans.map(figure));
  const windowSeconds = most(({ general }) => general.windowSeconds);
  return {
    general: { requests: most(({ general }) => general.requests / general.windowSeconds) * windowSeconds, windowSeconds, burst: most(({ general }) => general.burst) },
    heavy: { requests: most(({ heavy }) => heavy.requests), windowSeconds: 60, burst: most(({ heavy }) => heavy.burst) },
    streams: most(({ streams }) => streams),
  };
}

function secondsOf(scope: IConstruct, prop: string, window: Duration): number {
  const seconds = window.isUnresolved() ? NaN : window.toSeconds({ integral: false });
  if (isWhole(seconds, 1, MAX_WINDOW_SECONDS)) return seconds;
  throw invalidProp(scope, prop, window.isUnresolved() ? 'a token' : window.toString(), 'Name whole seconds from 1 to an hour.');
}

/** One's limits laid over another's: what the first does not say, the second does. */
export function laidOver(limits: RateLimits, base: RateLimits): RateLimits {
  return { ...base, ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)) };
}
