import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { parsedLine } from '../json';
import { DeliveryNotEmulated } from './not-emulated';
import type { SqlTable } from './sql';
import type { Column } from './table';

const LINES = 'lines';

/**
 * Log lines as CloudWatch Logs Insights sees them: what a line of JSON holds are fields, and what lies within those is named with dots (CloudWatch Logs guide,
 * "Supported logs and discovered fields").
 */
export function linesTable(lines: readonly string[], now: number): SqlTable {
  const rows = lines.map((message, index): JsonMap => ({ ...flattened(parsedLine(message) ?? {}), '@message': message, '@timestamp': new Date(now + index).toISOString(), '@logStream': 'drill' }));
  const columns = new Map(rows.flatMap((row) => Object.entries(row).map(([name, value]) => [name, typeOf(value)] as const)));
  return { name: LINES, columns: [...columns].map(([name, type]): Column => ({ name, type })), rows };
}

function flattened(map: JsonMap, before = ''): JsonMap {
  return Object.fromEntries(Object.entries(map).flatMap(([name, value]) => (isJsonMap(value) ? Object.entries(flattened(value, `${before}${name}.`)) : [[`${before}${name}`, value]])));
}

function typeOf(value: Json): string {
  if (typeof value === 'number') return 'double';
  return typeof value === 'boolean' ? 'boolean' : 'string';
}

/**
 * A query of CloudWatch Logs Insights as SQL over such a table, as far as saved queries go: `fields`, `display`, `filter`, `stats`, `sort` and `limit`. The
 * emulator knows three forms of a filter and takes every other for none, so that a query which finds nothing would find everything. Throws where a query says more.
 */
export function insightsToSql(query: string, { columns }: Pick<SqlTable, 'columns'>): string {
  const known = new Set(columns.map(({ name }) => name));
  // A field that no line has is nothing.
  const missing = fieldsIn(query).filter((name) => !known.has(name)).map((name) => `NULL AS ${quoted(name)}`);
  const first = `SELECT ${['*', ...missing].join(', ')} FROM ${LINES}`;
  return stagesOf(query).reduce((inner, stage) => staged(stage, `(${inner}) AS stage`), first);
}

function stagesOf(query: string): string[] {
  const plain = query.split('\n').filter((line) => !line.trim().startsWith('#')).join('\n');
  return (plain.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/(?:[^/\\\n]|\\.)+\/|[^|])+/g) ?? []).map((stage) => stage.trim()).filter((stage) => stage !== '');
}

function staged(stage: string, from: string): string {
  const [, command = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(stage) ?? [];
  switch (command.toLowerCase()) {
    case 'fields': return `SELECT ${['*', ...listOf(rest).filter((item) => /\sas\s/i.test(item)).map(expression)].join(', ')} FROM ${from}`;
    case 'display': return `SELECT ${listOf(rest).map(expression).join(', ')} FROM ${from}`;
    case 'filter': return `SELECT * FROM ${from} WHERE ${expression(rest)}`;
    case 'stats': return grouped(rest, from);
    case 'sort': return `SELECT * FROM ${from} ORDER BY ${expression(rest)}`;
    case 'limit': return `SELECT * FROM ${from} LIMIT ${Number(rest)}`;
    default: throw new DeliveryNotEmulated(`The command ${command} of a saved query is not read here.`);
  }
}

function grouped(rest: string, from: string): string {
  const [, figures = rest, by = ''] = /^([\s\S]*?)\sby\s([\s\S]*)$/i.exec(rest) ?? [];
  const keys = by === '' ? [] : listOf(by).map(expression);
  return `SELECT ${[...keys, ...listOf(figures).map(expression)].join(', ')} FROM ${from}${keys.length > 0 ? ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : ''}`;
}

/** Parts between commas that stand in no parentheses. */
function listOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|\((?:[^()]|\([^()]*\))*\)|[^,])+/g) ?? []).map((part) => part.trim());
}

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]+`|(?<=\b(?:like|=~)\s*)\/(?:[^/\\\n]|\\.)+\/|@?[a-z_][\w@.]*|\d+(?:\.\d+)?|!=|<=|>=|=~|[()[\],=<>*+\-/%]/giy;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'as', 'by', 'asc', 'desc']);
/** Functions, as DuckDB calls them. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  count: 'count', sum: 'sum', avg: 'avg', min: 'min', max: 'max', count_distinct: 'approx_distinct', ispresent: 'is_present', strcontains: 'contains', coalesce: 'coalesce', tolower: 'lower',
  toupper: 'upper',
};

function tokensOf(text: string): string[] {
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.join('') !== text) throw new DeliveryNotEmulated(`The words "${text}" of a saved query are not read here.`);
  return tokens;
}

/** Fields that a query names anywhere. */
function fieldsIn(query: string): string[] {
  const made = new Set<string>();
  const named = stagesOf(query).flatMap((stage) => {
    const tokens = tokensOf(stage.replace(/^\S+\s*/, '')).filter((token) => token.trim() !== '');
    return tokens.flatMap((token, index) => {
      const before = tokens[index - 1]?.toLowerCase();
      if (before === 'as') made.add(token);
      return before === 'as' || !isField(token, tokens[index + 1]) ? [] : [token.replace(/`/g, '')];
    });
  });
  return [...new Set(named)].filter((name) => !made.has(name));
}

function isField(token: string, next: string | undefined): boolean {
  return /^[@A-Za-z_`]/.test(token) && next !== '(' && !KEYWORDS.has(token.toLowerCase()) && token.toLowerCase() !== 'like';
}

function expression(text: string): string {
  const tokens = tokensOf(text).filter((token) => token.trim() !== '');
  return tokens.map((token, index) => word(token, tokens[index - 1], tokens[index + 1])).join(' ');
}

function word(token: string, before: string | undefined, next: string | undefined): string {
  const lower = token.toLowerCase();
  if (lower === 'like' || token === '=~') return next?.startsWith('/') ? 'SIMILAR TO' : 'LIKE';
  if (token.startsWith('/') && token.length > 1) return text(`(?s).*(?:${token.slice(1, -1)}).*`);
  if (/^["']/.test(token)) return text(before?.toLowerCase() === 'like' ? `%${token.slice(1, -1)}%` : token.slice(1, -1));
  if (token === '[') return '(';
  if (token === ']') return ')';
  if (KEYWORDS.has(lower)) return lower.toUpperCase();
  if (next === '(' && /^[A-Za-z]/.test(token)) {
    const name = FUNCTIONS[lower];
    if (name === undefined) throw new DeliveryNotEmulated(`The function ${token} of a saved query is not read here.`);
    return name;
  }
  return isField(token, next) ? quoted(token.replace(/`/g, '')) : token;
}

function text(value: string): string {
  return `'${value.replace(/'/g, '\'\'')}'`;
}

function quoted(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}
