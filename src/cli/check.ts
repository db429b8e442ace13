import { version } from '../../package.json';
import { isAcceptable, type Judgement } from '../checks/finding';
import { judge } from '../checks/judge';
import type { Template } from '../checks/template/template';
import { toJson, toText } from '../report/findings';
import type { Paint } from '../report/paint';
import { toSarif } from '../report/sarif';
import { readInput } from './inputs';
import { parametersFrom } from './parameters';
import { TemplateLines } from './template-lines';
import { writeOut } from './write-out';

export interface CheckOptions {
  readonly format: 'text' | 'json' | 'sarif';
  readonly out?: string;
  /** `Name=Value` pairs. */
  readonly parameter: readonly string[];
}

/** Judges a template or a cloud assembly; true where nothing fatal and no error is left unacknowledged. */
export function check(location: string, options: CheckOptions, paint: Paint, print: (text: string) => void): boolean {
  const { templates, acknowledgements } = readInput(location);
  const judgement = judge(templates, { acknowledgements, parameters: parametersFrom(options.parameter, templates) });
  const text = written(judgement, templates, options.format, paint);
  if (options.out === undefined) print(text);
  else writeOut(options.out, text);
  return isAcceptable(judgement.findings);
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
