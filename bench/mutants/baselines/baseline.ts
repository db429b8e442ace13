import { spawn } from 'node:child_process';
import * as fs from 'node:fs';

/** A template as a file, which is what the other tools read. */
export interface TemplateFile {
  /** The name of the file, without its folder. */
  readonly name: string;
  readonly path: string;
}

/** What a tool finds in each file: a set of keys that say which rule and which resource. */
export type FindingsByFile = ReadonlyMap<string, ReadonlySet<string>>;

/** The columns of one tool; several where its packs are chosen one by one. */
export interface BaselineResult {
  readonly columns: ReadonlyMap<string, FindingsByFile>;
  /** Files that the tool broke off at, and so finds nothing in. */
  readonly unread: readonly string[];
}

export interface Baseline {
  readonly name: string;
  run(files: readonly TemplateFile[], folder: string, say: (line: string) => void): Promise<BaselineResult>;
}

/** Runs a program with its output in a file: there is more of it than a pipe holds while this process is busy. */
export async function outputOf(command: string, args: readonly string[], file: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const [output, errors] = [fs.openSync(file, 'w'), fs.openSync(`${file}.err`, 'w')];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      spawn(command, args, { stdio: ['ignore', output, errors], env: { ...process.env, ...env } }).on('error', reject).on('exit', resolve);
    });
    const text = fs.readFileSync(file, 'utf8');
    // Both tools end with a code other than 0 where they find something, so the text tells whether they ran.
    if (text.trim() === '') throw new Error(`${command} wrote nothing and ended with ${String(code)}: ${fs.readFileSync(`${file}.err`, 'utf8').trim().split('\n').at(-1) ?? ''}`);
    return text;
  } finally {
    fs.closeSync(output);
    fs.closeSync(errors);
  }
}

/** Notes a finding under the file it is in. */
export function note(found: Map<string, Set<string>>, file: string, key: string): void {
  const known = found.get(file);
  if (known) known.add(key);
  else found.set(file, new Set([key]));
}
