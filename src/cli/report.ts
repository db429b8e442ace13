import * as fs from 'node:fs';
import * as path from 'node:path';
import { judge } from '../checks/judge';
import { graphsOf, TemplateGraph } from '../checks/template/template-graph';
import { EVERY_ATTACK } from '../drill/every-attack';
import type { Evidence, TemplateDigest } from '../drill/evidence';
import { digestsOf, EvidenceError, readEvidence } from '../drill/evidence-file';
import { page } from '../report/html/page';
import { joinReport, type Report } from '../report/join';
import { judgedResources } from '../report/judged-resources';
import { OwnConstructs } from '../report/own-constructs';
import { requestPathsOf } from '../report/request-path-facts';
import { summaryLines } from '../report/summary';
import { type TypedPrograms, typedProgramsIn } from '../report/typed-programs';
import { readInput } from './inputs';
import { agreedWith, parametersFrom, recorded } from './parameters';
import { UsageError } from './usage-error';
import { writeOut } from './write-out';

export interface ReportOptions {
  readonly format: 'html' | 'json';
  /** @default - `secure-core/report.html` or `.json` in the assembly */
  readonly out?: string;
  /** `Name=Value` pairs. */
  readonly parameter: readonly string[];
}

/** Writes one page about a cloud assembly, and says where and in short what. */
export function report(folder: string, options: ReportOptions, print: (text: string) => void): void {
  const joined = reportOn(folder, options.parameter);
  const out = options.out ?? path.join(folder, 'secure-core', `report.${options.format}`);
  writeOut(out, options.format === 'json' ? `${JSON.stringify(joined, undefined, 2)}\n` : page(joined));
  print([`Wrote ${out}`, ...summaryLines(joined), ''].join('\n'));
}

/** Throws a UsageError where the folder is no cloud assembly, or its evidence is about other templates. */
export function reportOn(folder: string, pairs: readonly string[] = []): Report {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`${folder} is a file: a report is about the folder that cdk synth writes, usually cdk.out.`);
  const { templates, acknowledgements } = readInput(folder);
  const digests = digestsOf(folder, templates);
  const evidence = evidenceOf(folder, digests);
  const given = parametersFrom(pairs, templates);
  const parameters = evidence ? agreedWith(evidence.parameters, given) : given;
  return joinReport({
    templates: digests,
    parameters: evidence?.parameters ?? recorded(given, templates),
    attacks: EVERY_ATTACK,
    judgement: judge(templates, { acknowledgements, parameters }),
    judged: judgedResources(graphsOf(templates, parameters)),
    paths: requestPathsOf(new TemplateGraph(templates, new Map(), parameters)),
    typed: { programs: typedPrograms(), constructs: OwnConstructs.inTree(jsonIn(path.join(folder, 'tree.json'))) },
    ...(evidence ? { evidence } : {}),
  });
}

function evidenceOf(folder: string, digests: readonly TemplateDigest[]): Evidence | undefined {
  try {
    return readEvidence(folder, digests);
  } catch (error) {
    if (error instanceof EvidenceError) throw new UsageError(error.message);
    throw error;
  }
}

/** Beside the bundle of the command line, as the package ships it. */
function typedPrograms(): TypedPrograms | undefined {
  return typedProgramsIn(jsonIn(path.join(__dirname, '..', 'typed.json')));
}

/** Undefined where there is no such file or it is not JSON: the report says what is not proven then. */
function jsonIn(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
