import { CREDENTIAL_FORMS } from '../broker/forms/contract';
import { createRedactor } from '../runtime/shared/redactor';
import { isSecretText } from '../runtime/shared/redactor/named-values';
import { gradeOf } from '../runtime/shared/redactor/secret-names';
import { bitsPerCharacter } from '../secrets/shapes/contract';
import { looksRandom } from '../secrets/shapes/looks-random';
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
/** A longer word that holds so many bits a character is taken for a key (ours); words of people hold less. */
const RANDOM = { characters: 20, bits: 4 } as const;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of a host or a file. */
const NAME = /^[\w/-]+(?:\.[\w-]+)*\.[a-z]{2,10}$/i;
/** Of a path, each part is a word; elsewhere a slash may be one of base64. */
const PATH = /^[.~]?\//;
const WORD_ENDS = /[\s"'`,;:|&<>(){}[\]=@]+/;
/** They have patterns of their own, and may be as random as they like. */
const IDS = ['job_id', 'credential_id'] as const;

/** What the broker's own forms keep secret: here also where another program may call something harmless so. */
const SECRET_FIELDS = new Set(Object.values(CREDENTIAL_FORMS).flat().flatMap((form) => Object.keys(form).filter((name) => form[name]?.isSecret === true)));

const redactor = createRedactor();

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
  }
}

function checkValue(name: string, value: JobValue, place: string, depth: number): void {
  const grade = SECRET_FIELDS.has(name.toLowerCase()) ? 'always' : gradeOf(name);
  if (isList(value)) {
    if (depth >= MOST_DEPTH) throw new TypeError(`${place}: must not be deeper than ${MOST_DEPTH}.`);
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

const holdsKnownForm = (text: string): boolean => redactor.text(text) !== text;

/** @param name by which some random values are known to be public, such as `config_hash` */
function looksSecret(name: string, text: string): boolean {
  return holdsKnownForm(text) || looksRandom(text, name) || text.split(WORD_ENDS).flatMap((word) => (PATH.test(word) ? word.split('/') : [word])).some(isRandom);
}

function isRandom(word: string): boolean {
  return word.length > RANDOM.characters && !UUID.test(word) && !NAME.test(word) && bitsPerCharacter(word) >= RANDOM.bits;
}

function refuse(place: string): never {
  throw new TypeError(`${place}: looks like a secret, or an address of a person. Name a credential_id, and let the worker check it out.`);
}
