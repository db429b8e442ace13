import { App, Stack } from 'aws-cdk-lib';
import type { Finding } from '../../src/checks/finding';
import { judge } from '../../src/checks/judge';
import { RULES } from '../../src/checks/rules';
import { loadTemplate } from '../../src/checks/template/load';
import { treeTemplates } from '../../src/checks/tree-templates';

type Build = (stack: Stack) => void;

export interface ViolatingCase {
  readonly build: Build;
  readonly message: RegExp;
  readonly severity?: 'fatal' | 'error' | 'warning';
}

/** The five cases that every rule is held to; each may be given several times, by name. */
export interface RuleCases {
  /** The rule applies and is content. */
  readonly compliant: Readonly<Record<string, Build>>;
  /** Constructs used as they come, and wrong. */
  readonly violating: Readonly<Record<string, ViolatingCase>>;
  /** Right by its props, made wrong by `addPropertyOverride`. */
  readonly override: ViolatingCase;
  /** Wrong, and written as a `CfnResource` without a typed class. */
  readonly raw: ViolatingCase;
  /** A value that only a deployment knows, where the rule has to know it. */
  readonly undecidable: Build | Readonly<Record<string, Build>>;
  /** The rule has nothing to say. */
  readonly notApplicable?: Readonly<Record<string, Build>>;
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly passes: number;
}

/** Judges the stack twice, from the construct tree and from what synthesis writes, and holds the two to the same answer. */
function judgeCase(ruleId: string, build: Build): Judged {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  build(stack);
  const fromTree = judge(treeTemplates(app));
  const assembly = app.synth();
  const fromFiles = judge(assembly.stacks.map((artifact) => loadTemplate(artifact.templateFullPath, artifact.hierarchicalId)));
  const places = (findings: readonly Finding[]): string[] => findings.map(({ rule, stack: name, logicalId, path }) => [rule, name, logicalId, path].join(' ')).sort();
  expect(places(fromTree.findings)).toEqual(places(fromFiles.findings));
  expect(fromTree.findings.filter((finding) => finding.control === 'ENGINE')).toEqual([]);
  return {
    findings: fromTree.findings.filter((finding) => finding.rule === ruleId || finding.rule === `${ruleId}[undecidable]`),
    passes: fromTree.tallies.find((tally) => tally.rule === ruleId)?.pass ?? 0,
  };
}

function expectViolation(ruleId: string, { build, message, severity }: ViolatingCase): void {
  const violations = judgeCase(ruleId, build).findings.filter((finding) => finding.rule === ruleId);
  expect(violations.map((finding) => finding.message)).toContainEqual(expect.stringMatching(message));
  if (severity) expect(violations.map((finding) => finding.severity)).toContain(severity);
}

export function describeRule(ruleId: string, cases: RuleCases): void {
  describe(ruleId, () => {
    test('is part of the pack', () => {
      expect(RULES.map((rule) => rule.id)).toContain(ruleId);
    });
    test.each(Object.entries(cases.compliant))('accepts %s', (_, build) => {
      const { findings, passes } = judgeCase(ruleId, build);
      expect(findings).toEqual([]);
      expect(passes).toBeGreaterThan(0);
    });
    test.each(Object.entries(cases.violating))('finds %s', (_, violating) => expectViolation(ruleId, violating));
    test('finds a property override', () => expectViolation(ruleId, cases.override));
    test('finds a raw resource', () => expectViolation(ruleId, cases.raw));
    const undecidable = typeof cases.undecidable === 'function' ? { 'a value of the deployment': cases.undecidable } : cases.undecidable;
    test.each(Object.entries(undecidable))('cannot decide %s, and says so', (_, build) => {
      const rules = judgeCase(ruleId, build).findings.map((finding) => finding.rule);
      expect(rules).toContain(`${ruleId}[undecidable]`);
      expect(rules).not.toContain(ruleId);
    });
    for (const [name, build] of Object.entries(cases.notApplicable ?? {})) {
      test(`says nothing of ${name}`, () => expect(judgeCase(ruleId, build)).toEqual({ findings: [], passes: 0 }));
    }
  });
}
