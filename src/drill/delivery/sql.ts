import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { JsonMap } from '../../checks/template/template';
import { lastLines } from '../processes/last-lines';
import type { Supervisor } from '../processes/supervisor';
import type { Column } from './table';

/** Rows under a name. */
export interface SqlTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly JsonMap[];
}

/** Asks tables by SQL. Rejects with the engine's words where it does not understand. */
export type AskSql = (tables: readonly SqlTable[], sql: string) => Promise<JsonMap[]>;

/** Types of Hive, as DuckDB calls them. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR', boolean: 'BOOLEAN', tinyint: 'TINYINT', smallint: 'SMALLINT', int: 'INTEGER', integer: 'INTEGER', bigint: 'BIGINT', double: 'DOUBLE', float: 'FLOAT', timestamp: 'TIMESTAMP',
};

/** Functions of Athena, and of CloudWatch Logs Insights, that DuckDB calls otherwise. */
const WORDS = [
  'CREATE MACRO from_iso8601_timestamp(moment) AS CAST(moment AS TIMESTAMPTZ)',
  'CREATE MACRO to_unixtime(moment) AS epoch(moment)',
  'CREATE MACRO regexp_like(value, pattern) AS regexp_matches(value, pattern)',
  'CREATE MACRO approx_distinct(value) AS count(DISTINCT value)',
  'CREATE MACRO approx_percentile(value, share) AS quantile_cont(value, share)',
  'CREATE MACRO is_present(value) AS value IS NOT NULL',
  'CREATE MACRO json_extract_scalar(value, place) AS json_extract_string(value, place)',
];

const LAST_LINES = 3;

/** Makes the tables, shuts itself off from everything else, and answers the question as JSON. */
const PROGRAM = `
import json, sys, duckdb
asked = json.load(open(sys.argv[1]))
engine = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
engine.execute("SET TimeZone = 'UTC'")
for word in asked["words"]:
    engine.execute(word)
for table in asked["tables"]:
    names = ", ".join('"%s" %s' % (name.replace('"', '""'), kind) for name, kind in table["columns"])
    name = '"%s"' % table["name"].replace('"', '""')
    engine.execute("CREATE TABLE %s (%s)" % (name, names))
    holes = ", ".join("?" for _ in table["columns"])
    for row in table["rows"]:
        engine.execute("INSERT INTO %s VALUES (%s)" % (name, holes), row)
engine.execute("SET enable_external_access = false")
engine.execute("SET lock_configuration = true")
try:
    rows = [json.loads(row[0]) for row in engine.execute("SELECT CAST(to_json(found) AS VARCHAR) FROM (" + asked["sql"] + ") AS found").fetchall()]
    answer = {"rows": rows}
except Exception as error:
    answer = {"error": str(error)}
json.dump(answer, open(sys.argv[2], "w"))
`;

/**
 * DuckDB of the toolbox. The emulator's Athena has the same engine, and is not asked: it makes a table's columns of what the objects hold instead of what the table
 * says (a field of none is no column, a time in a text becomes one), and knows neither projected partitions nor the fillings of a question mark.
 */
export function duckDb(supervisor: Pick<Supervisor, 'start' | 'folder'>, python: string): AskSql {
  return async (tables, sql) => {
    const [question, answered] = ['asked', 'answered'].map((what) => path.join(supervisor.folder, `sql-${what}-${randomUUID()}.json`)) as [string, string];
    await writeFile(question, JSON.stringify({ words: WORDS, tables: tables.map(asList), sql: sql.trim().replace(/;$/, '') }));
    try {
      const running = supervisor.start('DuckDB', python, ['-I', '-c', PROGRAM, question, answered]);
      const code = await running.exited;
      if (code !== 0) throw new Error(`DuckDB ended without an answer: ${lastLines(running.output(), LAST_LINES).trim()}`);
      const { rows = [], error } = JSON.parse(await readFile(answered, 'utf8')) as { readonly rows?: JsonMap[]; readonly error?: string };
      if (error !== undefined) throw new SqlRefused(error);
      return rows;
    } finally {
      await Promise.all([question, answered].map((file) => rm(file, { force: true })));
    }
  };
}

/** The question is at fault, by the engine's words. */
export class SqlRefused extends Error {}

function asList({ name, columns, rows }: SqlTable): object {
  return {
    name,
    columns: columns.map((column) => [column.name, TYPES[column.type] ?? 'VARCHAR']),
    rows: rows.map((row) => columns.map((column) => {
      const value = row[column.name] ?? null;
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    })),
  };
}
