import type { Finding, Judgement } from '../../../src/checks/finding';
import { judge } from '../../../src/checks/judge';
import type { Json, JsonMap } from '../../../src/checks/template/template';
import { worldsOfAbsence } from '../../../src/checks/template/conditions';
import { graphsOf } from '../../../src/checks/template/template-graph';
import { template, things } from '../../support/templates';
import { IS_GUARDED, SPEAKS_HTTPS } from '../../support/test-rules';

const REGION: Json = { Ref: 'AWS::Region' };
const STAGE: Json = { Ref: 'Stage' };
const stageParameter: JsonMap = { Stage: { Type: 'String' } };
const equals = (left: Json, right: Json): Json => ({ 'Fn::Equals': [left, right] });

function judged(resources: JsonMap, Conditions: JsonMap, Parameters: JsonMap = stageParameter): Judgement {
  return judge([template(resources, { Conditions, Parameters })], { rules: [SPEAKS_HTTPS, IS_GUARDED] });
}

const https = (findings: readonly Finding[]): string[] => findings
  .filter((finding) => finding.rule.startsWith(SPEAKS_HTTPS.id))
  .map((finding) => `${finding.rule.slice('TLS-1.test-'.length)} ${finding.logicalId}: ${finding.message}`);

const thing = (Protocol: Json, Condition?: string): Json => ({ Type: 'Test::Thing', Properties: { Protocol }, ...(Condition === undefined ? {} : { Condition }) });

describe('a condition that a default decides', () => {
  const Parameters = { Stage: { Type: 'String', Default: 'production' } };
  const Conditions = { IsProduction: equals(STAGE, 'production') };

  test('takes one branch and costs one world', () => {
    const findings = https(judged({ Thing: thing({ 'Fn::If': ['IsProduction', 'HTTPS', 'HTTP'] }) }, Conditions, Parameters).findings);
    expect(findings).toEqual([]);
    expect(graphsOf([template({}, { Conditions, Parameters })])).toHaveLength(1);
  });

  test('takes a resource out of the judgement where it is false', () => {
    const { findings, tallies } = judged({ Thing: thing('HTTP', 'IsTest') }, { IsTest: equals(STAGE, 'test') }, Parameters);
    expect(findings).toEqual([]);
    expect(tallies.find((tally) => tally.rule === SPEAKS_HTTPS.id)).toMatchObject({ pass: 0, fail: 0 });
  });

  test('leaves a resource in where it is true', () => {
    expect(https(judged({ Thing: thing('HTTP', 'IsProduction') }, Conditions, Parameters).findings)).toEqual(['https Thing: speaks HTTP']);
  });

  test('may be decided by a value from outside', () => {
    const parts = template({ Thing: thing('HTTP', 'IsProduction') }, { Conditions, Parameters });
    expect(judge([parts], { rules: [SPEAKS_HTTPS], parameters: new Map([['Stage', 'test']]) }).findings).toEqual([]);
  });
});

