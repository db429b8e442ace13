import * as fs from 'node:fs';
import { UsageError } from './usage-error';

/** What a file of variables says, byte for byte: nothing is put in for a `$`. */
export interface EnvFile {
  readonly values: ReadonlyMap<string, string>;
  /** Names that stand there more than once. The last value counts here. */
  readonly twice: ReadonlySet<string>;
}

// Not util.parseEnv, nor dotenv: both pass over what they cannot read, and over a name that is there twice, without a word.
// A comment begins at a # after a blank, as in a shell. What is in quotes may go over several lines.
const LINE = /[ \t]*(?:(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|'([^']*)'|((?![ \t"'])[^\n]*?)))?[ \t]*(?:(?<!\S)#[^\n]*)?(?:\n|$)/gy;

/** Reads a file of `NAME=value` lines. Throws a UsageError that names the line, and never what stands in it: that may be a secret. */
export function readEnvFile(file: string): EnvFile {
  try {
    return parseEnvFile(fs.readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--env-file ${file} cannot be read: ${error instanceof Error ? error.message : 'for an unknown reason'}`);
  }
}

export function parseEnvFile(content: string, file: string): EnvFile {
  // Windows begins files with a mark and ends lines in two characters.
  const text = content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const values = new Map<string, string>();
  const twice = new Set<string>();
  let end = 0;
  for (const match of text.matchAll(LINE)) {
    end = match.index + match[0].length;
    const [, name, double, single, bare] = match;
    if (name === undefined) continue;
    if (values.has(name)) twice.add(name);
    values.set(name, double === undefined ? single ?? bare ?? '' : unescaped(double));
  }
  if (end < text.length) throw new UsageError(`${file}, line ${text.slice(0, end).split('\n').length} is not NAME=value: write it so, close its quotes, or begin it with #.`);
  return { values, twice };
}

const unescaped = (quoted: string): string => quoted.replace(/\\(["\\$`n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
