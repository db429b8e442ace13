import { randomUUID } from 'node:crypto';
import type { Audit, AuditEntry, Clock, Metrics } from './ports';

export interface TrailParts {
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** What is known of a request when it is over; how long it took is measured. */
export type Ending = Omit<AuditEntry, 'latencyMs'>;

/** What stands for the action of a request of which nothing could be read. */
export const UNREAD = '- -';

/** Sees to it that each request is recorded and counted, once. */
export class Trail {
  public constructor(private readonly parts: TrailParts) {}

  /** A request has been read. @returns what is to be called when it is over; more than once does nothing */
  public begin(): (ending: Ending) => void {
    const { audit, metrics, clock } = this.parts;
    const startedAt = clock();
    let write: ((entry: AuditEntry) => void) | undefined = audit.begin();
    return (ending) => {
      if (!write) return;
      // A clock may be turned back.
      const latencyMs = Math.max(0, clock() - startedAt);
      metrics.request(ending.status, latencyMs);
      write({ ...ending, latencyMs });
      write = undefined;
    };
  }

  /** A request of which no more is known than how it ended. */
  public note(ending: Pick<Ending, 'action' | 'outcome' | 'reason' | 'status'>, requestId: string = randomUUID()): void {
    this.begin()({ requestId, bytesIn: 0, bytesOut: 0, isStream: false, usage: {}, ...ending });
  }
}
