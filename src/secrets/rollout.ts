import { isReason, shownReason } from './reason';

/** Whether the tasks of a service are replaced when a secret that they hold is renewed (SEC-11). */
export class Rollout {
  /** They are, and the old value is shut out when none of them holds it any more. */
  public static automatic(): Rollout {
    return new Rollout(undefined);
  }

  /**
   * They are not: the service reads its secrets again by itself, or somebody deploys it.
   *
   * @param reason a sentence, which a reviewer reads
   */
  public static none(reason: string): Rollout {
    if (!isReason(reason)) throw new Error(`Rollout.none is ${shownReason(reason)}. Say in a sentence how running tasks get the new value: a reviewer reads it.`);
    return new Rollout(reason);
  }

  private constructor(
    /**
     * Why not; nothing where they are replaced.
     *
     * @internal
     */
    public readonly _reason: string | undefined,
  ) {}
}
