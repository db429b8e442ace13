import { isSecretText, redactNamedValues } from './redactor/named-values';
import { gradeOf, type NameGrade } from './redactor/secret-names';
import { REDACTED, redactPrivateKeys, shapesWith } from './redactor/shapes';

export { REDACTED };

/** What JSON can say. */
export type RedactedValue = string | number | boolean | null | readonly RedactedValue[] | { readonly [name: string]: RedactedValue };

export interface RedactorOptions {
  /** What API keys begin with. @default 'ctx_' (CX-03) */
  readonly keyPrefix?: string;
  /** Values that are known, and so are taken out whatever they look like; shorter than 8 characters they would take out words. @default - none */
  readonly secrets?: readonly string[];
}

/** Takes credentials, and addresses of persons, out of what is written down (RED-1, TG-65). Takes linear time and never throws. */
export interface Redactor {
  /** A line of a log, a message, a document in text. */
  text(text: string): string;
  /** A copy as JSON; what is too deep or too much is left out, and says so. */
  value(value: unknown): RedactedValue;
}

/** In characters; what is longer is cut at a blank, so that half a secret does not stay behind. */
const MAX_TEXT_LENGTH = 262_144;
const MAX_DEPTH = 16;
const MAX_VALUES = 10_000;
const MIN_SECRET_LENGTH = 8;

const LEFT_OUT = { deep: '[TOO DEEP]', many: '[TOO MANY]', circular: '[CIRCULAR]', binary: '[BINARY]', unreadable: '[UNREADABLE]', cut: '[CUT]' };

/** Names of headers, behind which a flat list has their values. */
const HEADER_NAME = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-amz-security-token|x-amzn-oidc-(?:data|accesstoken))$/i;

export function createRedactor({ keyPrefix = 'ctx_', secrets = [] }: RedactorOptions = {}): Redactor {
  const shapes = shapesWith(keyPrefix);
  // The longest first, of which others may be a part.
  const known = [...new Set(secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH).flatMap(spellings))].sort((one, other) => other.length - one.length);

  const text = (input: string): string => {
    let redacted = cut(input);
    for (const secret of known) redacted = redacted.replaceAll(secret, REDACTED);
    redacted = redactNamedValues(redactPrivateKeys(redacted));
    for (const { pattern, redact = () => REDACTED } of shapes) redacted = redacted.replace(pattern, (match) => redact(match));
    return redacted;
  };
  return { text, value: (value) => new Walk(text).copy(value, []) };
}

/** As it is, in a URL, and in JSON. */
function spellings(secret: string): string[] {
  return [secret, encodeURIComponent(Buffer.from(secret).toString()), JSON.stringify(secret).slice(1, -1)];
}

/** One value with all that is in it. */
class Walk {
  private left = MAX_VALUES;

  public constructor(private readonly text: (text: string) => string) {}

  public copy(value: unknown, around: readonly object[]): RedactedValue {
    this.left -= 1;
    if (this.left < 0) return LEFT_OUT.many;
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    if (typeof value !== 'object') return typeof value === 'bigint' ? String(value) : null;
    if (around.includes(value)) return LEFT_OUT.circular;
    if (around.length >= MAX_DEPTH) return LEFT_OUT.deep;
    try {
      return this.copyObject(value, [...around, value]);
    } catch {
      return LEFT_OUT.unreadable;
    }
  }

  private copyObject(value: object, around: readonly object[]): RedactedValue {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return LEFT_OUT.binary;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof URL || value instanceof URLSearchParams) return this.text(value.toString());
    if (value instanceof Map) return this.copyEntries(entriesOf(value), around);
    if (value instanceof Set) return this.copyList([...value] as unknown[], around);
    if (Array.isArray(value)) return this.copyList(value, around);
    if (value instanceof Error) {
      const { name, message, stack, cause } = value;
      return this.copyEntries(Object.entries({ name, message, ...(stack !== undefined && { stack }), ...(cause !== undefined && { cause }) }).concat(Object.entries(value)), around);
    }
    return this.copyEntries(namedPair(value) ?? Object.entries(value), around);
  }

  private copyList(list: readonly unknown[], around: readonly object[]): RedactedValue {
    // Node's rawHeaders, and the pairs of `Object.entries`.
    return list.slice(0, this.left + 1).map((item, index) => {
      const before = list[index - 1];
      return typeof before === 'string' && HEADER_NAME.test(before) ? this.copyNamed('always', item, around) : this.copy(item, around);
    });
  }

  private copyEntries(entries: readonly (readonly [string, unknown])[], around: readonly object[]): RedactedValue {
    const copy = new Map<string, RedactedValue>();
    for (const [name, value] of entries) {
      if (this.left <= 0) {
        copy.set(LEFT_OUT.many, LEFT_OUT.many);
        break;
      }
      if (value !== undefined && typeof value !== 'function' && typeof value !== 'symbol') copy.set(this.text(name), this.copyNamed(gradeOf(name), value, around));
    }
    return Object.fromEntries(copy);
  }

  private copyNamed(grade: NameGrade | undefined, value: unknown, around: readonly object[]): RedactedValue {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return isSecretText(String(value), grade) ? REDACTED : this.copy(value, around);
    const isWhole = grade === 'always' && typeof value === 'object' && value !== null;
    if (isWhole) return REDACTED;
    if (Array.isArray(value) && grade !== undefined) return value.slice(0, this.left + 1).map((item) => this.copyNamed(grade, item, around));
    return this.copy(value, around);
  }
}

/** `{ name: 'x-api-key', value: '…' }`, as in a list of headers, of parameters, of tags: the value belongs to the name that is a value itself. */
function namedPair(value: object): [string, unknown][] | undefined {
  const entries = Object.entries(value) as [string, unknown][];
  const name = entries.find(([one]) => /^(?:name|key|header)$/i.test(one))?.[1];
  if (typeof name !== 'string' || gradeOf(name) === undefined) return undefined;
  return entries.map(([one, content]) => [one, /^values?$/i.test(one) && typeof content === 'string' && isSecretText(content, gradeOf(name)) ? REDACTED : content]);
}

function entriesOf(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return [...map].map(([name, value]) => [typeof name === 'string' || typeof name === 'number' ? String(name) : LEFT_OUT.unreadable, value]);
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  let end = MAX_TEXT_LENGTH;
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end -= 1;
  return `${text.slice(0, end)}${LEFT_OUT.cut}`;
}
