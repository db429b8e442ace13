import type { IResource } from 'aws-cdk-lib';
import { isReason, shownReason } from './reason';

/** Who records the calls to AWS that an event rule is told of: without a trail nothing is (EventBridge guide, "AWS service events delivered via CloudTrail"). */
export class TrailCoverage {
  /**
   * A trail of this app that records management events, reads among them.
   *
   * @param trail such as the `trail` of a `CallTrail`, or an `aws_cloudtrail.Trail`
   */
  public static trail(trail: IResource): TrailCoverage {
    return new TrailCoverage(undefined, trail);
  }

  /**
   * A trail that stands elsewhere, such as the organization's.
   *
   * @param reason which one it is, in a sentence that a reviewer reads
   */
  public static declared(reason: string): TrailCoverage {
    if (!isReason(reason)) throw new Error(`TrailCoverage.declared is ${shownReason(reason)}. Say in a sentence which trail records management events of this account: a reviewer reads it.`);
    return new TrailCoverage(reason, undefined);
  }

  private constructor(
    /**
     * Which trail it is, where it is not in the app.
     *
     * @internal
     */
    public readonly _reason: string | undefined,
    /**
     * The trail, where it is in the app.
     *
     * @internal
     */
    public readonly _trail: IResource | undefined,
  ) {}
}
