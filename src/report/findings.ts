import { type AcknowledgedFinding, type Finding, isAcceptable, type Judgement, sentence } from '../checks/finding';
import type { FindingSeverity } from '../checks/rule';
import type { Paint } from './paint';

/** Loudest first. */
const SEVERITIES: readonly FindingSeverity[] = ['fatal', 'error', 'warning'];

export interface Summary {
  readonly fatal: number;
  readonly error: number;
  readonly warning: number;
  readonly acknowledged: number;
  readonly resources: number;
  readonly rules: number;
  /** Resource types in the templates that no rule looks at. */
  readonly unjudgedTypes: readonly string[];
}

export function summarize(judgement: Judgement): Summary {
  const count = (severity: FindingSeverity): number => judgement.findings.filter((finding) => finding.severity === severity).length;
  return {
    fatal: count('fatal'),
    error: count('error'),
    warning: count('warning'),
    acknowledged: judgement.acknowledged.length,
    resources: judgement.resources,
    rules: judgement.tallies.length,
    unjudgedTypes: judgement.unjudgedTypes,
  };
}

export function toJson(judgement: Judgement): string {
  const { findings, acknowledged } = judgement;
  return `${JSON.stringify({ findings: sorted(findings), acknowledged: sorted(acknowledged), summary: summarize(judgement) }, undefined, 2)}\n`;
}

function sorted<T extends Finding>(findings: readonly T[]): T[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** Findings by rule, each rule's advice once. */
export function toText(judgement: Judgement, paint: Paint): string {
  const byRule = new Map<string, Finding[]>();
  for (const finding of sorted(judgement.findings)) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const blocks = [...byRule].map(([rule, findings]) => ruleBlock(rule, findings, paint));
  const answered = judgement.acknowledged.map((finding) => acknowledgedLine(finding, paint));
  return `${[...blocks, ...(answered.length > 0 ? [answered.join('\n')] : []), closing(judgement, paint)].join('\n\n')}\n`;
}

function ruleBlock(rule: string, findings: readonly Finding[], paint: Paint): string {
  const [first] = findings;
  if (!first) return '';
  const color = first.severity === 'warning' ? paint.yellow : paint.red;
  const places = findings.map((finding) => `  ${place(finding)}\n    ${sentence(finding)}`);
  return [`${color(first.severity.toUpperCase().padEnd(7))} ${paint.bold(rule)}`, ...places, `  ${paint.cyan('fix')} ${first.remediation}`].join('\n');
}

function place(finding: Finding): string {
  const inStack = `${finding.stack}/${finding.logicalId}`;
  // What is no resource has the construct path of its stack, which would not say which entry is meant.
  return finding.resourceType === '' ? inStack : `${finding.constructPath ?? inStack} (${finding.resourceType})`;
}

function acknowledgedLine(finding: AcknowledgedFinding, paint: Paint): string {
  return `${paint.dim('acknowledged')} ${finding.rule} at ${finding.acknowledgedAt}: ${finding.reason}`;
}

function closing(judgement: Judgement, paint: Paint): string {
  const summary = summarize(judgement);
  const counts = SEVERITIES.map((severity) => `${summary[severity]} ${severity}`).join(', ');
  const verdict = isAcceptable(judgement.findings) ? paint.green(counts) : paint.red(counts);
  const lines = [`${verdict}, ${summary.acknowledged} acknowledged: ${summary.rules} rules over ${summary.resources} resources.`];
  if (summary.unjudgedTypes.length > 0) lines.push(paint.dim(`No rule looks at ${summary.unjudgedTypes.join(', ')}.`));
  return lines.join('\n');
}
