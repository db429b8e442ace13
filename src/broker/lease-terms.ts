import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkKind, checkKinds, type Kinds, member, options } from '../check-kinds';
import { invalidProp } from '../invalid-prop';
import { checkedSeconds } from './bounded-seconds';
import { DEFAULTS, type LeaseConfiguration } from './contract';

/** What becomes of a worker's leases when it says that it leaves, or starts again. */
export enum LeaseExit {
  /** They are over. */
  REVOKE = 'REVOKE',

  /** They last as long as they would have: for workers that start again in the middle of a job. */
  KEEP = 'KEEP',
}

const OPTIONS = options('Name terms, such as { ttl }, or leave them out.');

/** For how long. */
export interface LeaseTermsOptions {
  /**
   * How long a lease lasts unless it is renewed: 1 to 15 minutes, in whole seconds.
   *
   * @default Duration.minutes(5) (ours)
   */
  readonly ttl?: Duration;

  /**
   * How long it lasts however often it is renewed: from `ttl` to 8 hours, in whole seconds.
   *
   * @default Duration.hours(1) (ours), or `ttl` where that is more
   */
  readonly longest?: Duration;

  /**
   * What becomes of leases when their worker leaves or starts again.
   *
   * @default LeaseExit.REVOKE
   */
  readonly onExit?: LeaseExit;
}

const KINDS: Kinds<LeaseTermsOptions> = { onExit: member(LeaseExit, 'Name LeaseExit.REVOKE or LeaseExit.KEEP, or leave it out.') };

/**
 * How long a checkout holds (WCC-8).
 *
 * The end of a lease stops further checkouts and renewals. It does not un-know a password: whoever had it has it until it is changed on the device.
 */
export class LeaseTerms {
  /** Terms within the bounds. */
  public static of(options: LeaseTermsOptions = {}): LeaseTerms {
    return new LeaseTerms(options);
  }

  private constructor(private readonly options: LeaseTermsOptions) {}

  /**
   * As the broker is told.
   *
   * @internal
   */
  public _bind(scope: IConstruct): LeaseConfiguration {
    checkKind(scope, 'leases', this.options, OPTIONS);
    checkKinds(scope, this.options, KINDS, 'leases.');
    const { ttl = Duration.seconds(DEFAULTS.ttlSeconds), longest, onExit = LeaseExit.REVOKE } = this.options;
    const ttlSeconds = checkedSeconds(scope, 'leases.ttl', ttl, 'ttlSeconds');
    const longestSeconds = longest !== undefined ? checkedSeconds(scope, 'leases.longest', longest, 'longestSeconds') : Math.max(DEFAULTS.longestSeconds, ttlSeconds);
    if (longestSeconds < ttlSeconds) throw invalidProp(scope, 'leases.longest', `${longestSeconds} seconds`, `Name ${ttlSeconds} seconds at least, as long as one lease lasts.`);
    return { ttlSeconds, longestSeconds, onExit: onExit === LeaseExit.KEEP ? 'keep' : 'revoke' };
  }
}
