import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';

/** How a service is deployed. */
export interface Rollout {
  /** How many copies are to run. */
  readonly copies: number;
  readonly configuration: DeploymentConfiguration;
  /** Whether somebody asks a copy how it is, so that one that answers nobody is not taken for a good one. */
  readonly isLookedAfter: boolean;
}

/** What comes of a version that starts and answers nobody. */
export interface Played {
  /** How many old copies answered at the worst moment. */
  readonly leastAnswering: number;
  readonly end: 'taken for good' | 'turned back' | 'tried for ever';
}

/** As Amazon ECS takes them where nobody says them (Amazon ECS API, DeploymentConfiguration). */
const USUAL = { least: 100, most: 200 } as const;

/** Plays a rolling deployment of a version that starts and answers nobody (ECS guide, "Amazon ECS rolling update deployments"). */
export function playedBadly({ copies, configuration, isLookedAfter }: Rollout): Played {
  if (!isLookedAfter) return { leastAnswering: 0, end: 'taken for good' };
  const { minimumHealthyPercent: least = USUAL.least, maximumPercent: most = USUAL.most } = configuration;
  const [lower, upper] = [Math.ceil(copies * least / 100), Math.floor(copies * most / 100)];
  // Old copies are stopped where new ones have no room beside them, as long as enough are left; none of the new ones ever counts.
  const leastAnswering = upper > copies ? copies : Math.min(copies, lower);
  // Without room nothing is ever started, so nothing fails either.
  const hasRoom = upper > copies || leastAnswering < copies;
  return { leastAnswering, end: hasRoom && turnsBack(configuration) ? 'turned back' : 'tried for ever' };
}

function turnsBack({ deploymentCircuitBreaker: breaker, alarms }: DeploymentConfiguration): boolean {
  return [breaker, alarms].some((by) => by?.enable === true && by.rollback === true);
}
