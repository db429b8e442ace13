import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { parsedLine } from '../json';
import { escaped } from '../requests/wildcards';
import { DeliveryNotEmulated } from './not-emulated';

/** Whether a log line is taken. */
export type LineFilter = (line: string) => boolean;

type Test = (line: JsonMap) => boolean;

const TOKEN = /\s*(\|\||&&|!=|<=|>=|[()=<>]|\$(?:\.[A-Za-z_][\w-]*)+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z]+)/y;
const SELECTOR = /^\$\./;

/**
 * Reads a filter pattern of CloudWatch Logs as far as filters of records need it: none at all, or one of JSON with comparisons, `&&`, `||` and parentheses
 * (CloudWatch Logs guide, "Filter pattern syntax"). Throws where a pattern says more.
 */
export function lineFilter(pattern: string): LineFilter {
  if (pattern.trim() === '') return () => true;
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(pattern)?.[1];
  if (inner === undefined) throw new DeliveryNotEmulated(`The filter pattern ${pattern} is none of JSON, which is the only kind that is read here.`);
  const test = new PatternReader(tokensOf(inner, pattern), pattern).whole();
  return (line) => {
    const parsed = parsedLine(line);
    return parsed !== undefined && test(parsed);
  };
}

function tokensOf(text: string, pattern: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const found = TOKEN.exec(text)?.[1];
    if (found === undefined) throw new DeliveryNotEmulated(`The filter pattern ${pattern} holds signs that are not read here.`);
    tokens.push(found);
  }
  return tokens;
}

class PatternReader {
  private next = 0;

  public constructor(private readonly tokens: readonly string[], private readonly pattern: string) {}

  public whole(): Test {
    const test = this.either();
    if (this.next < this.tokens.length) this.fail();
    return test;
  }

  private either(): Test {
    const tests = [this.both()];
    while (this.takes('||')) tests.push(this.both());
    return (line) => tests.some((test) => test(line));
  }

  private both(): Test {
    const tests = [this.single()];
    while (this.takes('&&')) tests.push(this.single());
    return (line) => tests.every((test) => test(line));
  }

  private single(): Test {
    if (!this.takes('(')) return this.comparison();
    const test = this.either();
    if (!this.takes(')')) this.fail();
    return test;
  }

  private comparison(): Test {
    const [selector = '', operator = '', value = ''] = this.tokens.slice(this.next, this.next + 3);
    this.next += 3;
    if (!SELECTOR.test(selector)) this.fail();
    const path = selector.replace(SELECTOR, '').split('.');
    const compare = operator === 'IS' || operator === 'NOT' ? named(`${operator} ${value}`) : compared(operator, value);
    if (compare === undefined) return this.fail();
    return (line) => compare(path.reduce<Json | undefined>((map, key) => (isJsonMap(map) ? map[key] : undefined), line));
  }

  private takes(token: string): boolean {
    const isNext = this.tokens[this.next] === token;
    if (isNext) this.next += 1;
    return isNext;
  }

  private fail(): never {
    throw new DeliveryNotEmulated(`The filter pattern ${this.pattern} says more than is read here.`);
  }
}

type Compare = (value: Json | undefined) => boolean;

function named(words: string): Compare | undefined {
  const meant: Readonly<Record<string, Compare>> = {
    'IS NULL': (value) => value === null,
    'IS TRUE': (value) => value === true,
    'IS FALSE': (value) => value === false,
    'NOT EXISTS': (value) => value === undefined,
  };
  return meant[words];
}

const NUMBERS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
};

/** What is not there compares with nothing. */
function compared(operator: string, written: string): Compare | undefined {
  if (/^-?\d/.test(written)) {
    const compare = NUMBERS[operator];
    return compare && ((value) => typeof value === 'number' && compare(value, Number(written)));
  }
  if (!written.startsWith('"') || (operator !== '=' && operator !== '!=')) return undefined;
  const parts = (JSON.parse(written) as string).split('*').map(escaped);
  const wanted = new RegExp(`^${parts.join('[\\s\\S]*')}$`);
  return (value) => value !== undefined && wanted.test(typeof value === 'string' ? value : JSON.stringify(value)) === (operator === '=');
}
