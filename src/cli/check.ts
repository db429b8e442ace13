import { version } from '../../package.json';
import { isAcceptable, type Judgement } from '../checks/finding';
import { judge } from '../checks/judge';
import type { Template } from '../checks/template/template';
import type { ChecklistName } from '../profiles/checklists';
import { toJson, toText } from '../report/findings';
import type { Paint } from '../report/paint';
import { toSarif } from '../report/sarif';
import { checkEnvironment, type EnvironmentOptions } from './check-environment';
import { readInput } from './inputs';
import { parametersFrom } from './parameters';
import { TemplateLines } from './template-lines';
import { UsageError } from './usage-error';
import { writeOut } from './write-out';

export interface CheckOptions {
  readonly format: 'text' | 'json' | 'sarif';
  readonly out?: string;
  /** `Name=Value` pairs. */
  readonly parameter: readonly string[];
  /** A file of variables, judged in place of a location. */
  readonly envFile?: string;
  /** The document whose program reads the file of variables. */
  readonly profile?: ChecklistName;
  /** Takes what only a developer's machine may have. */
  readonly local?: boolean;
}

interface Checked {
  readonly text: string;
  readonly isAcceptable: boolean;
}

/** Judges a template, a cloud assembly or a file of variables; true where nothing fatal and no error is left unacknowledged. */
export function check(location: string | undefined, options: CheckOptions, paint: Paint, print: (text: string) => void): boolean {
  const { envFile } = options;
  const checked = envFile === undefined ? checkTemplates(locationFrom(location, options), options, paint) : checkEnvironment(envFile, environmentFrom(location, options), paint);
  if (options.out === undefined) print(checked.text);
  else writeOut(options.out, checked.text);
  return checked.isAcceptable;
}

function locationFrom(location: string | undefined, { profile, local }: CheckOptions): string {
  if (location === undefined) throw new UsageError('missing required argument: name a template or the folder that cdk synth writes, or a file of variables with --env-file.');
  const flag = profile === undefined ? '--local' : '--profile';
  if (profile !== undefined || local === true) throw new UsageError(`${flag} is for --env-file: leave it out, as ${location} says by itself what it deploys.`);
  return location;
}

function environmentFrom(location: string | undefined, { profile, local = false, format, parameter }: CheckOptions): EnvironmentOptions {
  if (location !== undefined) throw new UsageError(`check judges one thing at a time: leave out ${location}, or --env-file.`);
  if (profile === undefined) throw new UsageError('--env-file needs --profile, which says whose variables they are.');
  if (parameter.length > 0) throw new UsageError('--parameter is for templates: leave it out, as a file of variables has no parameters.');
  if (format === 'sarif') throw new UsageError('--format sarif is for what stands in a repository, and a file of secrets does not: take text or json.');
  return { profile, isLocal: local, format };
}

function checkTemplates(location: string, { parameter, format }: CheckOptions, paint: Paint): Checked {
  const { templates, acknowledgements } = readInput(location);
  const judgement = judge(templates, { acknowledgements, parameters: parametersFrom(parameter, templates) });
  return { text: written(judgement, templates, format, paint), isAcceptable: isAcceptable(judgement.findings) };
}

function written(judgement: Judgement, templates: readonly Template[], format: CheckOptions['format'], paint: Paint): string {
  switch (format) {
    case 'json': return toJson(judgement);
    case 'sarif': {
      const lines = new TemplateLines(templates);
      return toSarif(judgement, { version, locate: (finding) => lines.locate(finding) });
    }
    case 'text': return toText(judgement, paint);
  }
}
