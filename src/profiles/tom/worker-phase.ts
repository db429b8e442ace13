/**
 * How workers come by credentials of devices. There is no phase in which they read them from a file that everybody has: that one is for a developer's machine (TS-09, TS-40).
 *
 * Closed, so that a phase is none of a caller's own.
 */
export class WorkerPhase {
  /** Workers sign what they ask for with one key that they share, renewed every month, and check credentials out one by one (TS-10 to TS-12). */
  public static checkout(): WorkerPhase {
    return new WorkerPhase('checkout');
  }

  /** Each worker signs with a key of its own, which it gets when it joins; no shared key is made (TS-13 to TS-15). */
  public static perWorkerKeys(): WorkerPhase {
    return new WorkerPhase('per-worker-keys');
  }

  private constructor(private readonly name: 'checkout' | 'per-worker-keys') {}

  /**
   * As the profile's metadata says it.
   *
   * @internal
   */
  public get _choice(): string {
    return this.name;
  }

  /**
   * Whether all workers share a key.
   *
   * @internal
   */
  public get _sharesKey(): boolean {
    return this.name === 'checkout';
  }
}
