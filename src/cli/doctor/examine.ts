import { explainAwsError } from '../aws-errors';
import type { ItemName } from './items';

/** What one look at one thing came to. */
export type Judged = typeof OK | { readonly wrong: string } | { readonly unknown: string };

/** As it has to be. */
export const OK = 'ok';
export const wrong = (says: string): Judged => ({ wrong: says });
export const unknown = (why: string): Judged => ({ unknown: why });
export const okIf = (holds: boolean, otherwise: string): Judged => (holds ? OK : wrong(otherwise));

export interface Result {
  readonly item: ItemName;
  /** The stack's name and the logical id, or what AWS calls it. */
  readonly path: string;
  readonly judged: Judged;
}

/** One line of an area's table: what an answer says to an item; undefined where the item is no matter of it. */
export interface Check<Answer> {
  readonly item: ItemName;
  readonly judge: (answer: Answer) => Judged | undefined;
}

/** Asks AWS one thing, and judges the answer by a table. What cannot be asked is unknown, and what the stack lists and is not there is wrong. */
export async function examine<Answer>(path: string, ask: () => Promise<Answer | undefined>, checks: readonly Check<Answer>[]): Promise<readonly Result[]> {
  return judgedBy(path, await answerOf(ask), checks);
}

/** What is not there any more is wrong once, whatever there is to say about such things. */
export function judgedBy<Answer>(path: string, asked: Asked<Answer>, checks: readonly Check<Answer>[]): readonly Result[] {
  if ('answer' in asked && asked.answer === undefined) return checks.slice(0, 1).map(({ item }) => ({ item, path, judged: wrong('is not there any more') }));
  return checks.flatMap(({ item, judge }) => {
    const judged = answered(judge, asked);
    return judged === undefined ? [] : [{ item, path, judged }];
  });
}

export type Asked<Answer> = { readonly answer: Answer | undefined } | { readonly why: string };

/** Throws where AWS did not answer at all: then nothing else can be asked either. */
export async function answerOf<Answer>(ask: () => Promise<Answer | undefined>): Promise<Asked<Answer>> {
  try {
    return { answer: await ask() };
  } catch (error) {
    if (!(error instanceof Error && '$metadata' in error)) throw error;
    return { why: explainAwsError(error, { service: 'AWS' }) };
  }
}

function answered<Answer>(judge: Check<Answer>['judge'], asked: Asked<Answer>): Judged | undefined {
  if ('why' in asked) return unknown(asked.why);
  return asked.answer === undefined ? undefined : judge(asked.answer);
}

/** One after the other: services take few requests a second. */
export async function forEach<T>(subjects: readonly T[], look: (subject: T) => Promise<readonly Result[]>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const subject of subjects) results.push(...await look(subject));
  return results;
}
