import { DeliveryNotEmulated } from './not-emulated';

/** What an expression in a prefix may ask for. */
export interface PrefixFacts {
  /** When the oldest record of the object came: milliseconds since 1970. */
  readonly arrived: number;
  readonly random: string;
  /** Of a prefix for errors alone. */
  readonly error?: string;
}

/** Where Firehose puts objects of which nobody says it (Firehose guide, "Custom prefixes for Amazon S3 objects"). */
const DEFAULT_TIME = '!{timestamp:yyyy/MM/dd/HH}/';

/** Of Java's DateTimeFormatter, the letters that prefixes use. */
const LETTERS: Readonly<Record<string, (time: string) => string>> = {
  yyyy: (time) => time.slice(0, 4),
  YYYY: (time) => time.slice(0, 4),
  MM: (time) => time.slice(5, 7),
  dd: (time) => time.slice(8, 10),
  HH: (time) => time.slice(11, 13),
  mm: (time) => time.slice(14, 16),
  ss: (time) => time.slice(17, 19),
};

/** Evaluates a prefix, in UTC. Without any expression of time Firehose adds its own. Throws where it asks for what is not imitated. */
export function evaluatedPrefix(prefix: string, facts: PrefixFacts): string {
  const whole = prefix.includes('!{') ? prefix : `${prefix}${facts.error === undefined ? '' : `${facts.error}/`}${DEFAULT_TIME}`;
  return whole.replace(/!\{([^:}]*):([^}]*)\}/g, (expression, namespace: string, value: string) => {
    if (namespace === 'timestamp') return timestamp(value, new Date(facts.arrived).toISOString());
    if (namespace === 'firehose' && value === 'random-string') return facts.random;
    if (namespace === 'firehose' && value === 'error-output-type' && facts.error !== undefined) return facts.error;
    throw new DeliveryNotEmulated(`The expression ${expression} in a prefix is not imitated, or not allowed there.`);
  });
}

/** Texts in single quotes stand for themselves, and letters for what they mean. */
function timestamp(pattern: string, time: string): string {
  return pattern.replace(/'([^']*)'|([A-Za-z])\2*/g, (letters, quoted?: string) => {
    if (quoted !== undefined) return quoted;
    const part = LETTERS[letters];
    if (part === undefined) throw new DeliveryNotEmulated(`The letters ${letters} in the time of a prefix are not imitated.`);
    return part(time);
  });
}
