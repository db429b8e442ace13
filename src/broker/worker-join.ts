import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** How long a token is good for. */
export interface TokenJoinOptions {
  /**
   * The longest that an invitation may last: 1 to 60 minutes, in whole seconds.
   *
   * @default Duration.minutes(10) (ours)
   */
  readonly life?: Duration;
}

/** Tasks that may join as themselves. */
export interface TaskWorkers {
  /** What they act as: a role of this account that nothing but these tasks can assume. */
  readonly role: iam.IRole;

  /** What the ids of these workers begin with, before a hyphen and the id of their task: 1 to 31 letters, digits and `. _ -`. */
  readonly prefix: string;
}

/** How a worker comes by a key of its own (WCC-7). */
export class WorkerJoin {
  /** By a token that an operator makes for one worker, good once and for minutes: `cdk-secure-core workers invite`. */
  public static token(options: TokenJoinOptions = {}): WorkerJoin {
    return new WorkerJoin('token', options, []);
  }

  /**
   * By the identity that Amazon ECS gives a task: the worker has AWS STS say who it is, and the broker compares.
   *
   * It was tried against an emulator of STS, and not in AWS: that a session is called as its task is no document says.
   *
   * @param workers beside those of pools of this library, which need not be named
   */
  public static task(...workers: TaskWorkers[]): WorkerJoin {
    return new WorkerJoin('task', undefined, workers);
  }

  private constructor(
    /**
     * Which of the two it is.
     *
     * @internal
     */
    public readonly _kind: 'token' | 'task',
    /**
     * Of a token.
     *
     * @internal
     */
    public readonly _token: TokenJoinOptions | undefined,
    /**
     * Of tasks.
     *
     * @internal
     */
    public readonly _workers: readonly TaskWorkers[],
  ) {}
}
