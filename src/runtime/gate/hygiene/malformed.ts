import { Refusal } from '../refusal';

/** @param reason a fixed word of ours, for the log */
export function malformed(reason: string): Refusal {
  return new Refusal('bad_request', reason);
}
