import type { IConstruct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { isWhole } from '../../whole-number';
import type { RedisLossConfiguration } from './contract';

/** How gates count for themselves. */
export interface LocalCountOptions {
  /**
   * Among how many gates each budget is divided: as many as run at most, to 5000. More than that, as while a deployment replaces them, grant more than the budget together.
   *
   * @default - as many as the service runs at most
   */
  readonly gates?: number;
}

/** Tasks of one service (Amazon ECS guide, "Amazon ECS service quotas"). */
const MAX_GATES = 5000;

/** What gates do while they cannot reach Redis (RTL-6). There is no way to let everybody through. */
export class RedisLoss {
  /** Answer 503: nobody passes whom nobody counts. */
  public static refuse(): RedisLoss {
    return new RedisLoss(undefined);
  }

  /**
   * Each gate counts by itself and grants its part of every budget, at least one; requests to heavy routes are refused all the same.
   *
   * The metric `gateway_uncounted_total_allowed` says that it goes on: alarm on it.
   */
  public static countLocally(options: LocalCountOptions = {}): RedisLoss {
    return new RedisLoss(options);
  }

  // Not optional: what has no required private member can be imitated.
  private constructor(private readonly local: LocalCountOptions | undefined) {}

  /**
   * As the gate is told.
   *
   * @internal
   */
  public _serialize(scope: IConstruct, prop: string, maxTasks: number): RedisLossConfiguration {
    if (!this.local) return { kind: 'refuse' };
    const { gates = maxTasks } = this.local;
    if (!isWhole(gates, maxTasks, MAX_GATES)) throw invalidProp(scope, `${prop}.gates`, gates, `Name a whole number from ${maxTasks}, which run at most, to ${MAX_GATES}.`);
    return { kind: 'count', gates };
  }
}
