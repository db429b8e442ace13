import type { JsonMap } from '../../../checks/template/template';
import type { AttackResult } from '../../attack';
import { insightsToSql, linesTable } from '../../delivery/insights';
import { SqlRefused, type SqlTable } from '../../delivery/sql';
import { defineKeepingAttack } from '../attack';
import { readEvent } from '../secret-reads';
import type { KeepingScene } from '../scene';
import { carry } from '../trail/carry';
import { brokenGateLines, linesOf, operationalLines, seededRecords } from '../trail/seeds';
import { archiveQueries, logQueries, logStreams, trailOf } from '../trail/trails';
import { QUERIES_MISS, QUERIES_OUTDATED, REVIEWS_ASK_NOBODY, REVIEWS_MISS } from '../trail-saboteurs';
import { LOG_GROUP } from '../types';
import { readAll } from './delivered';

/** What whoever asks fills in. */
const FILLED_IN = '\'drill-1\'';

export const SAVED_QUERY_ATTACKS = [
  defineKeepingAttack('MON-7', 'archive-queries', {
    tries: 'Has records of every kind delivered, those of a gate that was killed among them, and asks the table what the saved query asks; a question mark is filled with the id of a request',
    expects: 'It finds something.',
    evidence: 'template-intent',
    needs: 'saved query for a table over delivered records',
    targets: archiveQueries,
    run: async (target, scene) => {
      const { QueryString: query = '', Database: database = '' } = scene.propertiesOf(scene.now(target));
      const tables = await filledTables(scene, String(database));
      if (tables.length === 0) return { verdict: 'succeeded', saw: `There is no table in the database ${String(database)}.` };
      return asked(scene, tables, String(query).replace(/\?/g, FILLED_IN));
    },
    saboteurs: [QUERIES_MISS, QUERIES_OUTDATED],
  }),
  defineKeepingAttack('MON-7', 'log-queries', {
    tries: 'Writes records, warnings, failures and reads of secrets to the log groups that a saved query of CloudWatch Logs Insights names, and asks what it asks',
    expects: 'Each group is there, and it finds something.',
    evidence: 'template-intent',
    needs: 'saved query for a log group of records or of reads of secrets',
    targets: logQueries,
    run: async (target, scene) => {
      const { QueryString: query = '', LogGroupNames: named = [] } = scene.propertiesOf(scene.now(target));
      const groups = (named as readonly string[]).map(String);
      const there = scene.graph.ofType(LOG_GROUP).map((group) => scene.id(group));
      const missing = groups.find((group) => !there.includes(group));
      if (groups.length === 0 || missing !== undefined) return { verdict: 'succeeded', saw: `The query asks ${missing ?? 'no log group'}, which is not there.` };
      const now = Date.now();
      const read = { account: '111122223333', region: 'eu-central-1', secretId: 'drill', role: 'drill-stranger', isDenied: true };
      const table = linesTable([...linesOf(seededRecords(now), now), ...operationalLines(now), JSON.stringify(readEvent(read))], now);
      return asked(scene, [table], insightsToSql(String(query), table));
    },
    saboteurs: [REVIEWS_MISS, REVIEWS_ASK_NOBODY],
  }),
] as const;

/** Tables of a database with what was delivered in them. */
async function filledTables(scene: KeepingScene, database: string): Promise<SqlTable[]> {
  const now = Date.now();
  const filled: SqlTable[] = [];
  for (const { resource } of logStreams({ graph: scene.graph })) {
    const trail = trailOf(scene, resource);
    const tables = trail.tables.filter((table) => table.database === database);
    if (tables.length === 0) continue;
    const { objects, refusal } = await carry(scene, trail, [...linesOf(seededRecords(now), now), ...brokenGateLines(now)], now);
    if (refusal !== undefined) throw new Error(`records are not delivered: ${refusal}`);
    for (const table of tables) {
      const { rows, faults: [fault] } = readAll(table, objects, now);
      if (fault !== undefined) throw new Error(`what is delivered does not fit the table: ${fault}`);
      filled.push({ name: table.name, columns: [...table.columns, ...table.partitions], rows });
    }
  }
  return filled;
}

async function asked(scene: KeepingScene, tables: readonly SqlTable[], sql: string): Promise<AttackResult> {
  let found: readonly JsonMap[];
  try {
    found = await scene.ask(tables, sql);
  } catch (error) {
    if (!(error instanceof SqlRefused)) throw error;
    return { verdict: 'succeeded', saw: `The query cannot be asked: ${error.message.split('\n')[0] ?? ''}` };
  }
  scene.note(`Asked by DuckDB: ${found.length} rows. ${JSON.stringify(found[0] ?? null)}`);
  return found.length > 0 ? { verdict: 'withstood', saw: `It finds ${found.length} rows.` } : { verdict: 'succeeded', saw: 'It finds nothing.' };
}
