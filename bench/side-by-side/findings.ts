import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudAssembly } from '@aws-cdk/cloud-assembly-api';
import type { Acknowledgements } from '../../src/checks/acknowledgements';
import { judge } from '../../src/checks/judge';
import { isJsonMap, type JsonMap, section, type Template } from '../../src/checks/template/template';
import { readInput } from '../../src/cli/inputs';
import { BASELINES } from '../mutants/baselines';
import type { TemplateFile } from '../mutants/baselines/baseline';
import { CFN_LINT } from './cfn-lint';

export const OUR_PACK = 'cdk-secure-core';

/** What one tool finds at one resource. */
export interface ToolFinding {
  readonly tool: string;
  readonly rule: string;
  /** Where its construct sits; its logical id where the template does not tell. */
  readonly resource: string;
}

/** One stack of the comparison as it was synthesized. */
export interface Subject {
  readonly name: string;
  readonly template: Template;
  /** What its constructs acknowledge for our pack. */
  readonly acknowledgements: Acknowledgements;
  /** What they acknowledge for any pack: ids as the CDK writes them, by construct path. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Judged {
  /** By tool, then by subject. */
  readonly findings: ReadonlyMap<string, ReadonlyMap<string, readonly ToolFinding[]>>;
  /** What did not run, or could not read a template. Such a tool finds nothing, which proves nothing. */
  readonly failures: readonly string[];
}

/** The only stack of an assembly. */
export function readSubject(name: string, assembly: string): Subject {
  const { templates: [template, ...others], acknowledgements } = readInput(assembly);
  const [stack] = new CloudAssembly(assembly, { skipVersionCheck: true }).stacks;
  if (template === undefined || stack === undefined || others.length > 0) throw new Error(`${assembly} must hold one stack.`);
  const acknowledged = new Map(Object.entries(stack.metadata).map(([rooted, entries]) => {
    const ids = entries.flatMap(({ type, data }) => (type === 'aws:cdk:acknowledged-rules' ? Object.keys(data as object) : []));
    return [rooted.replace(/^\//, ''), new Set(ids)];
  }));
  return { name, template, acknowledgements, acknowledged };
}

/** Whether a construct acknowledges a finding of a cdk-nag pack at itself or below, under the pack's name, which starts its rules. */
export function isAcknowledged({ acknowledged }: Pick<Subject, 'acknowledged'>, { rule, resource }: ToolFinding): boolean {
  const id = `${rule.split('-')[0] ?? ''}::${rule}`;
  const steps = resource.split('/');
  return steps.some((_, index) => acknowledged.get(steps.slice(0, index + 1).join('/'))?.has(id) === true);
}

export function resourceCount({ template }: Subject): number {
  return Object.keys(section(template, 'Resources')).length;
}

/** Runs every tool on the templates of the subjects; what constructs acknowledge in code is no finding. */
export async function findingsOf(subjects: readonly Subject[], folder: string, say: (line: string) => void): Promise<Judged> {
  const directory = path.join(folder, 'templates');
  fs.mkdirSync(directory, { recursive: true });
  const files = new Map(subjects.map((subject): [Subject, TemplateFile] => {
    const name = `${subject.template.name}.json`;
    const file = { name, path: path.join(directory, name) };
    fs.writeFileSync(file.path, JSON.stringify(subject.template.body));
    return [subject, file];
  }));
  const findings = new Map<string, ReadonlyMap<string, readonly ToolFinding[]>>();
  findings.set(OUR_PACK, new Map(subjects.map((subject) => [subject.name, ours(subject)])));
  const failures: string[] = [];
  await Promise.all([...BASELINES, CFN_LINT].map(async (baseline) => {
    try {
      const { columns, unread } = await baseline.run([...files.values()], folder, say);
      for (const [tool, found] of columns) {
        const bySubject = [...files].map(([subject, { name }]) => {
          const all = [...found.get(name) ?? []].map((key) => normalized(tool, key, subject));
          return [subject.name, all.filter((finding) => !isAcknowledged(subject, finding))] as const;
        });
        findings.set(tool, new Map(bySubject));
      }
      if (unread.length > 0) failures.push(`${baseline.name} could not read ${unread.join(', ')}`);
    } catch (error) {
      failures.push(`${baseline.name} did not run: ${error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)}`);
    }
  }));
  return { findings, failures };
}

function ours({ template, acknowledgements }: Subject): ToolFinding[] {
  return judge([template], { acknowledgements }).findings.map(({ rule, logicalId }) => ({ tool: OUR_PACK, rule, resource: pathOf(template, logicalId) }));
}

/** The tools name a rule, then a resource: by its logical id, with its type before it, or with the path of the construct that the template was read into. */
function normalized(tool: string, key: string, { template }: Subject): ToolFinding {
  const space = key.lastIndexOf(' ');
  const logicalId = key.slice(space + 1).split(/[./]/).at(-1) ?? '';
  return { tool, rule: key.slice(0, space), resource: pathOf(template, logicalId) };
}

function pathOf(template: Template, logicalId: string): string {
  const resource: unknown = section(template, 'Resources')[logicalId];
  const metadata: JsonMap = isJsonMap(resource) && isJsonMap(resource.Metadata) ? resource.Metadata : {};
  const constructPath = metadata['aws:cdk:path'];
  return typeof constructPath === 'string' ? constructPath : logicalId;
}
