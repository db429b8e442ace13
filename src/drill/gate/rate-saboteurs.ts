import { type GateConfiguration, REDIS_PASSWORD_VARIABLE } from '../../gate/contract';
import type { PlanConfiguration, RateConfiguration } from '../../gate/rate/contract';
import type { Saboteur } from '../attack';
import { together, without } from '../saboteurs';
import { gateSaboteur, secretsSaboteur } from './saboteurs';

/** Alters the limits of every gate that has some; undefined leaves them as they are. */
function rateSaboteur(name: string, alter: (rate: RateConfiguration) => RateConfiguration | undefined): Saboteur {
  return gateSaboteur(name, (configuration) => {
    const rate = configuration.rate && alter(configuration.rate);
    return rate && { ...configuration, rate };
  });
}

/** Of every caller. */
function plansSaboteur(name: string, alter: (plan: PlanConfiguration) => PlanConfiguration | undefined): Saboteur {
  return rateSaboteur(name, (rate) => {
    const plans = [rate.plan, ...rate.overrides.map(({ plan }) => plan)].map(alter);
    if (plans.every((plan) => plan === undefined)) return undefined;
    const [plan = rate.plan, ...others] = plans;
    return { ...rate, plan, overrides: rate.overrides.map((override, index) => ({ ...override, plan: others[index] ?? override.plan })) };
  });
}

/** Without its limits a gate takes no password for them. */
export const RATE_REMOVED = together(
  'nothing is counted',
  gateSaboteur('limits deleted', ({ rate, ...others }): GateConfiguration | undefined => (rate === undefined ? undefined : others)),
  secretsSaboteur('password deleted', (secrets) => without(secrets, ({ Name }) => Name === REDIS_PASSWORD_VARIABLE)),
);

/** Whom the store does not know it lets count nothing: every task has a budget of its own for everybody. */
export const COUNTED_APART = gateSaboteur('every task counts by itself', (configuration) => {
  const { rate, policy } = configuration;
  // What is heavy is refused without a store.
  if (rate === undefined || policy.routes.every(({ tier }) => tier === 'heavy')) return undefined;
  return { ...configuration, rate: { ...rate, redis: { ...rate.redis, user: STRANGER }, onRedisLost: { kind: 'count', gates: 1 } } };
});

const STRANGER = 'drill-stranger';

/** What is lost with the store, each task then grants whole. */
export const LOSS_COUNTED = rateSaboteur('a gate without its store counts by itself, as if it were the only one', (rate) => (
  rate.onRedisLost.kind === 'count' && rate.onRedisLost.gates === 1 ? undefined : { ...rate, onRedisLost: { kind: 'count', gates: 1 } }
));

export const ALL_LIGHT = gateSaboteur('every route is light', (configuration) => {
  const { routes } = configuration.policy;
  if (configuration.rate === undefined || routes.every(({ tier }) => tier === 'light')) return undefined;
  return { ...configuration, policy: { ...configuration.policy, routes: routes.map((route) => ({ ...route, tier: 'light' })) } };
});

/** The most that a plan may have (CX-31). */
const MOST_STREAMS = 100;

export const STREAMS_RAISED = plansSaboteur(`${MOST_STREAMS} streams at once`, (plan) => (plan.streams === MOST_STREAMS ? undefined : { ...plan, streams: MOST_STREAMS }));

/** A thousand times as much, for either kind of request. */
export const BUDGETS_RAISED = plansSaboteur('budgets raised a thousandfold', (plan) => {
  const raised = ({ requests, windowSeconds, burst }: PlanConfiguration['general']) => ({ requests: requests * 1000, windowSeconds, burst: burst * 1000 });
  return { ...plan, general: raised(plan.general), heavy: raised(plan.heavy) };
});
