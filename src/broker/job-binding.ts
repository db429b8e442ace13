import type { IConstruct } from 'constructs';
import { checkKind, text } from '../check-kinds';
import { checkedReason } from '../secrets/reason';
import type { JobBindingKind } from './contract';

const REASON = text('Say why in a sentence: a reviewer reads it in the template.');
const PROP = 'JobBinding.firstToClaim.reason';

/** Whose a job is: the broker gives a job's credentials to nobody else (WCC-2). */
export class JobBinding {
  /** Each job names its worker. */
  public static assigned(): JobBinding {
    return new JobBinding('assigned', undefined);
  }

  /**
   * A job that names nobody is had by whoever checks out first, as where workers pull from a queue. A worker that was taken over can claim jobs that were meant for others.
   *
   * @param reason why jobs cannot name their workers, in a sentence that a reviewer reads in the template's metadata
   */
  public static firstToClaim(reason: string): JobBinding {
    return new JobBinding('first-to-claim', reason);
  }

  private constructor(
    /**
     * As the broker is told.
     *
     * @internal
     */
    public readonly _kind: JobBindingKind,
    private readonly reason: string | undefined,
  ) {}

  /**
   * Why somebody may come first, where somebody may.
   *
   * @internal
   */
  public _reasonFor(scope: IConstruct): string | undefined {
    if (this._kind === 'assigned') return undefined;
    checkKind(scope, PROP, this.reason, REASON);
    return checkedReason(scope, PROP, this.reason ?? '');
  }
}
