import { type Property, UndecidableError } from '../template/property';

/** What a statement of a web ACL may ask of a request that is spelled as its route is. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
}

/** Transformations that leave a path and a method as they are, where neither has anything to decode, collapse or replace (WAF guide, "Text transformations"). */
const LEAVE_ALONE = [
  'NONE', 'URL_DECODE', 'URL_DECODE_UNI', 'NORMALIZE_PATH', 'NORMALIZE_PATH_WIN', 'COMPRESS_WHITE_SPACE', 'REMOVE_NULLS', 'REPLACE_NULLS', 'REPLACE_COMMENTS', 'HTML_ENTITY_DECODE',
  'CSS_DECODE', 'JS_DECODE', 'JS_DECODE_EXT', 'ESCAPE_SEQ_DECODE', 'SQL_HEX_DECODE', 'UTF8_TO_UNICODE', 'TRIM', 'TRIM_LEFT', 'TRIM_RIGHT', 'REMOVE_WHITESPACE',
];
const CASES: ReadonlyMap<string, (text: string) => string> = new Map([
  ['LOWERCASE', (text) => text.toLowerCase()], ['CMD_LINE', (text) => text.toLowerCase()], ['UPPERCASE', (text) => text.toUpperCase()],
]);

function transformed(text: string, statement: Property): string {
  return statement.get('TextTransformations').items().reduce((so, place) => {
    const kind = place.get('Type').text() ?? 'NONE';
    const inCase = CASES.get(kind);
    if (inCase) return inCase(so);
    if (LEAVE_ALONE.includes(kind)) return so;
    throw new UndecidableError(place.get('Type').path, `what ${kind} makes of a plain path or method is not known here`);
  }, text);
}

const COMPARE: ReadonlyMap<string, (text: string, part: string) => boolean> = new Map([
  ['EXACTLY', (text, part) => text === part],
  ['STARTS_WITH', (text, part) => text.startsWith(part)],
  ['ENDS_WITH', (text, part) => text.endsWith(part)],
  ['CONTAINS', (text, part) => text.includes(part)],
  ['CONTAINS_WORD', (text, part) => text.includes(part)],
]);

/** Undefined where a statement looks at something else of a request. */
function compares(statement: Property, request: PlainRequest): boolean | undefined {
  const field = statement.get('FieldToMatch');
  const text = field.get('UriPath').exists ? request.path : field.get('Method').exists ? request.method : undefined;
  const compare = COMPARE.get(statement.get('PositionalConstraint').text() ?? '');
  const part = statement.get('SearchString');
  return text === undefined || !compare || !part.exists ? undefined : compare(transformed(text, statement), part.text() ?? '');
}

const any = (answers: readonly (boolean | undefined)[]): boolean | undefined => (answers.includes(true) ? true : answers.includes(undefined) ? undefined : false);
const opposite = (answer: boolean | undefined): boolean | undefined => (answer === undefined ? undefined : !answer);

/** Whether a statement holds for a request; undefined where that depends on more than its method and its path, such as who sends it. */
export function holdsFor(statement: Property, request: PlainRequest): boolean | undefined {
  const inner = (place: Property): (boolean | undefined)[] => place.items().map((one) => holdsFor(one, request));
  const [and, or, not, bytes] = ['AndStatement', 'OrStatement', 'NotStatement', 'ByteMatchStatement'].map((kind) => statement.get(kind));
  if (and?.exists) return opposite(any(inner(and.get('Statements')).map(opposite)));
  if (or?.exists) return any(inner(or.get('Statements')));
  if (not?.exists) return opposite(holdsFor(not.get('Statement'), request));
  return bytes?.exists ? compares(bytes, request) : undefined;
}
