import { audit, type AuditOptions } from '../../src/cli/audit';
import type { AuditAws, LogAnswer, LogQuery } from '../../src/cli/audit/aws';
import { type QuestionName, QUESTION_NAMES } from '../../src/cli/audit/queries';
import { NO_COLORS } from '../../src/cli/colors';
import type { StackResource } from '../../src/cli/lockdown/aws';
import { AUDIT_FIELDS } from '../../src/audit/record-fields';
import { gateTask, SERVICE } from '../support/fake-deployed';

const HASH = '80999cd9f7900347afd61521e9983769';
const READS: StackResource = { type: 'AWS::Logs::LogGroup', path: 'Core/Records', physicalId: '/aws/events/CoreRecords' };

class FakeAuditAws implements AuditAws {
  public resources: StackResource[] | undefined = [SERVICE, READS, { ...READS, physicalId: 'hot' }];
  public readonly asked: LogQuery[] = [];
  public answers: LogAnswer[] = [];
  public afterwards: LogAnswer = { state: 'complete', rows: [] };
  public task = gateTask();

  public resourcesOf(): Promise<StackResource[] | undefined> { return Promise.resolve(this.resources); }
  public taskOf(): Promise<ReturnType<typeof gateTask>> { return Promise.resolve(this.task); }
  public ask(query: LogQuery): Promise<string> { return Promise.resolve(String(this.asked.push(query))); }
  public answer(): Promise<LogAnswer> {
    const [next = this.afterwards] = this.answers;
    this.answers = this.answers.slice(1);
    return Promise.resolve(next);
  }
}

let aws: FakeAuditAws;
let now: number;
let printed: string[];
let said: string[];
beforeEach(() => {
  aws = new FakeAuditAws();
  now = Date.parse('2030-01-02T03:04:05Z');
  printed = [];
  said = [];
});
const ask = (question: QuestionName, options: Partial<AuditOptions> = {}): Promise<boolean> => audit('Core', question, { since: '24h', format: 'text', ...options }, {
  aws, now: () => new Date(now), sleep: (ms) => { now += ms; return Promise.resolve(); }, paint: NO_COLORS, print: (line) => printed.push(line), say: (line) => said.push(line),
});

describe('audit', () => {
  test('asks the log group in which the gates write, of the time that was named', async () => {
    expect(await ask('usage')).toBe(true);
    expect(aws.asked).toMatchObject([{ logGroups: ['hot'], from: new Date('2030-01-01T03:04:05Z'), to: new Date('2030-01-02T03:04:05Z'), limit: 10_000 }]);
    expect([printed, said]).toEqual([[], ['Nothing between 2030-01-01T03:04:05.000Z and 2030-01-02T03:04:05.000Z.']]);
  });

  test.each([['90m', '2030-01-02T01:34:05.000Z'], ['7d', '2029-12-26T03:04:05.000Z'], ['2030-01-02T00:00:00Z', '2030-01-02T00:00:00.000Z']])('takes %s for a beginning', async (since, from) => {
    await ask('failures', { since });
    expect(aws.asked[0]?.from.toISOString()).toBe(from);
  });

  test.each(['', '24', '0h', 'yesterday', '2031-01-02T00:00:00Z', '2030-01-02', '2030-13-02T00:00:00Z', '2030-01-02T00:00:00+01:00', '-5h'])('does not guess what %j is', async (since) => {
    await expect(ask('usage', { since })).rejects.toThrow(`--since ${since}: give a period`);
    expect(aws.asked).toEqual([]);
  });

  test('asks of one caller, or of one request, and refuses what could be more than a word of the question', async () => {
    await ask('usage', { identity: HASH });
    await ask('failures', { identity: HASH });
    await ask('request', { requestId: 'r-1' });
    expect(aws.asked.map(({ text }) => text)).toEqual([expect.stringContaining(`identity = "${HASH}"`),
      expect.stringContaining(`identity = "${HASH}"`), expect.stringContaining('request_id = "r-1"')]);
    for (const bad of ['', 'alice', `${HASH}"`, '" or 1=1 or identity = "', HASH.toUpperCase()]) await expect(ask('usage', { identity: bad })).rejects.toThrow('--identity');
    for (const bad of ['', 'a b', '" | limit 0', 'x'.repeat(65)]) await expect(ask('request', { requestId: bad })).rejects.toThrow('--request-id');
    await expect(ask('request')).rejects.toThrow('--request-id is missing');
    await expect(ask('secrets', { identity: HASH })).rejects.toThrow('says nothing about secrets');
    expect(aws.asked).toHaveLength(3);
  });

  test('asks of reads of secrets where EventBridge delivers them', async () => {
    await ask('secrets');
    expect(aws.asked).toMatchObject([{ logGroups: ['/aws/events/CoreRecords'] }]);
    aws.resources = [SERVICE];
    await expect(ask('secrets')).rejects.toThrow('keeps no reads of its secrets');
  });

  test('names no field that a record does not have', async () => {
    const fields = new Set<string>([...AUDIT_FIELDS.map(({ name }) => name), 'event', 'requests', 'bytes_sent', 'tokens', 'first', 'last']);
    for (const question of QUESTION_NAMES.filter((name) => name !== 'secrets')) {
      await ask(question, question === 'request' ? { requestId: 'r' } : {});
      const words = (aws.asked.at(-1)?.text ?? '').replace(/"[^"]*"/g, '').match(/[a-z_]+/g) ?? [];
      const known = new Set(['filter', 'fields', 'stats', 'sort', 'count', 'sum', 'min', 'max', 'as', 'by', 'and', 'desc', 'asc', 'ispresent']);
      expect(words.filter((word) => !known.has(word) && !fields.has(word))).toEqual([]);
    }
  });

  test('shows a table without the columns that nobody has, and the same as data', async () => {
    const rows = [{ identity: HASH, reason: '', requests: '12' }, { reason: '', requests: '3' }] as Record<string, string>[];
    aws.answers = [{ state: 'running' }, { state: 'complete', rows }];
    await ask('failures');
    expect(printed).toEqual([`identity${' '.repeat(24)}  requests`, `${HASH}  12`, `${' '.repeat(32)}  3`]);
    printed = [];
    aws.answers = [{ state: 'complete', rows }];
    await ask('failures', { format: 'json' });
    expect(JSON.parse(printed.join('\n'))).toEqual(rows);
  });

  test('says that there is more than can be shown', async () => {
    aws.answers = [{ state: 'complete', rows: Array.from({ length: 10_000 }, () => ({ a: '1' })) }];
    await ask('usage', { format: 'json' });
    expect(said.at(-1)).toMatch(/There are more/);
  });

  test('gives up where there is no answer, or none in five minutes', async () => {
    aws.answers = [{ state: 'failed' }];
    await expect(ask('usage')).rejects.toThrow('did not answer the question');
    aws.afterwards = { state: 'running' };
    await expect(ask('usage')).rejects.toThrow('has not answered within 5 minutes');
  });

  test.each<[string, () => void, RegExp]>([
    ['no stack', () => { aws.resources = undefined; }, /There is no stack Core/],
    ['no gate', () => { aws.resources = []; }, /Stack Core has no gate/],
    ['a gate that logs elsewhere', () => { aws.task = { ...aws.task, containers: aws.task.containers.map((container) => ({ ...container, logGroup: undefined })) }; }, /do not log to CloudWatch/],
  ])('asks nobody where there is %s', async (_, bend, message) => {
    bend();
    await expect(ask('usage')).rejects.toThrow(message);
    expect(aws.asked).toEqual([]);
  });
});
