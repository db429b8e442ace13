import type { Narrowing } from '../audit/log-questions';
import type { Paint } from '../report/paint';
import type { AuditAws, LogRow } from './audit/aws';
import { type QuestionName, questionOf } from './audit/queries';
import { findGates } from './deployed/gates';
import { UsageError } from './usage-error';

export interface AuditOptions {
  /** A period such as `24h`, or a moment in UTC. */
  readonly since: string;
  readonly identity?: string;
  readonly requestId?: string;
  readonly format: 'text' | 'json';
}

/** What a run needs of the world. */
export interface AuditWorld {
  readonly aws: AuditAws;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly paint: Paint;
  readonly print: (line: string) => void;
  /** Words for people, to standard error. */
  readonly say: (line: string) => void;
}

/** As many as Logs Insights gives (CloudWatch Logs API, StartQuery). */
const MAX_ROWS = 10_000;
const PAUSE_MS = 1000;
/** Logs Insights itself gives up after 60 minutes (CloudWatch Logs guide, "Quotas"); a person sooner. */
const PATIENCE_MS = 5 * 60_000;

const HOUR_MS = 60 * 60_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };
/** Of EventBridge's log groups (EventBridge guide, "CloudWatch Logs log group targets"): the stack's own that is one keeps reads of secrets. */
const EVENTS_PREFIX = '/aws/events/';

/** Narrowing options, what they look like, and what they are called. */
const NARROWING: Readonly<Record<keyof Narrowing, { readonly option: string; readonly pattern: RegExp; readonly form: string }>> = {
  identity: { option: '--identity', pattern: /^[0-9a-f]{32}$/, form: 'the 32 hexadecimal digits under identity in a record' },
  requestId: { option: '--request-id', pattern: /^[A-Za-z0-9._-]{1,64}$/, form: 'the id of a request as in its x-request-id, 1 to 64 of A-Z a-z 0-9 . _ -' },
};

/** Asks the audit records of a stack one of the questions that an incident brings (CX-68); true where they answered. */
export async function audit(stack: string, name: QuestionName, options: AuditOptions, world: AuditWorld): Promise<boolean> {
  const { aws, now, print, say, paint } = world;
  const question = questionOf(name);
  const narrowing = narrowed(name, options);
  const to = now();
  const from = sinceOf(options.since, to);
  const logGroups = question.of === 'records' ? await recordsOf(aws, stack) : await secretReadsOf(aws, stack);
  const rows = await answered(await aws.ask({ logGroups, text: question.text(narrowing), from, to, limit: MAX_ROWS }), world);
  if (options.format === 'json') {
    print(JSON.stringify(rows, undefined, 2));
  } else {
    for (const line of table(rows, paint)) print(line);
  }
  say(rows.length === 0 ? `Nothing between ${from.toISOString()} and ${to.toISOString()}.` : `${rows.length} ${rows.length === 1 ? 'line' : 'lines'} since ${from.toISOString()}.`);
  if (rows.length === MAX_ROWS) say('There are more than can be shown: ask about a shorter time.');
  return true;
}

function narrowed(name: QuestionName, options: AuditOptions): Narrowing {
  const { takes, needs } = questionOf(name);
  const narrowing: Partial<Record<keyof Narrowing, string>> = {};
  for (const [field, { option, pattern, form }] of Object.entries(NARROWING) as [keyof Narrowing, (typeof NARROWING)[keyof Narrowing]][]) {
    const value = options[field];
    if (value === undefined && needs === field) throw new UsageError(`${option} is missing: ${name} is about one. Give ${form}.`);
    if (value === undefined) continue;
    if (!takes.includes(field)) throw new UsageError(`${option} says nothing about ${name}: leave it out.`);
    if (!pattern.test(value)) throw new UsageError(`${option} ${JSON.stringify(value)}: give ${form}.`);
    narrowing[field] = value;
  }
  return narrowing;
}

function sinceOf(text: string, now: Date): Date {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const period = Number(count) * (UNITS[unit] ?? 0);
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/.test(text) ? new Date(text) : new Date(now.getTime() - period);
  const isMeant = unit === '' ? text.endsWith('Z') : period > 0;
  if (!isMeant || Number.isNaN(moment.getTime()) || moment >= now) {
    throw new UsageError(`--since ${text}: give a period such as 24h, 90m or 7d, or a moment in the past in UTC such as 2030-01-02T03:04:05Z.`);
  }
  return moment;
}

async function recordsOf(aws: AuditAws, stack: string): Promise<readonly string[]> {
  const groups = new Set((await findGates(aws, stack)).flatMap(({ logGroup }) => logGroup ?? []));
  if (groups.size === 0) throw new UsageError(`The gates of stack ${stack} do not log to CloudWatch: ask where their records go.`);
  return [...groups];
}

async function secretReadsOf(aws: AuditAws, stack: string): Promise<readonly string[]> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const groups = resources.filter(({ type, physicalId }) => type === 'AWS::Logs::LogGroup' && physicalId.startsWith(EVENTS_PREFIX)).map(({ physicalId }) => physicalId);
  if (groups.length === 0) throw new UsageError(`Stack ${stack} keeps no reads of its secrets: it has no log group ${EVENTS_PREFIX}…. Look for GetSecretValue in CloudTrail.`);
  return groups;
}

async function answered(id: string, { aws, now, sleep }: AuditWorld): Promise<readonly LogRow[]> {
  const deadline = now().getTime() + PATIENCE_MS;
  for (;;) {
    const answer = await aws.answer(id);
    if (answer.state === 'complete') return answer.rows;
    if (answer.state === 'failed') throw new UsageError('CloudWatch Logs did not answer the question: ask again, about a shorter time.');
    if (now().getTime() >= deadline) throw new UsageError(`CloudWatch Logs has not answered within ${PATIENCE_MS / 60_000} minutes: ask about a shorter time.`);
    await sleep(PAUSE_MS);
  }
}

/** Columns as wide as what stands in them; what nobody has is left out. */
function table(rows: readonly LogRow[], paint: Paint): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row).filter((name) => row[name] !== '')))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return rows.length === 0 ? [] : lines.map((line, index) => {
    const text = line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd();
    return index === 0 ? paint.bold(text) : text;
  });
}
