import type { Identity, Metrics, Revocations } from './ports';
import { Refusal } from './refusal';

/** Why the gate ends what is under way. */
export type CutReason = 'revoked' | 'locked-down' | 'lease-lost' | 'drained';

/** A request that is under way: from the moment it was read until it is over. */
export interface OpenRequest {
  /** Undefined until somebody is proven. */
  readonly identity?: Identity;
  /** Never throws; does nothing where it is over. */
  cut(reason: CutReason): void;
}

/** What is under way: so that it can be cut, and so that a gate that stops knows when nothing is. */
export class OpenRequests {
  private readonly all = new Set<OpenRequest>();
  private readonly waiting: (() => void)[] = [];

  public begin(request: OpenRequest): void {
    this.all.add(request);
  }

  public end(request: OpenRequest): void {
    if (this.all.delete(request) && this.all.size === 0) this.waiting.splice(0).forEach((resolve) => resolve());
  }

  public async whenNone(): Promise<void> {
    if (this.all.size > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  public cutAll(reason: CutReason): void {
    for (const request of [...this.all]) request.cut(reason);
  }

  /**
   * Judges everything again by each list that is read (IDN-4, INC-1): streams, uploads and WebSockets alike, and what is still on its way to the Core.
   *
   * While no list can be read, what is open goes on: nothing is known against it, and a table that is away for a moment would else end every stream of every
   * caller. Whoever comes then is refused once the last list is too old.
   */
  public judgeBy(revocations: Revocations, metrics: Metrics): void {
    revocations.onRead(() => {
      try {
        const isLockedDown = revocations.isLockedDown();
        metrics.lockedDown(isLockedDown);
        if (isLockedDown) this.cutAll('locked-down');
        else this.cutRevoked(revocations);
      } catch (error) {
        // It was read too slowly to be believed: the next one will tell.
        if (!(error instanceof Refusal)) throw error;
      }
    });
  }

  private cutRevoked(revocations: Revocations): void {
    for (const request of [...this.all]) if (request.identity && revocations.isRevoked(request.identity.revocableAs)) request.cut('revoked');
  }
}
