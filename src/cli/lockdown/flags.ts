import { REVOCATION_MAX_AGE_SECONDS } from '../../gate/contract';
import type { Paint } from '../../report/paint';
import { explainAwsError } from '../aws-errors';
import { isGateTable, tableNames, type TaggedTables } from '../gate-tables';
import type { StackResource } from './aws';
import type { Patience } from './set-state';

/** What the item in a gate's table says of a lock-down. Gates look at nothing but whether it is there. */
export interface Flag {
  /** RFC 3339, UTC; null where somebody else wrote it. */
  readonly since: string | null;
  readonly why: string | null;
  /** Null until it is known. */
  readonly who: string | null;
}

/** What the command asks of gates' tables. */
export interface FlagTables extends TaggedTables {
  flag(table: string): Promise<Flag | undefined>;
  /** One that says who raised it is left as it is: who was first stands. */
  raise(table: string, flag: Flag): Promise<void>;
  lower(table: string): Promise<void>;
}

export type FlagReading = { readonly state: 'locked'; readonly flag: Flag } | { readonly state: 'open' | 'unknown' };

/** A table, before and after. */
export interface FlagChange {
  readonly table: string;
  readonly before: FlagReading;
  /** Null where nothing was tried yet. */
  readonly after: FlagReading | null;
  /** Why it could not be written; null where it was. */
  readonly failure: string | null;
}

export interface TablesOfStack {
  readonly tables: readonly string[];
  /** Why it is not known of others, a sentence each. */
  readonly broken: readonly string[];
}

export const GATES_TEXT = `Every gate refuses within ${REVOCATION_MAX_AGE_SECONDS} seconds, and cuts streams that are open.`;

/** The tables of a stack's gates, all looked up at once. */
export async function findGateTables(resources: readonly StackResource[], aws: TaggedTables): Promise<TablesOfStack> {
  const looked = await Promise.all(tableNames(resources).map(async (table) => {
    try {
      return { tables: await isGateTable(aws, table) ? [table] : [], broken: [] };
    } catch (error) {
      return { tables: [], broken: [`whether table ${table} is a gate's is not known. ${explainAwsError(error, { service: 'DynamoDB' })}`] };
    }
  }));
  return { tables: looked.flatMap(({ tables }) => tables), broken: looked.flatMap(({ broken }) => broken) };
}

export function readFlags(aws: FlagTables, tables: readonly string[]): Promise<readonly FlagChange[]> {
  return Promise.all(tables.map(async (table) => ({ table, before: await read(aws, table), after: null, failure: null })));
}

/** Raises or lowers the flag of every table at once, whatever becomes of the others, and reads back what is there then. */
export function writeFlags(aws: FlagTables, tables: readonly string[], wanted: Flag | 'open', patience: Patience): Promise<readonly FlagChange[]> {
  return Promise.all(tables.map(async (table) => {
    const before = await read(aws, table);
    const failure = await persist(() => (wanted === 'open' ? aws.lower(table) : aws.raise(table, wanted)), patience);
    return { table, before, after: await read(aws, table), failure };
  }));
}

export function flagText({ table, before }: FlagChange, paint: Paint): string {
  return `Gate table ${table}: ${before.state === 'unknown' ? paint.red('NOT KNOWN') : describeFlag(before, paint)}`;
}

/** What was wanted and what came of it, in as many lines as that takes. */
export function changeText({ table, after, failure }: FlagChange, wanted: 'locked' | 'open', paint: Paint): readonly string[] {
  const isDone = after?.state === wanted;
  return [
    `Gate table ${table}: ${isDone ? wanted : paint.red(`NOT ${wanted}`)}${isDone ? '' : ` – the flag is ${after?.state ?? 'unknown'}`}`,
    ...(failure === null ? [] : [paint.red(`  The flag could not be written: ${failure}`)]),
    ...(isDone ? [] : ['  Run the same command again: it does what is left to do.']),
  ];
}

function describeFlag(reading: FlagReading, paint: Paint): string {
  if (reading.state !== 'locked') return paint.green(reading.state);
  const { since, who, why } = reading.flag;
  return `${paint.red('locked')} since ${since ?? 'an unknown time'} by ${who ?? 'somebody unknown'}${why === null ? '' : `: ${why}`}`;
}

async function read(aws: FlagTables, table: string): Promise<FlagReading> {
  try {
    const flag = await aws.flag(table);
    return flag ? { state: 'locked', flag } : { state: 'open' };
  } catch {
    return { state: 'unknown' };
  }
}

async function persist(write: () => Promise<void>, { attempts, pauseMs, sleep }: Patience): Promise<string | null> {
  let failure: string | null = null;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await sleep(pauseMs);
    try {
      await write();
      return null;
    } catch (error) {
      failure = explainAwsError(error, { service: 'DynamoDB' });
    }
  }
  return failure;
}
