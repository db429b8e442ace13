import { AUDIT_SCHEMA_VERSION, type AuditRecord } from '../../../audit/contract';
import { REDACTED, type Redactor } from '../../shared/redactor';
import { isAddress } from '../../shared/redactor/addresses';
import type { AuditEntry } from '../ports';
import { callerHash } from './caller-hash';
import { stateableModel } from './model-name';

/** What the trail adds to an entry. */
export interface RecordPlace {
  readonly time: string;
  readonly gate: string;
  readonly seq: number;
}

/** As request-id.ts takes it of a caller, who may write a key or somebody's address there (AUD-5). A UUID, which it makes itself, is none, and to look closer costs more than all else of a record. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A method, or none, and a path as a route declares it, or none. */
const ACTION = /^(?:[A-Z]{1,20}|-) (?:-|\/[\w.~!$&'()*+,;=:@%/{}-]{0,512})$/;
const REASON = /^[a-z0-9-]{1,64}$/;

/** Makes the record of an entry: of the fields that it has, and of no other, each of them judged once more by what it looks like. */
export function recordWriter({ key, redactor }: { readonly key: string; readonly redactor: Redactor }): (entry: AuditEntry, place: RecordPlace) => AuditRecord {
  const hash = callerHash(key);
  const modelOf = stateableModel(redactor);
  const requestIdOf = (id: string): string => {
    if (UUID.test(id)) return id;
    return REQUEST_ID.test(id) && redactor.text(id) === id && !isAddress(id) ? id : REDACTED;
  };
  return (entry, { time, gate, seq }) => {
    const { identity, usage, reason, status } = entry;
    const model = usage.model === undefined ? undefined : modelOf(usage.model);
    // JSON leaves out what is undefined.
    return {
      schema: AUDIT_SCHEMA_VERSION,
      time,
      gate,
      seq,
      request_id: requestIdOf(entry.requestId),
      identity: identity && hash(identity),
      proof: identity && [...identity.proofs].sort().join('+'),
      action: ACTION.test(entry.action) ? entry.action : '- -',
      outcome: entry.outcome,
      reason: reason === undefined || REASON.test(reason) ? reason : 'unnamed',
      status: isCount(status) && status >= 100 && status <= 599 ? status : undefined,
      latency_ms: microseconds(entry.latencyMs) / 1000,
      bytes_in: isCount(entry.bytesIn) ? entry.bytesIn : 0,
      bytes_out: isCount(entry.bytesOut) ? entry.bytesOut : 0,
      stream: entry.isStream || undefined,
      model,
      prompt_tokens: countOf(usage.promptTokens),
      completion_tokens: countOf(usage.completionTokens),
      total_tokens: countOf(usage.totalTokens),
    };
  };
}

/** 0 where it is no time, such as where a clock was turned back. */
function microseconds(milliseconds: number): number {
  const rounded = Math.round(milliseconds * 1000);
  return isCount(rounded) ? rounded : 0;
}

function isCount(figure: number | undefined): figure is number {
  return Number.isSafeInteger(figure) && Number(figure) >= 0;
}

function countOf(figure: number | undefined): number | undefined {
  return isCount(figure) ? figure : undefined;
}
