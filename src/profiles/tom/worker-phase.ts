import type { IConstruct } from 'constructs';
import { BrokerPhase, type WorkerKeyOptions } from '../../broker/broker-phase';
import { WorkerJoin } from '../../broker/worker-join';
import { checkKind, options } from '../../check-kinds';
import { invalidProp } from '../../invalid-prop';
import type { RotatingSecret } from '../../secrets/rotating-secret';
import { Size } from '../../size';
import type { ProfileContext } from '../parts';

/** A time in which workers of both kinds are served. */
export interface WorkerMigrationOptions {
  /** From when on no shared key is taken: `YYYY-MM-DD`, 00:00 UTC, at most 90 days away (ours). */
  readonly until: string;

  /**
   * Where tom itself still reads credentials from, for jobs that nobody checks out for yet (TS-40): a path in its container. Workers and the broker read no file, and a
   * checkout that is refused leads to none (C-16).
   *
   * @default - nowhere
   */
  readonly credentialFile?: string;

  /**
   * How workers come by keys of their own.
   *
   * @default - as for `WorkerPhase.perWorkerKeys`
   */
  readonly to?: WorkerKeyOptions;
}

const OWN = options('Name options of workers\' own keys, such as { keyLife }, or leave them out.');

type PhaseChoice =
  | { readonly name: 'checkout' }
  | { readonly name: 'per-worker-keys'; readonly own: WorkerKeyOptions }
  | { readonly name: 'migration'; readonly own: WorkerKeyOptions; readonly until: string; readonly credentialFile?: string };

/**
 * How workers come by credentials of devices. There is no phase in which they read them from a file that everybody has: that one is for a developer's machine (TS-09, TS-40).
 *
 * Closed, so that a phase is none of a caller's own.
 */
export class WorkerPhase {
  /**
   * Workers sign what they ask for with one key that they share, renewed every month, and check credentials out one by one (TS-10 to TS-12).
   *
   * Whoever holds that key can sign as any of them: a job is kept from another worker only while that one signs as itself.
   */
  public static checkout(): WorkerPhase {
    return new WorkerPhase({ name: 'checkout' });
  }

  /**
   * Each worker signs with a key of its own, which it gets when it joins; no shared key is made (TS-13 to TS-15).
   *
   * Unless `joins` says otherwise, workers of `broker.workers` join as their tasks, and all others by a token.
   */
  public static perWorkerKeys(options: WorkerKeyOptions = {}): WorkerPhase {
    return new WorkerPhase({ name: 'per-worker-keys', own: options });
  }

  /** From the shared key to keys of workers' own: both are taken until a day, and one of them always asked for (C-16). Refused for production. */
  public static migration(options: WorkerMigrationOptions): WorkerPhase {
    // From JavaScript anything may come.
    const { until = '', credentialFile, to = {} } = (options as Partial<WorkerMigrationOptions> | null | undefined) ?? {};
    return new WorkerPhase({ name: 'migration', own: to, until, credentialFile });
  }

  private constructor(private readonly choice: PhaseChoice) {}

  /**
   * As the profile's metadata says it.
   *
   * @internal
   */
  public get _choices(): string[] {
    const { choice } = this;
    return choice.name === 'migration' ? [choice.name, `until:${choice.until}`] : [choice.name];
  }

  /**
   * Whether all workers share a key.
   *
   * @internal
   */
  public get _sharesKey(): boolean {
    return this.choice.name !== 'per-worker-keys';
  }

  /**
   * Whether workers of two kinds are served.
   *
   * @internal
   */
  public get _migrates(): boolean {
    return this.choice.name === 'migration';
  }

  /**
   * What the container is told beside what every phase has it told.
   *
   * @internal
   */
  public get _environment(): Record<string, string> {
    const { choice } = this;
    return choice.name === 'migration' && choice.credentialFile !== undefined ? { TOM_CORE_CREDENTIAL_FILE: choice.credentialFile } : {};
  }

  /**
   * Refuses a phase that goes with no such deployment.
   *
   * @internal
   */
  public _check(scope: IConstruct, { environment, size }: Pick<ProfileContext, 'environment' | 'size'>): void {
    if (this.choice.name !== 'checkout') checkKind(scope, 'profile.workers.perWorkerKeys', this.choice.own, OWN);
    if (!this._migrates || (size !== Size.PRODUCTION && !/^prod/i.test(environment))) return;
    throw invalidProp(scope, 'profile.workers', 'WorkerPhase.migration',
      'Size.PRODUCTION and environments that begin with prod have one phase at a time: take WorkerPhase.checkout until every worker can join, and perWorkerKeys then.');
  }

  /**
   * The same, of a broker.
   *
   * @internal
   * @param key that tom is told too, where workers share one
   * @param hasPool whether tasks of this library are among the workers
   */
  public _ofBroker(key: RotatingSecret | undefined, hasPool: boolean): BrokerPhase {
    const { choice } = this;
    if (choice.name === 'checkout') return BrokerPhase.sharedKey({ key });
    const to: WorkerKeyOptions = { ...choice.own, joins: choice.own.joins ?? [hasPool ? WorkerJoin.task() : WorkerJoin.token()] };
    return choice.name === 'migration' ? BrokerPhase.migration({ until: choice.until, sharedKey: { key }, to }) : BrokerPhase.perWorkerKeys(to);
  }
}
