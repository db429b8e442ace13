import { gunzipSync } from 'node:zlib';
import type { JsonMap } from '../../checks/template/template';
import { parsedLine } from '../json';
import { DeliveryNotEmulated } from './not-emulated';
import { partitionOf } from './partitions';
import { fits, type TableDesign } from './table';

/** An object as it lies in a bucket. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
}

export interface ObjectReading {
  /** Of lines that are rows of the table, with the values of its partitions. */
  readonly rows: readonly JsonMap[];
  /** Sentences about what does not fit the table. */
  readonly faults: readonly string[];
}

/** Readers of JSON, a line each (Athena guide, "JSON SerDe libraries"). */
const JSON_SERDES: ReadonlySet<string> = new Set(['org.openx.data.jsonserde.JsonSerDe', 'org.apache.hive.hcatalog.data.JsonSerDe']);

/**
 * Reads an object as Athena does through a table, and more strictly: it would make NULL of what does not fit, and let unknown fields be. Empty lines are none.
 *
 * @param now when: milliseconds since 1970
 */
export function readObject(table: TableDesign, { bucket, key, body }: StoredObject, now: number): ObjectReading {
  if (!JSON_SERDES.has(table.serde)) throw new DeliveryNotEmulated(`A table that is read by ${table.serde} is not read here.`);
  const partition = partitionOf(table, `s3://${bucket}/${key}`, now);
  if (partition === undefined) return { rows: [], faults: [`The table does not come to ${key}.`] };
  const text = textOf({ key, body });
  if (text === undefined) return { rows: [], faults: [`${key} is not compressed as its name says.`] };
  const rows: JsonMap[] = [];
  const faults: string[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const row = parsedLine(line);
    const wrong = row === undefined ? 'is no JSON object' : misfit(table, row);
    if (row !== undefined && wrong === undefined) rows.push({ ...row, ...partition });
    else faults.push(`Line ${index + 1} of ${key} ${wrong}.`);
  });
  return { rows, faults };
}

/** What an object says; undefined where it is not compressed as its name says. By its ending alone it is taken for compressed. */
export function textOf({ key, body }: Pick<StoredObject, 'key' | 'body'>): string | undefined {
  try {
    return (key.endsWith('.gz') ? gunzipSync(body) : body).toString();
  } catch {
    return undefined;
  }
}

function misfit({ columns, serdeParameters }: TableDesign, row: JsonMap): string | undefined {
  const nameIn = (column: string): string => serdeParameters[`mapping.${column}`] ?? column;
  const known = new Map(columns.map(({ name, type }) => [nameIn(name), type]));
  for (const [name, value] of Object.entries(row)) {
    const type = known.get(name);
    if (type === undefined) return `has ${name}, for which there is no column`;
    if (!fits(value, type)) return `has a ${name} that is no ${type}`;
  }
  return undefined;
}
