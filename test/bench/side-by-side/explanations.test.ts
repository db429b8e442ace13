import { EXPLAINED } from '../../../bench/side-by-side/explained';
import { complaints, explain, type Explanation } from '../../../bench/side-by-side/explanations';
import type { ToolFinding } from '../../../bench/side-by-side/findings';

const FINDING: ToolFinding = { tool: 'cdk-nag AwsSolutions', rule: 'AwsSolutions-S1', resource: 'SecureCore/Core/Audit/Bucket/Resource' };
const EXPLANATION: Explanation = { tool: /cdk-nag .*/, rule: /AwsSolutions-S1/, resource: /Audit\/Bucket/, reason: 'It is where such logs go.' };

function complaintsAbout(findings: readonly ToolFinding[], explanations: readonly Explanation[]): string[] {
  return complaints(explain(findings, explanations));
}

describe('an explanation', () => {
  test('answers for a finding of its tool, rule and resource', () => {
    const { byExplanation } = explain([FINDING], [EXPLANATION]);
    expect(byExplanation.get(EXPLANATION)).toEqual([FINDING]);
    expect(complaintsAbout([FINDING], [EXPLANATION])).toEqual([]);
  });

  test.each<[string, Partial<ToolFinding>]>([
    ['tool', { tool: 'checkov' }],
    ['tool whose name only contains it', { tool: 'another cdk-nag AwsSolutions' }],
    ['rule', { rule: 'AwsSolutions-S2' }],
    ['rule whose id only starts alike', { rule: 'AwsSolutions-S10' }],
    ['resource', { resource: 'SecureCore/Core/Network/Vpc' }],
  ])('does not answer for another %s, which leaves the finding unexplained and itself stale', (_, change) => {
    const finding = { ...FINDING, ...change };
    expect(complaintsAbout([finding], [EXPLANATION])).toEqual([
      `not explained: ${finding.tool}: ${finding.rule} at ${finding.resource}`,
      'explains nothing any more: cdk-nag .* AwsSolutions-S1 Audit\\/Bucket',
    ]);
  });

  test('is stale where nobody finds anything', () => {
    expect(complaintsAbout([], [EXPLANATION])).toEqual(['explains nothing any more: cdk-nag .* AwsSolutions-S1 Audit\\/Bucket']);
  });

  test('must be the only one for its findings', () => {
    expect(complaintsAbout([FINDING], [EXPLANATION, { ...EXPLANATION, resource: /Bucket/ }])).toEqual([
      'explained more than once: cdk-nag AwsSolutions: AwsSolutions-S1 at SecureCore/Core/Audit/Bucket/Resource',
    ]);
  });
});

describe('the explanations of our stack', () => {
  test('are sentences, and no two say the same of the same', () => {
    for (const { reason } of EXPLAINED) expect(reason).toMatch(/^[A-Z].{20,}\.$/s);
    const keys = EXPLAINED.map(({ tool, rule, resource }) => `${tool.source} ${rule.source} ${resource.source}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('never answer for every rule of a tool, nor for our own pack', () => {
    for (const { tool, rule } of EXPLAINED) {
      expect(rule.test('Some-Rule.Nobody-Has_Heard_Of')).toBe(false);
      expect(tool.exec('cdk-secure-core')?.[0]).not.toBe('cdk-secure-core');
    }
  });
});
