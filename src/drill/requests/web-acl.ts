import { isIP } from 'node:net';
import { posix as path } from 'node:path';
import type { Comparison, IpSetStatement, LiveSet, RateStatement, RequestPart, TextChange, WafStatement, WebAclModel } from '../edge/model';
import { within } from '../edge/statements';
import { contains } from './addresses';
import type { Draft } from './matching';

/** Whether a web ACL lets somebody's first request through; a rate rule does, whatever its limit. Live sets are empty until they are filled. */
export function letsIn({ rules, defaultAction }: WebAclModel, draft: Draft): boolean {
  const decisive = [...rules].sort((a, b) => a.priority - b.priority).find(({ action, statement }) => action.kind !== 'count' && statement.kind !== 'rate' && holds(statement, draft));
  return (decisive?.action ?? defaultAction).kind !== 'block';
}

/** Whether a request is what a statement looks for. Of a rate: whether it is counted. */
export function holds(statement: WafStatement, draft: Draft): boolean {
  switch (statement.kind) {
    case 'rate': return isCounted(statement, draft);
    case 'ip-set': return isInSet(statement, draft);
    case 'text': return hasText(statement, draft);
    case 'size': return hasSize(statement, draft);
    case 'and': return statement.statements.every((each) => holds(each, draft));
    case 'or': return statement.statements.some((each) => holds(each, draft));
    case 'not': return !holds(statement.statement, draft);
  }
}

function isCounted({ scopeDown, key }: RateStatement, draft: Draft): boolean {
  const keys = key.kind === 'several' ? key.keys : [key];
  const named = keys.flatMap((each) => (each.kind === 'header' ? [each.name] : each.kind === 'forwarded' ? [each.from.header] : []));
  return named.every((name) => headerOf(draft, name) !== undefined) && (scopeDown === undefined || holds(scopeDown, draft));
}

function isInSet({ cidrs, forwarded }: IpSetStatement, draft: Draft): boolean {
  if (forwarded === undefined) return cidrs.some((cidr) => contains(cidr, draft.from));
  const value = headerOf(draft, forwarded.header);
  if (value === undefined) return false;
  const address = (forwarded.position === 'first' ? value.split(',')[0] : value.split(',').at(-1))?.trim() ?? '';
  return isIP(address) === 0 ? forwarded.otherwise : cidrs.some((cidr) => contains(cidr, address));
}

function hasText({ part, changes, match }: Extract<WafStatement, { kind: 'text' }>, draft: Draft): boolean {
  const sent = partOf(part, draft);
  if (sent === undefined) return false;
  const text = changes.reduce((value, change) => CHANGES[change](value), sent);
  switch (match.kind) {
    case 'is': return text === match.text;
    case 'starts-with': return text.startsWith(match.text);
    case 'ends-with': return text.endsWith(match.text);
    case 'contains': return text.includes(match.text);
    case 'regex': return new RegExp(match.regex, 's').test(text);
  }
}

const COMPARE: Readonly<Record<Comparison, (size: number, bytes: number) => boolean>> = {
  EQ: (size, bytes) => size === bytes,
  NE: (size, bytes) => size !== bytes,
  LE: (size, bytes) => size <= bytes,
  LT: (size, bytes) => size < bytes,
  GE: (size, bytes) => size >= bytes,
  GT: (size, bytes) => size > bytes,
};

function hasSize({ part, comparison, bytes }: Extract<WafStatement, { kind: 'size' }>, draft: Draft): boolean {
  const text = partOf(part, draft);
  return text !== undefined && COMPARE[comparison](Buffer.byteLength(text), bytes);
}

function partOf(part: RequestPart, draft: Draft): string | undefined {
  switch (part.kind) {
    case 'path': return draft.path;
    case 'method': return draft.method;
    case 'query': return draft.query.map(({ key, value }) => `${key}=${value}`).join('&');
    case 'header': return headerOf(draft, part.name);
  }
}

function headerOf({ headers }: Draft, name: string): string | undefined {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

const CHANGES: Readonly<Record<TextChange, (text: string) => string>> = { 'lowercase': (text) => text.toLowerCase(), 'url-decode': decoded, 'normalize-path': (text) => path.normalize(text) };

function decoded(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Every statement of a web ACL, at any depth. */
export function statementsOf(acl: WebAclModel | undefined): readonly WafStatement[] {
  return (acl?.rules ?? []).flatMap(({ statement }) => within(statement));
}

/** Every block of addresses that a web ACL knows. */
export function cidrsOf(acl: WebAclModel | undefined): readonly string[] {
  return statementsOf(acl).flatMap((statement) => (statement.kind === 'ip-set' ? statement.cidrs : []));
}

/** Headers whose values a web ACL counts by. Authorization is none of them: what it holds is the attack's own affair. */
export function keyHeadersOf(acl: WebAclModel | undefined): readonly string[] {
  const keys = statementsOf(acl).flatMap((statement) => (statement.kind === 'rate' ? [statement.key] : [])).flatMap((key) => (key.kind === 'several' ? key.keys : [key]));
  return [...new Set(keys.flatMap((key) => (key.kind === 'header' && key.name.toLowerCase() !== 'authorization' ? [key.name] : [])))];
}

/** The sets behind lock-down switches that a web ACL asks. */
export function liveSetsOf(acl: WebAclModel | undefined): readonly LiveSet[] {
  return statementsOf(acl).flatMap((statement) => (statement.kind === 'ip-set' && statement.live ? [statement.live] : []));
}
