import * as fs from 'node:fs';
import * as path from 'node:path';

const FOLDER = path.resolve(__dirname, '../../docs/runbooks');

/** A command line as it stands in a block of a runbook. */
export interface RunbookLine {
  readonly page: string;
  /** The heading above it. */
  readonly heading: string;
  /** As it is typed. */
  readonly text: string;
}

export const RUNBOOKS = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.md'));

export function runbookText(page: string): string {
  return fs.readFileSync(path.join(FOLDER, page), 'utf8');
}

/** Every line of every block, in the order in which they stand. */
export function linesOf(page: string): RunbookLine[] {
  const lines: RunbookLine[] = [];
  let heading = '';
  let isBlock = false;
  for (const line of runbookText(page).split('\n')) {
    if (/^\s*```/.test(line)) isBlock = !isBlock;
    else if (isBlock && line.trim() !== '') lines.push({ page, heading, text: line.trim() });
    else if (!isBlock) heading = /^#{1,6} (.+)$/.exec(line)?.[1] ?? heading;
  }
  return lines;
}

/** Command lines within a sentence: of ours, with everything that is needed to run them. */
export function inlineLines(page: string): RunbookLine[] {
  return [...runbookText(page).replace(/^\s*```[\s\S]*?^\s*```/gm, '').matchAll(/`(npx cdk-secure-core [^`]+)`/g)].map(([, text = '']) => ({ page, heading: '', text }));
}

const OURS = 'npx cdk-secure-core ';

/** The words behind our command; undefined of another program's line. No line needs a quote. */
export function wordsOf({ text }: RunbookLine): string[] | undefined {
  return text.startsWith(OURS) ? text.slice(OURS.length).split(/\s+/) : undefined;
}
