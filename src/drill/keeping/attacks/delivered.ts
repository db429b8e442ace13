import type { AuditRecord } from '../../../audit/contract';
import type { JsonMap } from '../../../checks/template/template';
import { listed } from '../../../listed';
import type { AttackResult } from '../../attack';
import { type ObjectReading, readObject, type StoredObject, textOf } from '../../delivery/read-object';
import type { TableDesign } from '../../delivery/table';
import { defineKeepingAttack } from '../attack';
import { BUCKET_RIGHTS_GONE } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { carry } from '../trail/carry';
import { linesOf, seededRecords } from '../trail/seeds';
import { logStreams, trailOf } from '../trail/trails';
import { ALL_TAKEN, COLUMN_GONE, NARROW_COLUMNS, NOT_DELIMITED, NOT_EXTRACTED, NOT_HANDED_ON, NOT_PROJECTED, NOT_UNPACKED, NOTHING_MASKED, REFUSALS_NOT_TAKEN, UNSUBSCRIBED } from '../trail-saboteurs';

const MAX_LISTED = 3;

const OF_A_STREAM = { evidence: 'template-intent', needs: 'delivery stream that takes lines of a log', targets: logStreams } as const;

/** Made up: what someone has written to a Core is in its log and nowhere else. */
const WORDS = 'drill-words-of-a-prompt';
/** Shapes of credentials and of an address, made up and put together here so that no scanner takes them for leaks. */
const SHAPES: Readonly<Record<string, string>> = {
  'API key': ['ctx', 'drill0123456789abcdef'].join('_'),
  'provider\'s key': ['sk', 'proj', '0123456789abcdefghijABCDEFGHIJ'].join('-'),
  'token': ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJkcmlsbCJ9', 'c2lnbmF0dXJlLW9mLWEtZHJpbGw'].join('.'),
  'e-mail address': ['drill.person', 'example.com'].join('@'),
};

export const DELIVERED_ATTACKS = [
  defineKeepingAttack('AUD-1', 'delivered', {
    tries: 'Writes records of every kind to the log, has them carried on by a stand-in for CloudWatch Logs, Firehose and replication, and reads what is delivered through the table over it',
    expects: 'Each record is there once, with all that it held, in columns into which it fits.',
    ...OF_A_STREAM,
    run: async (target, scene) => {
      const trail = trailOf(scene, scene.now(target));
      const now = Date.now();
      const records = seededRecords(now);
      const { objects, refusal } = await carry(scene, trail, linesOf(records, now), now);
      if (refusal !== undefined) return { verdict: 'succeeded', saw: `Records do not get to where they are to stay: ${refusal}` };
      const [first, ...others] = trail.tables.map((table) => ({ table, reading: readAll(table, objects, now) }));
      if (first === undefined) return { verdict: 'succeeded', saw: 'No table says how what is delivered is read.' };
      const { table, reading } = others.find((other) => other.reading.faults.length === 0) ?? first;
      if (reading.faults.length > 0) return { verdict: 'succeeded', saw: `What is delivered does not fit the table: ${listed(reading.faults, MAX_LISTED)}` };
      return compared(scene, records, table, reading.rows);
    },
    saboteurs: [NOT_UNPACKED, NOT_EXTRACTED, NOT_DELIMITED, UNSUBSCRIBED, REFUSALS_NOT_TAKEN, NARROW_COLUMNS, COLUMN_GONE, NOT_PROJECTED, NOT_HANDED_ON, BUCKET_RIGHTS_GONE],
  }),
  defineKeepingAttack('RED-1', 'archived', {
    tries: 'Writes words of a prompt to a Core\'s log, and a key, a token and an address into lines that a gate might write by mistake, and looks for them where records are to stay',
    expects: 'None of them is there.',
    ...OF_A_STREAM,
    run: async (target, scene) => {
      const trail = trailOf(scene, scene.now(target));
      const now = Date.now();
      const [record, ...rest] = seededRecords(now);
      if (record === undefined) throw new Error('there are no records to write.');
      const mistaken = Object.values(SHAPES).map((shape, index) => ({ ...record, seq: 1000 + index, model: shape }));
      const lines = [`prompt: ${WORDS}`, JSON.stringify({ level: 'info', event: 'request', message: WORDS }), ...linesOf([...rest, ...mistaken], now)];
      const { objects, refusal } = await carry(scene, trail, lines, now);
      if (objects.length === 0) throw new Error(refusal ?? 'nothing was delivered.');
      const texts = objects.map((object) => textOf(object) ?? object.body.toString('latin1'));
      const told = [['words of a prompt', WORDS] as const, ...Object.entries(SHAPES)].filter(([, canary]) => texts.some((text) => text.includes(canary))).map(([name]) => name);
      if (told.length > 0) return { verdict: 'succeeded', saw: `What is archived holds: ${listed(told, MAX_LISTED)}.` };
      return { verdict: 'withstood', saw: `None of ${Object.keys(SHAPES).length + 1} texts is in any of ${objects.length} objects.` };
    },
    saboteurs: [ALL_TAKEN, NOTHING_MASKED],
  }),
] as const;

export function readAll(table: TableDesign, objects: readonly StoredObject[], now: number): ObjectReading {
  const readings = objects.map((object) => readObject(table, object, now));
  return { rows: readings.flatMap(({ rows }) => rows), faults: readings.flatMap(({ faults }) => faults) };
}

/** Record by record, and then as SQL sees them. */
async function compared(scene: KeepingScene, records: readonly AuditRecord[], table: TableDesign, rows: readonly JsonMap[]): Promise<AttackResult> {
  const found = rows.filter(({ event }) => event === 'audit');
  const missing = records.filter((record) => found.filter(({ seq }) => seq === record.seq).length !== 1).map(({ seq, outcome }) => `${seq} (${outcome})`);
  if (missing.length > 0) return { verdict: 'succeeded', saw: `These records are not there once: ${listed(missing, MAX_LISTED)}.` };
  const altered = records.filter((record) => Object.entries(record).some(([name, value]) => found.find(({ seq }) => seq === record.seq)?.[name] !== value));
  if (altered.length > 0) return { verdict: 'succeeded', saw: `${altered.length} records are not what was written.` };
  const columns = [...table.columns, ...table.partitions];
  const [sums] = await scene.ask([{ name: table.name, columns, rows }], `SELECT COUNT(*) AS records, SUM(bytes_in) AS bytes FROM "${table.name}" WHERE event = 'audit'`);
  const bytes = records.reduce((sum, { bytes_in: of }) => sum + of, 0);
  if (Number(sums?.records) !== records.length || Number(sums?.bytes) !== bytes) return { verdict: 'succeeded', saw: 'SQL does not count what was written.' };
  return { verdict: 'withstood', saw: `All ${records.length} records are there once and unaltered, and SQL counts them.` };
}
