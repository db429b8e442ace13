import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { insightsToSql, linesTable } from '../../../src/drill/delivery/insights';
import { type AskSql, duckDb, SqlRefused, type SqlTable } from '../../../src/drill/delivery/sql';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';

const TABLE: SqlTable = {
  name: 'records',
  columns: [{ name: 'seq', type: 'bigint' }, { name: 'time', type: 'string' }, { name: 'open', type: 'boolean' }, { name: 'absent', type: 'string' }],
  rows: [{ seq: 5_000_000_000, time: '2026-01-02T12:00:00.000Z', open: true }, { seq: 2, time: 'it\'s "late"' }],
};

let supervisor: Supervisor;
let ask: AskSql;

beforeAll(async () => {
  const [opened, toolbox] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  ask = duckDb(supervisor, toolbox.python);
}, 240_000);
afterAll(() => supervisor.stop());

test('what was put in comes out, and a column that no row has is there', async () => {
  await expect(ask([TABLE], 'SELECT * FROM records ORDER BY seq DESC;')).resolves.toEqual([
    { seq: 5_000_000_000, time: '2026-01-02T12:00:00.000Z', open: true, absent: null }, { seq: 2, time: 'it\'s "late"', open: null, absent: null },
  ]);
});

test('a text stays a text, as in the table, and is made a time by whoever asks for one', async () => {
  const query = 'SELECT typeof("time") AS kind, to_unixtime(from_iso8601_timestamp("time")) AS seconds FROM records WHERE seq > 2';
  await expect(ask([TABLE], query)).resolves.toEqual([{ kind: 'VARCHAR', seconds: 1_767_355_200 }]);
});

test('what does not understand the question says so', async () => {
  await expect(ask([TABLE], 'SELECT nowhere FROM records')).rejects.toThrow(SqlRefused);
});

test('no question reaches a file', async () => {
  const file = path.join(supervisor.folder, 'private.csv');
  writeFileSync(file, 'a\n1\n');
  await expect(ask([], `SELECT * FROM read_csv('${file}')`)).rejects.toThrow(/disabled|Permission/);
  await expect(ask([], `SELECT 1) AS found; SET enable_external_access = true; SELECT * FROM read_csv('${file}'`)).rejects.toThrow(/configuration|disabled|Permission|Parser/);
});

test.each([
  ['filter @message like /(?i)ERROR/', ['plain error']],
  ['filter event = "audit" and status in [401, 403]', ['{"event":"audit","status":401,"detail":{"who":"x"}}']],
  ['filter detail.who = "x"', ['{"event":"audit","status":401,"detail":{"who":"x"}}']],
  ['filter nowhere = 1', []],
  ['filter not ispresent(event) | sort @message desc | limit 1', ['plain error']],
])('a saved query of CloudWatch Logs Insights finds what it asks for: %s', async (query, found) => {
  const table = linesTable(['{"event":"audit","status":401,"detail":{"who":"x"}}', '{"event":"audit","status":200}', 'plain error'], Date.UTC(2026, 0, 2));
  expect((await ask([table], insightsToSql(query, table))).map((row) => row['@message'])).toEqual(found);
});

test('figures are grouped', async () => {
  const table = linesTable(['{"who":"a","n":1}', '{"who":"a","n":2}', '{"who":"b","n":4}'], Date.UTC(2026, 0, 2));
  const sums = await ask([table], insightsToSql('stats sum(n) as total, count(*) as times by who | sort total asc', table));
  expect(sums).toEqual([{ who: 'a', total: 3, times: 2 }, { who: 'b', total: 4, times: 1 }]);
});
