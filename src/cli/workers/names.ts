import { FIELDS } from '../../broker/protocol/contract';
import { UsageError } from '../usage-error';

const WORKER_ID = new RegExp(`^(?:${FIELDS.worker_id.pattern})$`);

/** The id of a worker as the protocol has it. */
export function workerFrom(option: string, worker: string): string {
  if (!WORKER_ID.test(worker)) throw new UsageError(`${option} ${JSON.stringify(worker)}: begin with a letter or digit, and use letters, digits and . _ - only, 64 at most.`);
  return worker;
}

/** A moment that the broker tells, to the second. */
export const momentOf = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
