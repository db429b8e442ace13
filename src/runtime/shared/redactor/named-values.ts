import { mayBeKeyMaterial } from '../../../secrets/shapes/contract';
import { fillsItsLine, gradeOf, type NameGrade } from './secret-names';
import { REDACTED } from './shapes';

const MAX_NAME_LENGTH = 80;
const MAX_BLANKS = 8;
const SEPARATOR = /[:=]|%3[aAdD]/g;

/** Words that stand where a secret would, and are none. */
const SAYS_NOTHING = new Set([
  'true', 'false', 'null', 'none', 'nil', 'undefined', 'required', 'missing', 'expired', 'invalid', 'optional', 'absent', 'present', 'unset', 'enabled', 'disabled', 'ok', 'yes', 'no',
  'basic', 'bearer', 'jwt', 'mtls', 'oidc', 'n/a',
  // Of programs, in the lines of a stack trace.
  'await', 'new', 'this', 'async',
]);

/** What stands behind a name, without its quotes. */
interface Value {
  readonly start: number;
  readonly end: number;
  readonly isContainer: boolean;
}

/**
 * Replaces what a text says under the name of a secret: `password=…`, `"apiKey": "…"` also with escaped quotes, `Cookie: …`, `?token=…`, `<secret>…`.
 * Goes once from separator to separator, looks back a bounded way for the name, and consumes each value it reads, so that it takes linear time.
 */
export function redactNamedValues(text: string): string {
  let redacted = '';
  let from = 0;
  SEPARATOR.lastIndex = 0;
  const separators = new RegExp(SEPARATOR);
  for (let found = separators.exec(text); found; found = separators.exec(text)) {
    const named = nameBefore(text, found.index);
    const grade = named && gradeOf(named.name);
    if (!named || !grade || isPartOfArn(text, named.start, found.index)) continue;
    const value = valueAfter(text, separators.lastIndex, named);
    if (!value || !isSecret(text, value, grade)) continue;
    redacted += text.slice(from, value.start) + REDACTED;
    from = value.end;
    separators.lastIndex = value.end;
  }
  return redactElements(redacted + text.slice(from));
}

/** `<password>…</password>` */
function redactElements(text: string): string {
  return text.replace(/<([\w.:-]{1,80})>([^<]{1,4096})/g, (match, name: string, content: string) => (isSecretText(content, gradeOf(name)) ? `<${name}>${REDACTED}` : match));
}

/** Whether what stands under a name is to be hidden. */
export function isSecretText(content: string, grade: NameGrade | undefined): boolean {
  const bare = content.trim();
  if (!grade || bare === '' || bare === REDACTED || SAYS_NOTHING.has(bare.toLowerCase()) || /^\$\{[^}]{1,128}\}$/.test(bare)) return false;
  if (grade === 'unless-figure') return !/^\d+(?:\.\d+)?$/.test(bare);
  return grade === 'always' || mayBeKeyMaterial(bare);
}

