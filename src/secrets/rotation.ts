import type { Duration } from 'aws-cdk-lib';
import { isWhole } from '../whole-number';
import { isReason, shownReason } from './reason';

/** In days (our figures): less than a day leaves no time for a roll-out, and more than a quarter of a year is not often (CIS asks for 90 at most). */
const LEAST_DAYS = 1;
const MOST_DAYS = 90;

/**
 * How often a secret is renewed (SEC-3, TG-62).
 *
 * The only variant without a cadence says why; the class cannot be extended or imitated.
 */
export class Rotation {
  /**
   * Again and again.
   *
   * @param cadence whole days, 1 to 90
   */
  public static every(cadence: Duration): Rotation {
    const days = cadence.isUnresolved() ? undefined : cadence.toDays({ integral: false });
    if (!isWhole(days, LEAST_DAYS, MOST_DAYS)) {
      throw new Error(`Rotation.every is ${days === undefined ? 'a token' : `${days} days`}. Name whole days from ${LEAST_DAYS} to ${MOST_DAYS}, such as Duration.days(30).`);
    }
    return new Rotation(cadence, undefined);
  }

  /**
   * Not by itself.
   *
   * @param reason a sentence, which rules and reviewers read in the template's metadata
   */
  public static never(reason: string): Rotation {
    if (!isReason(reason)) throw new Error(`Rotation.never is ${shownReason(reason)}. Say in a sentence why the value is not renewed: a reviewer reads it.`);
    return new Rotation(undefined, reason);
  }

  private constructor(
    /**
     * The cadence; nothing where it is not renewed.
     *
     * @internal
     */
    public readonly _every: Duration | undefined,
    /**
     * Why it is not renewed.
     *
     * @internal
     */
    public readonly _reason: string | undefined,
  ) {}
}
