import { isSecretText } from '../runtime/shared/redactor/named-values';
import { gradeInJob, handsOver, holdsKnownForm, looksSecret } from './job-secrets';
import { formed } from './sign';

export type JobValue = string | number | boolean | null | readonly JobValue[] | JobFields;
export interface JobFields {
  readonly [name: string]: JobValue;
}

/** What stands in a queue: which job, which credential, and what else a worker has to know. */
export interface Job extends JobFields {
  readonly job_id: string;
  readonly credential_id: string;
}

/** Ours: a job says what to do, and no more. */
const MOST_DEPTH = 4;
const MOST_BYTES = 16_384;
/** They have patterns of their own, and may be as random as they like. */
const IDS = ['job_id', 'credential_id'] as const;

/** In `{ "name": "password", "value": "…" }`, what says of which the other one is. */
const NAMES = ['name', 'key', 'field'];
const VALUE = 'value';

/**
 * A copy of a job that holds nothing that looks like a secret: workers check credentials out, and a queue has none (TS-33).
 *
 * It looks at names, at the forms of known keys, and at how random a word is; a short password under an innocent name passes.
 *
 * @throws TypeError with the place and never the value
 */
export function plainJob(job: unknown): Job {
  const copy = copied(job);
  const ids = { job_id: formed('job_id', copy.job_id), credential_id: formed('credential_id', copy.credential_id) };
  checkFields(copy, 'job', 1);
  return { ...copy, ...ids };
}

/** As JSON has it, so that what is judged is what is sent. */
function copied(job: unknown): JobFields {
  const text: unknown = JSON.stringify(job);
  const copy: unknown = typeof text === 'string' && Buffer.byteLength(text) <= MOST_BYTES ? JSON.parse(text) : undefined;
  if (!isFields(copy)) throw new TypeError(`job: must be an object that takes at most ${MOST_BYTES} bytes as JSON.`);
  return copy;
}

const isFields = (value: unknown): value is JobFields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: JobValue): value is readonly JobValue[] => Array.isArray(value);

function checkFields(fields: JobFields, place: string, depth: number): void {
  if (depth > MOST_DEPTH) throw new TypeError(`${place}: must not be deeper than ${MOST_DEPTH}.`);
  for (const [name, value] of Object.entries(fields)) {
    if (looksSecret('', name)) refuse(`${place}.*`);
    checkValue(name, value, `${place}.${name}`, depth);
    // Of a label in words, the last one says what it is.
    if (name.toLowerCase() === VALUE) for (const label of labelsIn(fields)) checkValue(label.split(/\s+/).at(-1) ?? '', value, `${place}.${name}`, depth);
  }
}

const labelsIn = (fields: JobFields): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) => (NAMES.includes(name.toLowerCase()) && typeof value === 'string' ? [value.trim()] : []));

function checkValue(name: string, value: JobValue, place: string, depth: number): void {
  const grade = gradeInJob(name);
  if (isList(value)) {
    if (depth >= MOST_DEPTH) throw new TypeError(`${place}: must not be deeper than ${MOST_DEPTH}.`);
    // With an option among them, they are the words of a command line.
    const words = value.filter((item) => typeof item === 'string');
    if (words.some((word) => word.startsWith('-')) && handsOver(words.join(' '))) refuse(place);
    for (const [index, item] of value.entries()) checkValue(name, item, `${place}[${index}]`, depth + 1);
  } else if (isFields(value)) {
    if (grade === 'always') refuse(place);
    checkFields(value, place, depth + 1);
  } else if (typeof value === 'string' || typeof value === 'number') {
    const isId = depth === 1 && IDS.some((id) => id === name);
    const text = String(value);
    if (isSecretText(text, grade) || (isId ? holdsKnownForm(text) : looksSecret(name, text))) refuse(place);
  }
}

function refuse(place: string): never {
  throw new TypeError(`${place}: looks like a secret, or an address of a person. Name a credential_id, and let the worker check it out.`);
}