function isSecret(text: string, { start, end, isContainer }: Value, grade: NameGrade): boolean {
  if (!isContainer) return isSecretText(text.slice(start, end), grade);
  // What models count stands in objects as well; the names in there are looked at one by one.
  return grade === 'always' || (grade === 'unless-figure' && text[start] === '[' && /["']/.test(text.slice(start, Math.min(end, start + MAX_BLANKS))));
}

interface Named {
  readonly name: string;
  readonly start: number;
  /** What the name stands in, which is also where a value without quotes of its own ends. */
  readonly quote: string;
  /** How many backslashes stand before that quote: as many as texts are in one another. */
  readonly depth: number;
  /** Whether the quote is closed again before the separator. */
  readonly isQuoted: boolean;
}

function nameBefore(text: string, separator: number): Named | undefined {
  let end = separator;
  while (end > 0 && separator - end < MAX_BLANKS && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  const isQuoted = end > 0 && isQuote(text[end - 1]);
  if (isQuoted) end -= 1;
  for (let slashes = 0; isQuoted && slashes < MAX_BLANKS && text[end - 1] === '\\'; slashes += 1) end -= 1;
  let start = end;
  while (start > 0 && end - start < MAX_NAME_LENGTH && /[\w.-]/.test(text.charAt(start - 1))) start -= 1;
  if (start === end) return undefined;
  const before = text.charAt(start - 1);
  let depth = 0;
  while (depth < MAX_BLANKS && text[start - 2 - depth] === '\\') depth += 1;
  return { name: text.slice(start, end), start, quote: isQuote(before) ? before : '', depth, isQuoted };
}

/** `arn:aws:secretsmanager:eu-central-1:111122223333:secret:name` */
function isPartOfArn(text: string, start: number, separator: number): boolean {
  return text[separator] === ':' && text[start - 1] === ':' && !/[\s"']/.test(text.charAt(separator + 1));
}

function valueAfter(text: string, separatorEnd: number, named: Named): Value | undefined {
  let start = separatorEnd;
  while (start - separatorEnd < MAX_BLANKS && /[ \t=>]/.test(text.charAt(start))) start += 1;
  if (text.startsWith('%20', start)) start += '%20'.length;
  const opening = /\\{0,7}["'`]/y;
  opening.lastIndex = start;
  const quote = opening.exec(text)?.[0];
  // A quote in which the name stands as well closes what is without a value of its own.
  if (quote !== undefined && !(named.quote === quote && !named.isQuoted)) {
    const inner = start + quote.length;
    return { start: inner, end: closingQuote(text, inner, quote), isContainer: false };
  }
  if (text[start] === '{' || (text[start] === '[' && !text.startsWith(REDACTED, start))) return { start, end: closingBracket(text, start), isContainer: true };
  return { start, end: bareEnd(text, start, separatorEnd, named), isContainer: false };
}

/** A quote with as many backslashes as the opening one, escaped backslashes aside; else the end of the line. */
function closingQuote(text: string, from: number, opening: string): number {
  const quote = opening.charAt(opening.length - 1);
  const depth = opening.length - 1;
  let backslashes = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === quote && backslashes % (2 * (depth + 1)) === depth) return at - depth;
    if (character === '\n') return at;
    backslashes = character === '\\' ? backslashes + 1 : 0;
  }
  return text.length;
}

/** Behind the bracket that closes the one here, those in quotes aside; else the end of the text. */
function closingBracket(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') at = closingQuote(text, at + 1, '"');
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Credentials go to the end of their header, all else to the end of the word: at a mark that ends a word of a list, a query or a sentence. */
function bareEnd(text: string, start: number, separatorEnd: number, { name, quote, depth }: Named): number {
  const isHeader = fillsItsLine(name) && text[separatorEnd - 1] === ':';
  const isAlone = text[separatorEnd - 1] === '=' && /^(?:\n|)$/.test(text.charAt(separatorEnd - 2 - name.length));
  const reference = /\$\{[^}\s]{1,128}\}/y;
  reference.lastIndex = start;
  let backslashes = 0;
  for (let at = reference.test(text) ? reference.lastIndex : start; at < text.length; at += 1) {
    const character = text.charAt(at);
    // A header may have quotes of its own, which are escaped once more than the one around it.
    const isOwnQuote = isHeader && backslashes % (2 * (depth + 1)) !== depth;
    backslashes = character === '\\' ? backslashes + 1 : 0;
    if (text.startsWith(REDACTED, at)) {
      at += REDACTED.length - 1;
      continue;
    }
    if (character === '\n' || character === '\r' || (character === '\\' && /[rn]/.test(text.charAt(at + 1)))) return at;
    if (quote !== '' && character === quote && !isOwnQuote) return isHeader ? at - depth : at;
    if (isHeader) continue;
    if (character === ' ' || character === '\t') {
      if (isScheme(text.slice(start, Math.min(at, start + 16)))) continue;
      return at;
    }
    if (isAlone) continue;
    if (/["'`<>;&]/.test(character) || (/[,)\]}]/.test(character) && /^[\s,)\]}"']?$/.test(text.charAt(at + 1)))) return at;
  }
  return text.length;
}

const isScheme = (text: string): boolean => /^(?:bearer|basic|digest|token|apikey|negotiate|dpop)$/i.test(text.trim());
const isQuote = (character: string | undefined): boolean => character === '"' || character === "'" || character === '`';
