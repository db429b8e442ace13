import { Refusal } from '../refusal';

/** @param reason a fixed word, for the log */
export function unauthenticated(reason: string): Refusal {
  return new Refusal('unauthenticated', reason);
}
