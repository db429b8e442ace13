import type { ProofName, Reason } from '../../broker/operations/contract';
import type { JsonObject } from '../shared/json-object';

export interface Granted {
  readonly kind: 'granted';
  /** What the worker is told; of all that the broker decides, only this may hold a secret. */
  readonly body: JsonObject;
}
export interface Refused {
  readonly kind: 'refused';
  readonly reason: Reason;
}
export type Outcome = Granted | Refused;

export const grant = (body: JsonObject): Granted => ({ kind: 'granted', body });
export const refuse = (reason: Reason): Refused => ({ kind: 'refused', reason });

/** What a record may say of a request. Empty until its signature holds: no stranger writes words into a log. */
export interface Notes {
  worker?: string;
  job?: string;
  credential?: string;
  leaseId?: string;
  proof?: ProofName;
  /** During a migration it is counted who still has the shared key. */
  isSharedKey?: boolean;
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly notes: Readonly<Notes>;
}
