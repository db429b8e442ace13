import { AUDIT_EVENT, AUDIT_SCHEMA_VERSION, type AuditRecord } from './contract';

/** What stands in a field. `count`: a whole number from 0. `figure`: a number from 0. */
export type AuditFieldKind = 'text' | 'count' | 'figure' | 'flag';

interface AuditFieldFacts<Value, IsAlways extends boolean> {
  readonly kind: Value extends string ? 'text' : Value extends boolean ? 'flag' : 'count' | 'figure';
  /** Whether every record has it. */
  readonly isAlways: IsAlways;
  readonly meaning: string;
  /** What its text matches, whole; of JSON Schema, so none of a single language's. */
  readonly pattern?: string;
  /** The only ones that it takes. */
  readonly values?: readonly Value[];
}

type IsAlways<Name extends keyof AuditRecord> = object extends Pick<AuditRecord, Name> ? false : true;

/** Each field of `AuditRecord` once, in the order in which it is written; a field that is missing here does not compile, and neither does one that no record has. */
const FACTS: { readonly [Name in keyof Required<AuditRecord>]: AuditFieldFacts<Required<AuditRecord>[Name], IsAlways<Name>> } = {
  schema: { kind: 'count', isAlways: true, meaning: 'The version of this table.', values: [AUDIT_SCHEMA_VERSION] },
  time: { kind: 'text', isAlways: true, meaning: 'When it was over: ISO 8601, UTC, milliseconds.', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' },
  gate: { kind: 'text', isAlways: true, meaning: 'The process that wrote it; made when it starts.', pattern: '^[0-9a-f]{16}$' },
  seq: { kind: 'count', isAlways: true, meaning: 'From 1, one more with each record of a gate.' },
  request_id: { kind: 'text', isAlways: true, meaning: 'What caller and Core know the request by (`x-request-id`).', pattern: '^([A-Za-z0-9._-]{1,64}|\\[REDACTED\\])$' },
  identity: { kind: 'text', isAlways: false, meaning: 'Keyed hash of the caller; absent where nobody was proven.', pattern: '^[0-9a-f]{32}$' },
  proof: { kind: 'text', isAlways: false, meaning: 'What proved it.', pattern: '^[a-z]{1,20}(\\+[a-z]{1,20}){0,3}$' },
  action: { kind: 'text', isAlways: true, meaning: 'Method and declared path.', pattern: '^([A-Z]{1,20}|-) (-|/[^ "\\\\]{0,512})$' },
  outcome: { kind: 'text', isAlways: true, meaning: 'What became of it.', values: ['served', 'answered', 'refused', 'failed', 'cut'] },
  reason: { kind: 'text', isAlways: false, meaning: 'Why it was not served; absent where all went well.', pattern: '^[a-z0-9-]{1,64}$' },
  status: { kind: 'count', isAlways: false, meaning: 'As it was sent; absent where nobody was told anything.' },
  latency_ms: { kind: 'figure', isAlways: true, meaning: 'From the end of the headers until it was over.' },
  bytes_in: { kind: 'count', isAlways: true, meaning: 'Of the body that the caller sent.' },
  bytes_out: { kind: 'count', isAlways: true, meaning: 'Of the body that the caller got.' },
  stream: { kind: 'flag', isAlways: false, meaning: 'It held one of the caller\'s streams.', values: [true] },
  model: { kind: 'text', isAlways: false, meaning: 'As the Core states it.', pattern: '^[A-Za-z0-9][A-Za-z0-9_.:/@+-]{0,127}$' },
  prompt_tokens: { kind: 'count', isAlways: false, meaning: 'As the Core states it.' },
  completion_tokens: { kind: 'count', isAlways: false, meaning: 'As the Core states it.' },
  total_tokens: { kind: 'count', isAlways: false, meaning: 'As the Core states it; it is not added up.' },
  worker: { kind: 'text', isAlways: false, meaning: 'The worker that asked a broker, once its signature held.', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
  job: { kind: 'text', isAlways: false, meaning: 'The job that it asked for.', pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$' },
  credential: { kind: 'text', isAlways: false, meaning: 'The credential that it asked for: its id.', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
  lease: { kind: 'text', isAlways: false, meaning: 'The lease: hash of its id.', pattern: '^[0-9a-f]{16}$' },
};

/** A field of the audit record, for whoever makes a table, a schema or a page of them. */
export interface AuditField {
  readonly name: keyof AuditRecord;
  readonly kind: AuditFieldKind;
  readonly isAlways: boolean;
  readonly meaning: string;
  readonly pattern?: string;
  readonly values?: readonly (string | number | boolean)[];
}

/** All fields of `AuditRecord`, in the order in which they are written. */
export const AUDIT_FIELDS: readonly AuditField[] = (Object.keys(FACTS) as (keyof AuditRecord)[]).map((name) => ({ name, ...FACTS[name] }));

const JSON_TYPES: Readonly<Record<AuditFieldKind, object>> = {
  text: { type: 'string' },
  count: { type: 'integer', minimum: 0 },
  figure: { type: 'number', minimum: 0 },
  flag: { type: 'boolean' },
};

/** The JSON Schema of a line that is a record; `docs/audit-record.schema.json` is this. Readers let unknown fields be, since new ones may come (see the contract). */
export function auditRecordSchema(): object {
  const properties = AUDIT_FIELDS.map(({ name, kind, meaning, pattern, values }) => [name, {
    ...JSON_TYPES[kind], description: meaning, ...(pattern !== undefined && { pattern }), ...(values && { enum: values }),
  }]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Audit record of cdk-secure-core',
    type: 'object',
    properties: { event: { const: AUDIT_EVENT }, ...Object.fromEntries(properties) as object },
    required: ['event', ...AUDIT_FIELDS.filter(({ isAlways }) => isAlways).map(({ name }) => name)],
  };
}
