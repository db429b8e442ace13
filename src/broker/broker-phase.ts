import type { Duration } from 'aws-cdk-lib';
import type { RotatingSecret } from '../secrets/rotating-secret';
import type { Rotation } from '../secrets/rotation';
import { bindPhase, type BoundPhase, type PhaseContext } from './bound-phase';
import type { PhaseName } from './contract';
import type { WorkerJoin } from './worker-join';

/** The key that all workers sign with. */
export interface SharedKeyOptions {
  /**
   * One that is there already, of `SecretKind.hmacKey()`, such as where the orchestrator is told it too (TS-41).
   *
   * @default - a new one
   */
  readonly key?: RotatingSecret;

  /**
   * How often a new one is renewed.
   *
   * @default Rotation.every(Duration.days(30))
   */
  readonly rotation?: Rotation;
}

/** Keys that each worker has for itself. */
export interface WorkerKeyOptions {
  /**
   * How workers join; each way once.
   *
   * @default [WorkerJoin.token()]
   */
  readonly joins?: WorkerJoin[];

  /**
   * How long a worker's key holds before it has to fetch another one: 1 to 24 hours, in whole seconds.
   *
   * @default Duration.hours(12) (ours)
   */
  readonly keyLife?: Duration;

  /**
   * How often the master is renewed that keys are derived from. A key outlives one renewal: no rotation is more frequent than the longest key life.
   *
   * @default Rotation.every(Duration.days(30))
   */
  readonly rotation?: Rotation;
}

/** A time in which workers of both kinds are served. */
export interface MigrationOptions {
  /** From when on no shared key is taken: `YYYY-MM-DD`, 00:00 UTC, at most 90 days away (ours). */
  readonly until: string;

  /**
   * The shared key that workers have had so far.
   *
   * @default - the defaults of SharedKeyOptions
   */
  readonly sharedKey?: SharedKeyOptions;

  /**
   * How workers come by their own.
   *
   * @default - the defaults of WorkerKeyOptions
   */
  readonly to?: WorkerKeyOptions;
}

/**
 * How workers prove who they are. Every variant asks for a signature, and none falls back to anything where that fails (WCC-1, WCC-10).
 *
 * Closed, so that a phase is none of a caller's own.
 */
export class BrokerPhase {
  /** One key for all workers: whoever holds it can sign as any of them, so that a job is kept from another worker only while that one signs as itself. */
  public static sharedKey(options: SharedKeyOptions = {}): BrokerPhase {
    return new BrokerPhase('shared-key', options, undefined, undefined);
  }

  /** A key for each worker, got by a token that is good once, or by the identity of its task. */
  public static perWorkerKeys(options: WorkerKeyOptions = {}): BrokerPhase {
    return new BrokerPhase('per-worker-keys', undefined, options, undefined);
  }

  /** Keys of both kinds until a day, one of them always asked for (C-16). Refused for production. */
  public static migration(options: MigrationOptions): BrokerPhase {
    // From JavaScript anything may come.
    const { sharedKey = {}, to = {}, until } = (options as Partial<MigrationOptions> | null | undefined) ?? {};
    return new BrokerPhase('migration', sharedKey, to, until);
  }

  private constructor(
    /**
     * As the broker is told.
     *
     * @internal
     */
    public readonly _name: PhaseName,
    private readonly shared: SharedKeyOptions | undefined,
    private readonly own: WorkerKeyOptions | undefined,
    private readonly until: string | undefined,
  ) {}

  /**
   * Makes the keys.
   *
   * @internal
   */
  public _bind(context: PhaseContext): BoundPhase {
    return bindPhase(context, { name: this._name, shared: this.shared, own: this.own, until: this.until });
  }
}
