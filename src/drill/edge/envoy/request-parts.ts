import type { Comparison, RequestPart, TextChange, WafStatement } from '../model';
import { literally } from './patterns';
import { header, not, type Predicate } from './predicate';
import { partHeader } from './waf-reading';

type TextStatement = Extract<WafStatement, { kind: 'text' }>;
type SizeStatement = Extract<WafStatement, { kind: 'size' }>;

interface Place {
  /** The header, or pseudo-header, that a part stands in. */
  readonly name: string;
  /** Matches the header where the part matches. */
  readonly within: (regex: string) => string;
  /** A character of the part. */
  readonly any: string;
}

/** Path and query share a pseudo-header; a URI without a query has an empty one. */
function placeOf(part: RequestPart, changes: readonly TextChange[]): Place {
  const whole = { within: (regex: string) => regex, any: '.' };
  if (changes.length > 0) return { name: partHeader(part, changes), ...whole };
  switch (part.kind) {
    case 'path': return { name: ':path', within: (regex) => String.raw`(?:${regex})(?:\?.*)?`, any: '[^?]' };
    case 'query': return { name: ':path', within: (regex) => String.raw`[^?]*\??(?:${regex})`, any: '.' };
    case 'method': return { name: ':method', ...whole };
    case 'header': return { name: part.name, ...whole };
  }
}

/** waf/latest/developerguide/waf-rule-statement-type-string-match.html and …-regex-match.html: a pattern is looked for anywhere, unless it is anchored. */
export function textPredicate({ part, changes, match }: TextStatement): Predicate {
  const { name, within, any } = placeOf(part, changes);
  if (match.kind === 'regex') return header(name, within(anywhere(match.regex, any)));
  const text = literally(match.text);
  return header(name, within({ 'is': text, 'starts-with': `${text}${any}*`, 'ends-with': `${any}*${text}`, 'contains': `${any}*${text}${any}*` }[match.kind]));
}

/** A search for a pattern, as a match of the whole. */
function anywhere(regex: string, any: string): string {
  const [, start = '', middle = '', end = ''] = /^(\^?)([\s\S]*?)(\$?)$/.exec(regex) ?? [];
  return `${start === '' ? `${any}*` : ''}(?:${middle})${end === '' ? `${any}*` : ''}`;
}

/** RE2 repeats a thousand times at most. */
const REPEATS = 1000;

function atLeast(any: string, bytes: number): string {
  return `${`${any}{${REPEATS}}`.repeat(Math.floor(bytes / REPEATS))}${any}{${bytes % REPEATS}}${any}*`;
}

/** waf/latest/developerguide/waf-rule-statement-type-size-constraint-match.html. Of a header that is not there nothing holds, not even that it is short. */
export function sizePredicate({ part, comparison, bytes }: SizeStatement): Predicate[] {
  const { name, within, any } = placeOf(part, []);
  const from = (size: number): Predicate => header(name, within(atLeast(any, size)));
  const exactly = header(name, within(`${any}{${bytes}}`));
  const there = from(0);
  const comparisons: Readonly<Record<Comparison, () => Predicate[]>> = {
    GE: () => [from(bytes)],
    GT: () => [from(bytes + 1)],
    LT: () => [there, not(from(bytes))],
    LE: () => [there, not(from(bytes + 1))],
    EQ: () => [exactly],
    NE: () => [there, not(exactly)],
  };
  return comparisons[comparison]();
}
