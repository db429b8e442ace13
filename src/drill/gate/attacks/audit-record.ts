import { AUDIT_EVENT, AUDIT_SCHEMA_VERSION, type AuditRecord } from '../../../audit/contract';

type Judge = (value: unknown) => boolean;

const text = (pattern: RegExp): Judge => (value) => typeof value === 'string' && pattern.test(value);
const count: Judge = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const duration: Judge = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const oneOf = (...values: readonly unknown[]): Judge => (value) => values.includes(value);

/** What every record has to say. */
const NEEDED: Readonly<Record<string, Judge>> = {
  event: oneOf(AUDIT_EVENT),
  schema: oneOf(AUDIT_SCHEMA_VERSION),
  time: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  gate: text(/^[\w-]{8,64}$/),
  seq: (value) => count(value) && value !== 0,
  request_id: text(/^[\w.-]{1,64}$/),
  action: text(/^(?:[A-Z]+|-) (?:-|\/\S*)$/),
  outcome: oneOf('served', 'answered', 'refused', 'failed', 'cut'),
  latency_ms: duration,
  bytes_in: count,
  bytes_out: count,
};

/** What some say besides; nothing else is to be found in one. */
const POSSIBLE: Readonly<Record<string, Judge>> = {
  identity: text(/^[0-9a-f]{32}$/),
  proof: text(/^[a-z]+(?:\+[a-z]+)*$/),
  reason: text(/^[a-z0-9-]{1,64}$/),
  status: (value) => count(value) && Number(value) >= 100 && Number(value) <= 599,
  stream: oneOf(true, false),
  model: text(/^[ -~]{1,256}$/),
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
};

/** What is wrong with a record, by the drill's own reading of its schema: fields that it lacks, that are no such values, or that nobody knows. */
export function faultsOf(record: Partial<AuditRecord>): string[] {
  const fields = Object.entries(record);
  const has = new Set(fields.map(([name]) => name));
  return [
    ...Object.keys(NEEDED).filter((name) => !has.has(name)).map((name) => `no ${name}`),
    ...fields.flatMap(([name, value]) => {
      const judge = NEEDED[name] ?? POSSIBLE[name];
      if (judge === undefined) return [`the field ${name}`];
      return judge(value) ? [] : [`another kind of ${name}`];
    }),
  ];
}
