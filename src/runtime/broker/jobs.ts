import type { ConfiguredCredential, JobBindingKind } from '../../broker/contract';
import { JOB_MOST_SECONDS, type JobItem } from '../../broker/items/contract';
import type { Reason } from '../../broker/operations/contract';
import type { Looked } from './ports';

export interface JobQuestion {
  readonly worker: string;
  readonly credential: string;
  readonly binding: JobBindingKind;
  readonly byId: ReadonlyMap<string, ConfiguredCredential>;
  /** In seconds. */
  readonly now: number;
}

/** What a worker may have for a job. */
export interface Lendable {
  readonly job: JobItem;
  readonly credential: ConfiguredCredential;
}

/** What a worker may have for its job, or why it may not (M-36). */
export function lendableFor({ job, claim }: Pick<Looked, 'job' | 'claim'>, { worker, credential: id, binding, byId, now }: JobQuestion): Lendable | Reason {
  if (job === undefined) return 'no-job';
  if (job === 'malformed' || job.expiresAt > now + JOB_MOST_SECONDS || (job.worker === undefined && binding === 'assigned')) return 'job-malformed';
  if (job.expiresAt <= now) return 'job-over';
  const claimed = claim !== undefined && now < claim.expiresAt ? claim.worker : undefined;
  const his = job.worker ?? claimed;
  if (his !== undefined && his !== worker) return 'not-your-job';
  if (!job.credentials.has(id)) return 'not-in-job';
  const credential = byId.get(id);
  return credential === undefined ? 'no-credential' : { job, credential };
}