describe('a condition that only a deployment decides', () => {
  test.each<[string, Json, string]>([
    ['the region', REGION, '${AWS::Region}'],
    ['a parameter without a default', STAGE, '${Stage}'],
  ])('is judged both ways, and the finding says where it holds: %s', (_, subject, text) => {
    const Conditions = { Special: equals(subject, 'x') };
    expect(https(judged({ Thing: thing({ 'Fn::If': ['Special', 'HTTP', 'HTTPS'] }) }, Conditions).findings)).toEqual([`https Thing: speaks HTTP (where ${text} is "x")`]);
    expect(https(judged({ Thing: thing({ 'Fn::If': ['Special', 'HTTPS', 'HTTP'] }) }, Conditions).findings)).toEqual([`https Thing: speaks HTTP (where ${text} is not "x")`]);
  });

  test('does not add a place to what holds in both', () => {
    const Conditions = { Special: equals(REGION, 'x') };
    expect(https(judged({ Thing: thing('HTTP'), Other: thing('HTTPS', 'Special') }, Conditions).findings)).toEqual(['https Thing: speaks HTTP']);
  });

  test('may take away what another resource relies on', () => {
    const resources = { Thing: thing('HTTPS'), Guard: { Type: 'Test::Guard', Condition: 'Special', Properties: { Target: { Ref: 'Thing' } } } };
    expect(judged(resources, { Special: equals(REGION, 'x') }).findings.map((finding) => finding.message)).toEqual(['has no guard (where ${AWS::Region} is not "x")']);
  });

  test('is found inside another Fn::If', () => {
    const Conditions = { Outer: equals(REGION, 'x'), Inner: equals(STAGE, 'y') };
    const findings = https(judged({ Thing: thing({ 'Fn::If': ['Outer', { 'Fn::If': ['Inner', 'HTTP', 'HTTPS'] }, 'HTTPS'] }) }, Conditions).findings);
    expect(findings).toEqual([expect.stringContaining('speaks HTTP (where ${AWS::Region} is "x", ${Stage} is "y"')]);
  });

  test.each<[string, Json]>([
    ['that is not defined', { Condition: 'Nowhere' }],
    ['that leads to itself', { Condition: 'Special' }],
    ['that is empty', { 'Fn::And': [] }],
    ['that is no list', { 'Fn::Or': 'x' }],
    ['that compares one value', { 'Fn::Equals': ['a'] }],
    ['that is an inherited name', { constructor: [] }],
    ['that is a text', 'true'],
    ['that is nested without end', Array.from({ length: 20_000 }).reduce<Json>((inner) => ({ 'Fn::Not': [inner] }), equals('a', 'b'))],
  ])('keeps its resources in the judgement, one %s', (_, condition) => {
    expect(https(judged({ Thing: thing('HTTP', 'Special') }, { Special: condition }).findings)).toEqual(['https Thing: speaks HTTP']);
    expect(https(judged({ Thing: thing({ 'Fn::If': ['Special', 'HTTP', 'HTTPS'] }) }, { Special: condition }).findings)).toEqual([expect.stringContaining('https[undecidable] Thing')]);
  });
});

describe('conditions that derive from one another', () => {
  /** HTTP only where the condition holds, so a finding is the proof that some world has it. */
  const possible = (condition: Json, others: JsonMap): boolean => https(judged({ Thing: thing({ 'Fn::If': ['Probe', 'HTTP', 'HTTPS'] }) }, { ...others, Probe: condition }).findings).length > 0;
  const Conditions = { A: equals(STAGE, 'a'), B: equals(STAGE, 'b'), Mirror: equals('a', STAGE), Far: equals(REGION, 'a'), Twin: equals(REGION, STAGE) };
  const both = (one: string, other: string): Json => ({ 'Fn::And': [{ Condition: one }, { Condition: other }] });
  const not = (inner: Json): Json => ({ 'Fn::Not': [inner] });

  test.each<[string, Json, boolean]>([
    ['a condition and its Not', { 'Fn::And': [{ Condition: 'A' }, not({ Condition: 'A' })] }, false],
    ['neither a condition nor its Not', not({ 'Fn::Or': [{ Condition: 'A' }, not({ Condition: 'A' })] }), false],
    ['one value equal to two literals', both('A', 'B'), false],
    ['one value equal to either of two literals', { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] }, true],
    ['one value equal to neither of two literals', not({ 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] }), true],
    ['an equality and not its mirror image', { 'Fn::And': [{ Condition: 'A' }, not({ Condition: 'Mirror' })] }, false],
    ['two literals, one written first', both('Mirror', 'B'), false],
    ['two values equal to one literal', both('A', 'Far'), true],
    ['a value equal to a literal and to another value', both('Far', 'Twin'), true],
    ['a value unequal to itself', not(equals(STAGE, STAGE)), false],
  ])('%s', (_, condition, expected) => {
    expect(possible(condition, Conditions)).toBe(expected);
  });

  test('two calls that are not carried out are not taken for one value', () => {
    const select = (index: string): Json => ({ 'Fn::Select': [index, { Ref: 'Names' }] });
    const names = { Names: { Type: 'CommaDelimitedList' } };
    const first = equals({ 'Fn::Split': [',', select('0')] }, 'x');
    const second = equals({ 'Fn::Split': [',', select('1')] }, 'x');
    const findings = judged({ Thing: thing({ 'Fn::If': ['Apart', 'HTTP', 'HTTPS'] }) }, { Apart: { 'Fn::And': [first, not(second)] } }, names).findings;
    expect(https(findings)).toHaveLength(1);
  });
});

