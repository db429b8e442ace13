/** What the construct and the service have to agree on about limits. */

/** What one caller may use, counted in Redis by all gates together (RTL-2 to RTL-6). */
export interface RateConfiguration {
  readonly redis: RedisConfiguration;
  readonly onRedisLost: RedisLossConfiguration;
  /** Of every caller that no override names. */
  readonly plan: PlanConfiguration;
  /** The first that names the caller takes the place of `plan`, whole. */
  readonly overrides: readonly PlanOverride[];
}

export interface RedisConfiguration {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly keyPrefix: string;
  /** Whether keys are divided among several nodes, which have to be asked each for its own. */
  readonly isCluster: boolean;
}

/** RTL-6: there is no way to let everybody through. */
export type RedisLossConfiguration =
  /** Nobody passes whom nobody counts. */
  | { readonly kind: 'refuse' }
  /** Each gate counts by itself, and grants one of `gates` parts of every budget, at least 1; what is heavy is refused all the same. */
  | { readonly kind: 'count'; readonly gates: number };

/** Requests of light routes spend the general budget, those of heavy routes the heavy one, and neither spends both. */
export interface PlanConfiguration {
  readonly general: BudgetConfiguration;
  readonly heavy: BudgetConfiguration;
  /** Streams that are open at once, 1 to 100 (CX-31). */
  readonly streams: number;
}

/** A bucket that holds `burst` and is filled with `requests` in `windowSeconds`, and at most `requests` in any such window (C-31). */
export interface BudgetConfiguration {
  readonly requests: number;
  readonly windowSeconds: number;
  readonly burst: number;
}

export interface PlanOverride {
  /** `key`: the owner of an API key. `role`: a role that a token names. */
  readonly by: 'key' | 'role';
  readonly name: string;
  readonly plan: PlanConfiguration;
}

/** After which a stream whose gate is gone is counted no more. */
export const LEASE_SECONDS = 15;
/** How often a gate says that its streams are still open: two of three may get lost. */
export const LEASE_RENEWAL_SECONDS = 5;
