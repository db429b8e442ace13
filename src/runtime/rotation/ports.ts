import type { RetireAnswer } from '../../secrets/contract';

/** What the stages of a secret say. Ids of versions. */
export interface Stages {
  readonly current?: string;
  readonly pending?: string;
  readonly previous?: string;
}

/** A secret of AWS Secrets Manager, as far as rotating it needs it. Every call may fail, and may have happened although it failed. */
export interface SecretVersions {
  stages(): Promise<Stages & { readonly isRotated: boolean }>;
  /** The value of one version; nothing where there is none. */
  read(versionId: string): Promise<string | undefined>;
  /** Puts a value under AWSPENDING. The same version with the same value is no error, with another one it is. */
  putPending(versionId: string, value: string): Promise<void>;
  /** Puts a value under AWSCURRENT at once; what was current becomes AWSPREVIOUS. */
  putCurrent(versionId: string, value: string): Promise<void>;
  /** Moves AWSCURRENT. What was current becomes AWSPREVIOUS. */
  makeCurrent(versionId: string, from: string): Promise<void>;
  /** Takes AWSPREVIOUS off, so that nothing remembers the value for anybody. */
  forgetPrevious(versionId: string): Promise<void>;
}

/** What came of retiring: `current` is the value to put in place of the current one, which still tells of the old. */
export interface Retirement {
  readonly outcome: Exclude<RetireAnswer['outcome'], 'nothing'>;
  readonly current?: string;
}

/**
 * What the four steps mean for one kind of secret. Every method may be called again after it did half of its work, or all of it.
 *
 * None may shut out the current value, ever.
 */
export interface SecretStrategy {
  /** A new value, which nobody is told yet. */
  create(current: string): Promise<string>;
  /** Lets the new value in beside the current one. */
  set(values: { readonly current: string; readonly pending: string }): Promise<void>;
  /** Proves that the new value is let in. */
  test(pending: string): Promise<void>;
  /** Shuts out everything but the current value. */
  retire(values: { readonly current: string; readonly previous: string }): Promise<Retirement>;
  /** At a deployment, before anybody is told the value: makes it good for something. The value to put in its place, or nothing where it stays. */
  ensure(current: string): Promise<string | undefined>;
}

/** A failure whose words are ours, and may be logged. Others are logged by their class and code alone: they may repeat what was sent. */
export class RotationError extends Error {
  /** @param code stable, such as `NO_ADMIN` */
  public constructor(public readonly code: string, message: string) {
    super(message);
    this.name = 'RotationError';
  }
}

/** A line of the function's log; never holds a value. */
export type Log = (line: Readonly<Record<string, unknown>> & { readonly event: string }) => void;
