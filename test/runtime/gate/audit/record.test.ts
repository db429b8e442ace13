import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { AUDIT_FIELDS, auditRecordSchema } from '../../../../src/audit/record-fields';
import { recordWriter } from '../../../../src/runtime/gate/audit/record';
import type { AuditEntry, Identity } from '../../../../src/runtime/gate/ports';
import { createRedactor } from '../../../../src/runtime/shared/redactor';
import { ALICE, AUDIT_KEY, auditEntry } from '../../../support/audit';
import { url64 } from '../../../support/credential-shapes';

const PLACE = { time: '2026-01-02T12:00:00.000Z', gate: '0123456789abcdef', seq: 7 };
const toRecord = recordWriter({ key: AUDIT_KEY, redactor: createRedactor({ secrets: ['known-to-the-gate'] }) });
/** What a gate has nothing of. */
const OF_A_BROKER = new Set<string>(['worker', 'job', 'credential', 'lease']);
/** As a reader has it. */
const written = (changes: Partial<AuditEntry> = {}): Record<string, unknown> => JSON.parse(JSON.stringify(toRecord(auditEntry(changes), PLACE))) as Record<string, unknown>;
const hashed = (name: string): string => createHmac('sha256', AUDIT_KEY).update(name).digest('hex').slice(0, 32);

const isRecord = new Ajv({ strict: true }).compile({ ...auditRecordSchema(), additionalProperties: false });
const isValid = (record: object): boolean => isRecord({ event: 'audit', ...record });

test('a request that went well has what the schema has, and nothing else', () => {
  expect(written()).toEqual({
    schema: 1, ...PLACE, request_id: 'r-1', identity: hashed('["alice"]'), proof: 'certificate+token', action: 'POST /v1/chat/completions', outcome: 'served', status: 200,
    latency_ms: 12.346, bytes_in: 10, bytes_out: 20,
  });
});

test('a record that says all there is has every field of the schema, in its order', () => {
  const record = written({ reason: 'x', isStream: true, usage: { model: 'm', promptTokens: 1, completionTokens: 2, totalTokens: 3 } });
  expect(Object.keys(record)).toEqual(AUDIT_FIELDS.map(({ name }) => name).filter((name) => !OF_A_BROKER.has(name)));
  expect(isValid(record)).toBe(true);
});

test('a request of nobody, of which nothing was told, has what every record has', () => {
  const record = written({ identity: undefined, status: undefined, action: '- -', outcome: 'cut', reason: 'caller-gone' });
  expect(Object.keys(record)).toEqual([...AUDIT_FIELDS.filter(({ isAlways }) => isAlways).map(({ name }) => name), 'reason'].sort((one, other) => index(one) - index(other)));
  expect(isValid(record)).toBe(true);
});

const index = (name: string): number => AUDIT_FIELDS.findIndex((field) => field.name === name);

describe('a caller', () => {
  const identityOf = (identity: Partial<Identity>): unknown => written({ identity: { ...ALICE, ...identity } }).identity;

  test('is hashed with a key, so that another key gives another hash', () => {
    const other = recordWriter({ key: 'another', redactor: createRedactor() })(auditEntry(), PLACE).identity;
    expect(other).toMatch(/^[0-9a-f]{32}$/);
    expect(other).not.toBe(identityOf({}));
  });

  test('who asks for somebody is another caller than either, and no two pairs are one', () => {
    const pairs: [string, string?][] = [['alice'], ['alice', 'bob'], ['bob', 'alice'], ['alice","bob'], ['alice', ''], ['ali', 'cebob'], ['["alice"]']];
    const hashes = pairs.map(([subject, endUser]) => identityOf({ subject, endUser }));
    expect(new Set(hashes).size).toBe(pairs.length);
    expect(hashes[1]).toBe(hashed('["alice","bob"]'));
  });

  test('is the same one after ten thousand others, and where his name is long', () => {
    const first = identityOf({});
    for (let caller = 0; caller < 10_001; caller += 1) identityOf({ subject: String(caller) });
    expect(identityOf({})).toBe(first);
    const long = 'x'.repeat(5000);
    expect([identityOf({ subject: long }), identityOf({ subject: long })]).toEqual([hashed(`["${long}"]`), hashed(`["${long}"]`)]);
  });
});

