import { type Narrowing, SECRET_READS, storyOfRequest, whoUsedWhat, whoWasRefused } from '../../audit/log-questions';

/** A question that is asked again and again, in the language of CloudWatch Logs Insights. */
interface Question {
  readonly description: string;
  /** Which log: what gates write, or the reads of secrets that CloudTrail reports. */
  readonly of: 'records' | 'secrets';
  readonly takes: readonly (keyof Narrowing)[];
  /** Without which it cannot be asked. */
  readonly needs?: keyof Narrowing;
  readonly text: (narrowing: Narrowing) => string;
}

/** By the name that the command line knows. */
export const QUESTIONS = {
  failures: {
    description: 'who was refused, how often, why, since when',
    of: 'records', takes: ['identity'],
    text: whoWasRefused,
  },
  usage: {
    description: 'what each caller did, how much of it, when first and last',
    of: 'records', takes: ['identity'],
    text: whoUsedWhat,
  },
  request: {
    description: 'the story of one request',
    of: 'records', takes: ['requestId'], needs: 'requestId',
    text: storyOfRequest,
  },
  secrets: {
    description: 'who read a secret that he does not read every day, or was denied it',
    of: 'secrets', takes: [],
    text: () => SECRET_READS,
  },
} as const satisfies Readonly<Record<string, Question>>;

export type QuestionName = keyof typeof QUESTIONS;
export const QUESTION_NAMES = Object.keys(QUESTIONS) as readonly QuestionName[];

export function questionOf(name: QuestionName): Question {
  return QUESTIONS[name];
}
