import type { RequestPart, TextChange, TextMatch } from '../model';
import { only } from './only';
import type { Spot } from './spot';
import { unreadable } from './unreadable';

/** AWS: "Request components in AWS WAF". */
const PARTS = { UriPath: 'path', Method: 'method', QueryString: 'query' } as const;
const ELSEWHERE = [
  'AllQueryArguments', 'Body', 'Cookies', 'HeaderOrder', 'Headers', 'JA3Fingerprint', 'JA4Fingerprint', 'JsonBody', 'SingleQueryArgument', 'UriFragment',
] as const;

/** Which part of a request a statement looks at. */
export function partOf(field: Spot): RequestPart {
  const name = only(field, ['UriPath', 'Method', 'QueryString', 'SingleHeader', ...ELSEWHERE]);
  if (name === 'SingleHeader') return { kind: 'header', name: field.get(name).get('Name').requiredText() };
  return name in PARTS ? { kind: PARTS[name as keyof typeof PARTS] } : unreadable(field.get(name), 'the drill does not look at this part of a request');
}

const CHANGES: Readonly<Record<string, TextChange | undefined>> = { NONE: undefined, LOWERCASE: 'lowercase', URL_DECODE: 'url-decode', NORMALIZE_PATH: 'normalize-path' };

/** AWS: "Using text transformations in AWS WAF"; the lowest priority first. */
export function changesOf(list: Spot): TextChange[] {
  const inOrder = list.items().map((change) => ({ change, priority: change.get('Priority').requiredWhole(0, 2_147_483_647) })).sort((a, b) => a.priority - b.priority);
  return inOrder.flatMap(({ change }) => {
    const type = change.get('Type').requiredText();
    if (!Object.hasOwn(CHANGES, type)) return unreadable(change.get('Type'), `the drill does not imitate the transformation ${type}`);
    const known = CHANGES[type];
    return known === undefined ? [] : [known];
  });
}

const POSITIONS = { EXACTLY: 'is', STARTS_WITH: 'starts-with', ENDS_WITH: 'ends-with', CONTAINS: 'contains' } as const;

/** AWS: "String match rule statement". */
export function textMatchOf(statement: Spot): TextMatch {
  const base64 = statement.get('SearchStringBase64');
  const text = base64.exists ? Buffer.from(base64.requiredText(), 'base64').toString('latin1') : statement.get('SearchString').requiredText();
  const position = statement.get('PositionalConstraint').requiredOneOf(['EXACTLY', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'CONTAINS_WORD']);
  if (position === 'CONTAINS_WORD') return unreadable(statement.get('PositionalConstraint'), 'the drill does not look for whole words');
  return { kind: POSITIONS[position], text };
}

/** A pattern as the web ACL takes it, in a dialect that the edge's and this program's engines both know. */
export function regexOf(pattern: Spot): TextMatch {
  const regex = pattern.requiredText();
  if (/\(\?|\\[1-9]|[*+?}][+]/.test(regex)) return unreadable(pattern, 'the drill knows no groups with a question mark, references or possessive quantifiers');
  return { kind: 'regex', regex };
}
