import { type Finding, isAcceptable } from '../checks/finding';
import { type ChecklistName, CHECKLISTS } from '../profiles/checklists';
import type { ChecklistItem, Elsewhere } from '../profiles/checklists/checklist';
import { toldBy } from '../profiles/local/local-variables';
import { variablesOf } from '../profiles/variables';
import { type Environment, type Fault, faultsIn, formOf } from '../profiles/variables/judge';
import type { Form, Variable } from '../profiles/variables/variable';
import { toJson } from '../report/findings';
import type { Paint } from '../report/paint';
import { readEnvFile } from './env-file';
import { checklistText } from './environment-text';

export interface EnvironmentOptions {
  /** The document whose program reads the file. */
  readonly profile: ChecklistName;
  /** As on a developer's machine. */
  readonly isLocal: boolean;
  readonly format: 'text' | 'json';
}

/** A fault, and what puts it right. */
export interface Complaint extends Fault {
  readonly fix: string;
}

/** What a file of variables says to one item of a checklist. `let-pass`: it holds on a developer's machine only. */
export type Answer =
  | { readonly kind: 'holds' }
  | { readonly kind: 'broken'; readonly complaints: readonly Complaint[] }
  | { readonly kind: 'unsaid'; readonly because: Elsewhere | 'left-out' | 'let-pass' | 'from-shell' };

export interface Answered {
  readonly item: ChecklistItem;
  readonly answer: Answer;
}

/** What was read, and what is wrong with it. */
interface Judged {
  readonly variables: readonly Variable[];
  readonly told: Environment;
  readonly complaints: readonly Complaint[];
  /** What would be wrong in production. */
  readonly strict: readonly Fault[];
}

/** Judges a file of variables by a document's checklist. Prints no value, as any may be a secret. Throws a UsageError where the file cannot be read. */
export function checkEnvironment(file: string, { profile, isLocal, format }: EnvironmentOptions, paint: Paint): { readonly text: string; readonly isAcceptable: boolean } {
  const { values, twice } = readEnvFile(file);
  const variables = variablesOf(profile);
  const secrets = new Set(variables.filter(({ place }) => place !== 'environment').map(({ name }) => name));
  // A file of LocalProfile leaves secrets to the shell, and in a deployment nobody leaves anything else to it.
  const fromShell = toldBy(Object.fromEntries([...values].filter(([name]) => isLocal || secrets.has(name))));
  const told: Environment = new Map([...values].map(([name, text]) => [name, fromShell.get(name) ?? { text, isSecret: false }]));
  const strict = faultsIn(profile, told);
  const faults = isLocal ? faultsIn(profile, told, { isLocal }) : strict;
  const complaints = [...faults.map((fault) => ({ ...fault, fix: fixOf(fault, variables, told, isLocal) })), ...[...twice].map(repeated)];
  const findings = complaints.map((complaint) => findingOf(complaint, file));
  const text = format === 'json' ? asJson(findings, told.size) : asText(CHECKLISTS[profile], { variables, told, complaints, strict }, paint);
  return { text, isAcceptable: isAcceptable(findings) };
}

const repeated = (name: string): Complaint => ({
  control: 'CFG-6', aspect: 'presence', names: [name], says: 'is there more than once, and which one counts is not said', severity: 'error', fix: 'Leave one of the lines.',
});

function fixOf({ control, names }: Fault, variables: readonly Variable[], told: Environment, isLocal: boolean): string {
  const variable = names.length === 1 ? variables.find(({ name }) => name === names[0]) : undefined;
  if (variable === undefined) return control === 'CFG-4' ? 'Write what is missing.' : 'Add, change or take out one of them.';
  const { name, presence } = variable;
  if (presence === 'refused') return 'Take it out.';
  return `Write ${spelled(formOf(variable, isLocal))}${presence === 'required' || !told.has(name) ? '' : ', or take it out'}.`;
}

function spelled(form: Form): string {
  switch (form.kind) {
    case 'words': return form.values.map((word) => JSON.stringify(word)).join(' or ');
    case 'whole': return `a whole number from ${form.least} to ${form.most}`;
    case 'decimal': return `a number above ${form.above}, and ${form.most} at most`;
    case 'text':
    case 'secret': return form.says;
    case 'list': return `${spelled(form.of)}; more after a ${form.separator === ' ' ? 'blank' : 'comma'}`;
  }
}

/** As rules say it of templates, so that one reader takes both. */
function findingOf({ control, severity, names, says, fix }: Complaint, file: string): Finding {
  return { control, rule: `${control}.env-file`, severity, stack: file, logicalId: names.join(', '), resourceType: '', path: names.join(', '), message: says, remediation: fix };
}

const JUDGED_CONTROLS: readonly Fault['control'][] = ['CFG-1', 'CFG-2', 'CFG-3', 'CFG-4', 'CFG-6', 'CFG-7'];

function asJson(findings: readonly Finding[], variables: number): string {
  const tallies = JUDGED_CONTROLS.map((control) => {
    const fail = findings.filter((finding) => finding.control === control).length;
    return { rule: `${control}.env-file`, control, pass: fail === 0 ? 1 : 0, fail, undecidable: 0, acknowledged: 0 };
  });
  return toJson({ findings, acknowledged: [], tallies, resources: variables, unjudgedTypes: [] });
}

function asText(checklist: readonly ChecklistItem[], judged: Judged, paint: Paint): string {
  const named = new Set<string>(checklist.flatMap(({ variables }) => variables));
  const others = judged.complaints.filter(({ names }) => !names.some((name) => named.has(name)));
  return checklistText(checklist.map((item) => ({ item, answer: answerTo(item, judged) })), others, paint);
}

function answerTo(item: ChecklistItem, { variables, told, complaints, strict }: Judged): Answer {
  const about = new Set<string>(item.variables);
  const isAbout = ({ names }: Fault): boolean => names.some((name) => about.has(name));
  const own = complaints.filter(isAbout);
  if (own.length > 0) return { kind: 'broken', complaints: own };
  if (strict.some(isAbout)) return { kind: 'unsaid', because: 'let-pass' };
  if (item.elsewhere !== undefined) return { kind: 'unsaid', because: item.elsewhere };
  // Of what nobody wants, absence is the answer.
  const answers = variables.filter(({ name, presence }) => about.has(name) && (told.has(name) || presence === 'refused'));
  if (answers.some(({ name }) => told.has(name) && told.get(name)?.text === undefined)) return { kind: 'unsaid', because: 'from-shell' };
  return answers.length > 0 ? { kind: 'holds' } : { kind: 'unsaid', because: 'left-out' };
}