describe('more undecided equalities than are tried', () => {
  const names = Array.from({ length: 30 }, (_, index) => `C${index}`);
  const Parameters = Object.fromEntries(names.map((name) => [`P${name}`, { Type: 'String' }]));
  const Conditions = Object.fromEntries(names.map((name) => [name, equals({ Ref: `P${name}` }, 'x')]));
  const others = Object.fromEntries(names.map((name) => [`Other${name}`, thing('HTTPS', name)]));

  test('do not explode', () => {
    expect(graphsOf([template(others, { Conditions, Parameters })]).length).toBeLessThan(40);
  });

  test('leave a value undecidable instead of passing it', () => {
    const chosen = judged({ Thing: thing({ 'Fn::If': ['C0', 'HTTPS', 'HTTP'] }), ...others }, Conditions, Parameters);
    expect(https(chosen.findings)).toEqual(['https[undecidable] Thing: cannot be decided: condition C0 depends on the deployment']);
  });

  test('leave a resource in the judgement', () => {
    expect(https(judged({ ...others, Thing: thing('HTTP', 'C0') }, Conditions, Parameters).findings)).toEqual([expect.stringContaining('speaks HTTP')]);
  });

  test('let nothing pass on the strength of a resource that may not be there', () => {
    const guard = { Type: 'Test::Guard', Condition: 'C1', Properties: { Target: { Ref: 'Thing' } } };
    const { findings } = judged({ ...others, Thing: thing('HTTPS', 'C0'), Guard: guard }, Conditions, Parameters);
    expect(findings.filter((finding) => finding.logicalId === 'Thing').map((finding) => finding.message)).toEqual(['has no guard (where condition C1 is false)']);
  });
});

describe('the condition on the metadata of the CDK', () => {
  const regions = Array.from({ length: 20 }, (_, index) => equals(REGION, `region-${index}`));
  const metadata: Json = { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable', Properties: {} };
  const Conditions = { CDKMetadataAvailable: { 'Fn::Or': regions } };

  test('costs no second world', () => {
    expect(graphsOf([template({ CDKMetadata: metadata, Thing: thing('HTTP') }, { Conditions })])).toHaveLength(1);
  });

  test('hides no resource that borrows it', () => {
    const guard = { Type: 'Test::Guard', Condition: 'CDKMetadataAvailable', Properties: { Target: { Ref: 'Thing' } } };
    expect(judged({ CDKMetadata: metadata, Thing: thing('HTTPS'), Guard: guard }, Conditions).findings).toHaveLength(1);
  });

  test('aside, a template without conditions is one world', () => {
    expect(graphsOf([things({ Thing: {} })])).toHaveLength(1);
  });
});

describe('assumptions', () => {
  test('spell a call out, and an empty text', () => {
    const Conditions = { Sized: equals({ 'Fn::FindInMap': ['Sizes', REGION, 'count'] }, '') };
    const { findings } = judged({ Thing: thing({ 'Fn::If': ['Sized', 'HTTP', 'HTTPS'] }) }, Conditions);
    expect(https(findings)).toEqual(['https Thing: speaks HTTP (where Fn::FindInMap(Sizes, ${AWS::Region}, count) is "")']);
  });

  test('name conditions where they are too many', () => {
    const names = Array.from({ length: 30 }, (_, index) => `C${index}`);
    const Conditions = Object.fromEntries(names.map((name) => [name, equals(STAGE, name)]));
    const others = Object.fromEntries(names.map((name) => [`Other${name}`, thing('HTTPS', name)]));
    const [finding] = https(judged({ ...others, Thing: thing('HTTP', 'C0') }, Conditions).findings);
    expect(finding).toBe('https Thing: speaks HTTP (where conditions C0, C1, C2 and 27 more are true)');
  });
});

describe('worlds of absence', () => {
  const names = Array.from({ length: 200 }, (_, index) => `C${index}`);

  test('are few for many conditions', () => {
    expect(worldsOfAbsence(names).length).toBeLessThan(30);
  });

  test('have any condition without any other', () => {
    const worlds = worldsOfAbsence(names);
    const apart = names.every((one) => names.every((other) => one === other || worlds.some((world) => world.has(one) && !world.has(other))));
    expect(apart).toBe(true);
  });
});