describe('a model', () => {
  const modelOf = (model: string): unknown => written({ usage: { model } }).model;
  test.each(['gpt-4o', 'ft:gpt-4o-mini:acme::AbC123', 'meta-llama/Llama-3.1-8B-Instruct', 'claude-sonnet-4@20250514', 'anthropic.claude-3:0'])('%s is stated, and once more', (model) => {
    expect([modelOf(model), modelOf(model)]).toEqual([model, model]);
  });
  test.each([
    '', ' gpt', 'say hello', 'a\nb', 'a"b', '-x', 'x'.repeat(129), 'mödel',
    `ctx_${url64(43)}`, `sk-proj-${url64(40)}`, 'alice@example.com', `eyJ${url64(20)}.${url64(20)}.${url64(20)}`, 'known-to-the-gate',
  ])('%j is not', (model) => {
    expect([modelOf(model), modelOf(model)]).toEqual([undefined, undefined]);
  });
});

describe('a request id', () => {
  test.each(['r-1', 'A.b_c-9', '0b3f1a2c-1111-4222-8333-444455556666'])('%s stays as it is', (requestId) => expect(written({ requestId }).request_id).toBe(requestId));
  test.each([
    'alice.smith_40acme.com', 'alice.40acme.com', 'alice-at-acme.com', 'bob.jones_at_mail.acme.co', Buffer.from('alice@acme.com').toString('base64url'), Buffer.from('alice@acme.com').toString('hex'),
    Buffer.from('to=alice%40acme.com').toString('base64url'), 'alice_40acme_2ecom',
  ])('%s is the address of a person, and is not repeated', (requestId) => expect(written({ requestId }).request_id).toBe('[REDACTED]'));
  test.each(['look-at-this', 'batch_40', 'a-40-b.com', 'run_at_2030.01.02', 'trace.4012.de', 'f'.repeat(64), 'deploy-at-night.v2', 'A1b2C3d4E5f6G7h8', 'req_40x.json'])(
    '%s only looks a little like one, and stays as it is', (requestId) => expect(written({ requestId }).request_id).toBe(requestId));
  test.each([`ctx_${url64(43)}`, 'known-to-the-gate', 'with blank', 'x'.repeat(65), '', 'a"b'])('%j is not repeated', (requestId) => expect(written({ requestId }).request_id).toBe('[REDACTED]'));
});

test.each<[string, Partial<AuditEntry>, object]>([
  ['an action that no route has', { action: 'POST /x"y' }, { action: '- -' }],
  ['a method in small letters', { action: 'post /x' }, { action: '- -' }],
  ['a reason that is no word', { reason: 'token was "x"' }, { reason: 'unnamed' }],
  ['a status that is none', { status: 42 }, { status: undefined }],
  ['a time that went back', { latencyMs: -3 }, { latency_ms: 0 }],
  ['a time that is none', { latencyMs: Number.NaN }, { latency_ms: 0 }],
  ['sizes that are none', { bytesIn: -1, bytesOut: 1.5 }, { bytes_in: 0, bytes_out: 0 }],
  ['counts that are none', { usage: { promptTokens: -1, completionTokens: 2 ** 53, totalTokens: Number.NaN } }, { prompt_tokens: undefined, completion_tokens: undefined, total_tokens: undefined }],
])('%s is not written', (_, changes, expected) => {
  const record = written(changes);
  for (const [name, value] of Object.entries(expected)) expect([name, record[name]]).toEqual([name, value]);
});

test('whatever is in an entry, its record fits the schema, and holds nothing of what callers write', () => {
  const canary = 'canary of a caller';
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(canary));
  const figure = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Infinity));
  const entries = fc.record({
    requestId: text, action: text, reason: fc.option(text, { nil: undefined }), status: fc.option(figure, { nil: undefined }), latencyMs: figure, bytesIn: figure, bytesOut: figure,
    isStream: fc.boolean(), usage: fc.record({ model: text, promptTokens: figure, completionTokens: figure, totalTokens: figure }),
    path: fc.constant(canary), headers: fc.constant({ cookie: canary }), body: fc.constant(canary),
  });
  fc.assert(fc.property(entries, (entry) => {
    const record = written(entry);
    expect([isValid(record), isRecord.errors]).toEqual([true, null]);
    expect(JSON.stringify(record)).not.toContain('canary');
  }), { numRuns: 500 });
});

test('the schema that is published is this one', () => {
  const published = readFileSync(path.resolve(__dirname, '../../../../docs/audit-record.schema.json'), 'utf8');
  expect(JSON.parse(published)).toEqual(auditRecordSchema());
});

test('the page about records has each field once, in its order, as it is described', () => {
  const page = readFileSync(path.resolve(__dirname, '../../../../docs/audit-record.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (always|–) \| (.*) \|$/gm)].map(([, name, kind, always, meaning]) => ({ name, kind, isAlways: always === 'always', meaning }));
  expect(rows).toEqual(AUDIT_FIELDS.map(({ name, kind, isAlways, meaning }) => ({ name, kind, isAlways, meaning: expect.stringContaining(meaning) as string })));
});
