import type { ToolFinding } from './findings';

/** Why what other tools find on our stack stays. */
export interface Explanation {
  /** The whole name of a tool. */
  readonly tool: RegExp;
  /** The whole id of a rule. */
  readonly rule: RegExp;
  /** Anywhere in a resource's construct path. */
  readonly resource: RegExp;
  readonly reason: string;
}

export interface Explained {
  /** Every explanation and what it answers for. */
  readonly byExplanation: ReadonlyMap<Explanation, readonly ToolFinding[]>;
  readonly unexplained: readonly ToolFinding[];
  /** Explanations of what nobody finds any more. */
  readonly stale: readonly Explanation[];
  /** Findings that more than one explanation answers for: one of the two says too much. */
  readonly ambiguous: readonly ToolFinding[];
}

/** Matches findings with explanations, each with exactly one. */
export function explain(findings: readonly ToolFinding[], explanations: readonly Explanation[]): Explained {
  const byExplanation = new Map(explanations.map((explanation) => [explanation, findings.filter((finding) => answers(explanation, finding))]));
  const times = (finding: ToolFinding): number => explanations.filter((explanation) => answers(explanation, finding)).length;
  return {
    byExplanation,
    unexplained: findings.filter((finding) => times(finding) === 0),
    stale: explanations.filter((explanation) => byExplanation.get(explanation)?.length === 0),
    ambiguous: findings.filter((finding) => times(finding) > 1),
  };
}

function answers({ tool, rule, resource }: Explanation, finding: ToolFinding): boolean {
  return isAll(tool, finding.tool) && isAll(rule, finding.rule) && resource.test(finding.resource);
}

/** Whether a pattern is the whole text, so that `S1` says nothing of `S10`. */
function isAll(pattern: RegExp, text: string): boolean {
  return pattern.exec(text)?.[0] === text;
}

/** What must not be: the reasons for which the bench fails. */
export function complaints({ unexplained, stale, ambiguous }: Explained): string[] {
  return [
    ...unexplained.map((finding) => `not explained: ${named(finding)}`),
    ...stale.map(({ tool, rule, resource }) => `explains nothing any more: ${tool.source} ${rule.source} ${resource.source}`),
    ...ambiguous.map((finding) => `explained more than once: ${named(finding)}`),
  ];
}

function named({ tool, rule, resource }: ToolFinding): string {
  return `${tool}: ${rule} at ${resource}`;
}
