import { insightsToSql, linesTable } from '../../../src/drill/delivery/insights';
import { DeliveryNotEmulated } from '../../../src/drill/delivery/not-emulated';
import { NOON } from './designs';

const TABLE = linesTable(['{"event":"audit","status":401,"detail":{"who":"x"},"final":true}', 'plain error'], NOON);

test('what a line of JSON holds are fields, with dots for what lies within', () => {
  expect(TABLE.columns).toEqual(expect.arrayContaining([
    { name: 'event', type: 'string' }, { name: 'status', type: 'double' }, { name: 'detail.who', type: 'string' }, { name: 'final', type: 'boolean' }, { name: '@message', type: 'string' },
  ]));
  expect(TABLE.rows.map((row) => row['@message'])).toEqual(['{"event":"audit","status":401,"detail":{"who":"x"},"final":true}', 'plain error']);
});

test.each([
  ['filter event = "audit" and status in [401, 403]', 'SELECT * FROM (SELECT * FROM lines) AS stage WHERE "event" = \'audit\' AND "status" IN ( 401 , 403 )'],
  ['fields @message | filter @message like /(?i)err|warn/', 'SELECT * FROM (SELECT * FROM (SELECT * FROM lines) AS stage) AS stage WHERE "@message" SIMILAR TO \'(?s).*(?:(?i)err|warn).*\''],
  ['filter @message like "it\'s"', 'SELECT * FROM (SELECT * FROM lines) AS stage WHERE "@message" LIKE \'%it\'\'s%\''],
  ['stats count(*) as n by event', 'SELECT "event", count ( * ) AS "n" FROM (SELECT * FROM lines) AS stage GROUP BY 1'],
  ['sort status desc | limit 5', 'SELECT * FROM (SELECT * FROM (SELECT * FROM lines) AS stage ORDER BY "status" DESC) AS stage LIMIT 5'],
  ['# a comment\ndisplay event, detail.who', 'SELECT "event", "detail.who" FROM (SELECT * FROM lines) AS stage'],
  ['filter ispresent(status) and not (status < 400)', 'SELECT * FROM (SELECT * FROM lines) AS stage WHERE is_present ( "status" ) AND NOT ( "status" < 400 )'],
])('%s', (query, sql) => {
  expect(insightsToSql(query, TABLE)).toBe(sql);
});

test('a field that no line has is nothing', () => {
  expect(insightsToSql('filter nowhere = 1', TABLE)).toContain('(SELECT *, NULL AS "nowhere" FROM lines)');
});

test('a name that the query itself gives is no such field', () => {
  expect(insightsToSql('stats sum(status) as total | sort total', TABLE)).not.toContain('NULL');
});

test.each(['parse @message "a *" as b', 'filter ceil(status) = 1', 'dedup event', 'filter status ~ 1'])('%s is not guessed at', (query) => {
  expect(() => insightsToSql(query, TABLE)).toThrow(DeliveryNotEmulated);
});
