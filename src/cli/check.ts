import * as fs from 'node:fs';
import * as path from 'node:path';
import { isAcceptable } from '../checks/finding';
import { judge } from '../checks/judge';
import { section, type Template } from '../checks/template/template';
import { toJson, toText } from '../report/findings';
import type { Paint } from '../report/paint';
import { readInput } from './inputs';
import { UsageError } from './usage-error';

export interface CheckOptions {
  readonly format: 'text' | 'json';
  readonly out?: string;
  /** `Name=Value` pairs. */
  readonly parameter: readonly string[];
}

/** Judges a template or a cloud assembly; true where nothing fatal and no error is left unacknowledged. */
export function check(location: string, options: CheckOptions, paint: Paint, print: (text: string) => void): boolean {
  const { templates, acknowledgements } = readInput(location);
  const judgement = judge(templates, { acknowledgements, parameters: parametersFrom(options.parameter, templates) });
  const text = options.format === 'json' ? toJson(judgement) : toText(judgement, paint);
  if (options.out === undefined) print(text);
  else write(options.out, text);
  return isAcceptable(judgement.findings);
}

function parametersFrom(pairs: readonly string[], templates: readonly Template[]): Map<string, string> {
  const declared = new Set(templates.flatMap((template) => Object.keys(section(template, 'Parameters'))));
  return new Map(pairs.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UsageError(`--parameter ${pair} is not of the form Name=Value.`);
    const name = pair.slice(0, equals);
    if (!declared.has(name)) throw new UsageError(`--parameter ${name}: ${declared.size > 0 ? `there is no such parameter, only ${[...declared].sort().join(', ')}` : 'there are no parameters'}.`);
    return [name, pair.slice(equals + 1)];
  }));
}

function write(file: string, text: string): void {
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    fs.writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`--out ${file} cannot be written: ${error instanceof Error ? error.message : 'for an unknown reason'}`);
  }
}
