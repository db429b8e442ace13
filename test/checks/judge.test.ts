import { Acknowledgements } from '../../src/checks/acknowledgements';
import { sentence } from '../../src/checks/finding';
import { judge } from '../../src/checks/judge';
import { all, defineRule, expect as holds, fail, NOT_APPLICABLE, PASS, type Rule, undecidable } from '../../src/checks/rule';
import type { Json, JsonMap, Template } from '../../src/checks/template/template';
import type { ControlId } from '../../src/controls';
import { template } from '../support/templates';
import { SPEAKS_HTTPS } from '../support/test-rules';

const AT = 'App/Stack/Thing';
const thing = (Protocol: Json, Metadata: JsonMap = {}): Json => ({ Type: 'Test::Thing', Properties: { Protocol }, Metadata: { 'aws:cdk:path': AT, ...Metadata } });
const one = (Protocol: Json, Metadata?: JsonMap): Template[] => [template({ Thing: thing(Protocol, Metadata) })];
const UNKNOWN: Json = { Ref: 'AWS::Region' };

const ID = 'SecureCore::TLS-1.test-https';
const CRASHES = defineRule('TLS-1', 'crashes', {
  appliesTo: ['Test::Thing'],
  remediation: 'None.',
  check: () => {
    throw new TypeError('a secret that was in the template');
  },
});

const ruleOf = (control: ControlId, aspect: string, fatal: boolean, check: Rule['check']): Rule => defineRule(control, aspect, { appliesTo: ['Test::Thing'], remediation: 'None.', fatal, check });
const failing = (control: ControlId, fatal = false): Rule => ruleOf(control, 'fails', fatal, (it) => fail(it.prop('Protocol'), 'is wrong'));
const doubting = (control: ControlId, fatal = false): Rule => ruleOf(control, 'doubts', fatal, (it) => undecidable(it.prop('Protocol'), 'is not known'));

function answered(...entries: readonly [path: string, id: string, reason: string][]): Acknowledgements {
  const acknowledgements = new Acknowledgements();
  for (const [path, id, reason] of entries) acknowledgements.add(path, id, reason);
  return acknowledgements;
}

describe('outcomes', () => {
  test('a pass leaves no finding and is counted', () => {
    const { findings, tallies } = judge(one('HTTPS'), { rules: [SPEAKS_HTTPS] });
    expect(findings).toEqual([]);
    expect(tallies).toEqual([{ rule: 'TLS-1.test-https', control: 'TLS-1', pass: 1, fail: 0, undecidable: 0, acknowledged: 0 }]);
  });

  test('a failure says what, where and how to put it right', () => {
    expect(judge(one('HTTP'), { rules: [SPEAKS_HTTPS] }).findings).toEqual([{
      control: 'TLS-1', rule: 'TLS-1.test-https', severity: 'error', stack: 'Stack', logicalId: 'Thing', resourceType: 'Test::Thing',
      constructPath: AT, path: 'Properties.Protocol', message: 'speaks HTTP', remediation: 'Speak HTTPS.',
    }]);
  });

  test('what cannot be decided is a finding of its own id', () => {
    const { findings } = judge(one(UNKNOWN), { rules: [SPEAKS_HTTPS] });
    expect(findings).toMatchObject([
      { rule: 'TLS-1.test-https[undecidable]', severity: 'error', path: 'Properties.Protocol', message: 'cannot be decided: AWS::Region has a value only when deployed' },
    ]);
  });

  test('a rule that has nothing to say is counted nowhere', () => {
    const silent = defineRule('TLS-1', 'silent', { appliesTo: ['Test::Thing'], remediation: 'None.', check: () => NOT_APPLICABLE });
    expect(judge(one('HTTP'), { rules: [silent] })).toMatchObject({ findings: [], tallies: [{ pass: 0, fail: 0, undecidable: 0 }] });
  });

  test('an undecidable place does not hide a wrong one beside it', () => {
    const twofold = defineRule('TLS-1', 'twofold', {
      appliesTo: ['Test::Thing'],
      remediation: 'None.',
      check: (it) => all(() => holds(it.prop('Protocol').text() === 'HTTPS', it.whole, 'speaks'), () => fail(it.whole, 'is wrong'), () => PASS),
    });
    const { findings, tallies } = judge(one(UNKNOWN), { rules: [twofold] });
    expect(findings.map(({ rule }) => rule)).toEqual(['TLS-1.twofold[undecidable]', 'TLS-1.twofold']);
    expect(tallies).toMatchObject([{ pass: 0, fail: 1, undecidable: 0 }]);
  });

  test('a rule that throws is a fatal finding of the engine, which names the error and nothing of the template', () => {
    const { findings, tallies } = judge(one('HTTP'), { rules: [CRASHES, SPEAKS_HTTPS] });
    expect(findings.map(({ rule, severity, control }) => ({ rule, severity, control }))).toEqual([
      { rule: 'engine.TLS-1.crashes', severity: 'fatal', control: 'ENGINE' },
      { rule: 'TLS-1.test-https', severity: 'error', control: 'TLS-1' },
    ]);
    expect(findings[0]?.message).toBe('is not judged by TLS-1.crashes, which broke off with TypeError');
    expect(tallies[0]).toMatchObject({ pass: 0, fail: 1 });
  });
});

describe('severities', () => {
  test.each<[ControlId, boolean, string, string]>([
    ['TLS-1', false, 'error', 'error'],
    ['RTL-3', false, 'error', 'error'],
    ['AUD-5', false, 'warning', 'warning'],
    ['RTL-7', false, 'warning', 'warning'],
    ['TLS-1', true, 'fatal', 'error'],
  ])('%s (fatal: %s) fails as %s and is undecidable as %s', (control, fatal, failed, undecided) => {
    expect(judge(one('x'), { rules: [failing(control, fatal)] }).findings[0]?.severity).toBe(failed);
    expect(judge(one('x'), { rules: [doubting(control, fatal)] }).findings[0]?.severity).toBe(undecided);
  });

  test('an outcome may name its own', () => {
    const mild = defineRule('TLS-1', 'mild', { appliesTo: ['Test::Thing'], remediation: 'None.', fatal: true, check: (it) => fail(it.whole, 'is wrong', 'warning') });
    expect(judge(one('x'), { rules: [mild] }).findings[0]?.severity).toBe('warning');
  });
});

describe('acknowledgements', () => {
  const outcome = (templates: Template[], rules: Rule[], acknowledgements = new Acknowledgements()): string[] => {
    const { findings, acknowledged } = judge(templates, { rules, acknowledgements });
    return [
      ...findings.map(({ rule, severity }) => `${severity} ${rule}`),
      ...acknowledged.map(({ rule, reason, acknowledgedAt, acknowledgedBy }) => `${rule} by ${acknowledgedBy} ${acknowledgedAt}: ${reason}`),
    ];
  };

  test.each([AT, 'App/Stack', 'App', ''])('count on the resource and on what is around it: %p', (path) => {
    expect(outcome(one('HTTP'), [SPEAKS_HTTPS], answered([path, ID, 'lab'])))
      .toEqual([`TLS-1.test-https by construct ${path}: lab`]);
  });

  test.each([`${AT}/Below`, 'App/Stack2', 'App/Sta', 'Thing'])('do not count elsewhere: %p', (path) => {
    expect(outcome(one('HTTP'), [SPEAKS_HTTPS], answered([path, ID, 'lab']))).toEqual(['error TLS-1.test-https']);
  });

  test('the closest one speaks', () => {
    expect(outcome(one('HTTP'), [SPEAKS_HTTPS], answered(['', ID, 'far'], ['App/Stack', ID, 'near']))).toEqual(['TLS-1.test-https by construct App/Stack: near']);
  });

  test('may stand in the metadata of the resource', () => {
    const acknowledge: Json = [{ id: 'SecureCore::OTHER', reason: 'x' }, null, 'x', { id: ID, reason: 'lab' }];
    expect(outcome(one('HTTP', { 'cdk-secure-core:acknowledge': acknowledge }), [SPEAKS_HTTPS])).toEqual(['TLS-1.test-https by template Thing: lab']);
  });

  test.each<[string, Json]>([['a map', { id: ID, reason: 'lab' }], ['a text', ID], ['null', null]])('%s in the metadata is not a list of them', (_, acknowledge) => {
    expect(outcome(one('HTTP', { 'cdk-secure-core:acknowledge': acknowledge }), [SPEAKS_HTTPS])).toEqual(['error TLS-1.test-https']);
  });

  test.each<[string, string]>([
    ['without the namespace', 'TLS-1.test-https'],
    ['of the control', 'SecureCore::TLS-1'],
    ['in other letters', ID.toLowerCase()],
  ])('count for the exact id only, not for one %s', (_, id) => {
    expect(outcome(one('HTTP'), [SPEAKS_HTTPS], answered([AT, id, 'lab']))).toEqual(['error TLS-1.test-https']);
  });

  test('of the rule do not hide what is undecidable, nor the reverse', () => {
    expect(outcome(one(UNKNOWN), [SPEAKS_HTTPS], answered([AT, ID, 'lab']))).toEqual(['error TLS-1.test-https[undecidable]']);
    expect(outcome(one('HTTP'), [SPEAKS_HTTPS], answered([AT, `${ID}[undecidable]`, 'lab']))).toEqual(['error TLS-1.test-https']);
    expect(outcome(one(UNKNOWN), [SPEAKS_HTTPS], answered([AT, `${ID}[undecidable]`, 'lab']))).toEqual([`TLS-1.test-https[undecidable] by construct ${AT}: lab`]);
  });

  test('hide nothing fatal, and no rule that broke off', () => {
    expect(outcome(one('x'), [failing('TLS-1', true)], answered([AT, 'SecureCore::TLS-1.fails', 'lab']))).toEqual(['fatal TLS-1.fails']);
    expect(outcome(one('x'), [CRASHES], answered([AT, 'SecureCore::TLS-1.crashes', 'lab'], [AT, 'SecureCore::engine.TLS-1.crashes', 'lab']))).toEqual(['fatal engine.TLS-1.crashes']);
  });

  test.each<[string, Json]>([['empty', ''], ['blank', ' \n\t'], ['missing', null], ['no text', { why: 'x' }]])('whose reason is %s do not count and turn the finding fatal', (_, reason) => {
    expect(outcome(one('HTTP', { 'cdk-secure-core:acknowledge': [{ id: ID, reason }] }), [SPEAKS_HTTPS])).toEqual(['fatal TLS-1.test-https']);
  });

  test('without a reason are named in the finding', () => {
    const { findings } = judge(one('HTTP'), { rules: [SPEAKS_HTTPS], acknowledgements: answered(['', ID, ' ']) });
    expect(findings[0]?.message).toBe('speaks HTTP; it is acknowledged at the app without a reason');
  });

  test('in one template do not speak for another of the same name', () => {
    const both = [...one('HTTP', { 'cdk-secure-core:acknowledge': [{ id: ID, reason: 'lab' }] }), ...one('HTTP')];
    expect(outcome(both, [SPEAKS_HTTPS])).toEqual(['error TLS-1.test-https', 'TLS-1.test-https by template Thing: lab']);
  });
});

describe('sums', () => {
  test('tallies count resources by the worst that a rule says of them, in any world', () => {
    const Conditions = { Far: { 'Fn::Equals': [UNKNOWN, 'x'] } };
    const resources = { A: thing('HTTPS'), B: thing('HTTP'), C: thing(UNKNOWN), D: thing({ 'Fn::If': ['Far', 'HTTP', 'HTTPS'] }) };
    const acknowledgements = answered([AT, `${ID}[undecidable]`, 'lab']);
    const { tallies, resources: count } = judge([template(resources, { Conditions })], { rules: [SPEAKS_HTTPS], acknowledgements });
    expect(tallies).toMatchObject([{ pass: 1, fail: 2, undecidable: 1, acknowledged: 1 }]);
    expect(count).toBe(4);
  });

  test('types that no rule reads are named, but not the metadata of the CDK', () => {
    const parts = template({ A: thing('HTTPS'), B: { Type: 'Test::Other' }, C: { Type: 'AWS::CDK::Metadata' }, D: { Type: 'Custom::Any' } });
    expect(judge([parts], { rules: [SPEAKS_HTTPS] }).unjudgedTypes).toEqual(['Custom::Any', 'Test::Other']);
  });

  test('a type that is there in one world only is named as well', () => {
    const parts = template({ B: { Type: 'Test::Other', Condition: 'Far' } }, { Conditions: { Far: { 'Fn::Equals': [UNKNOWN, 'x'] } } });
    expect(judge([parts], { rules: [SPEAKS_HTTPS] }).unjudgedTypes).toEqual(['Test::Other']);
  });
});

describe('entries that are no resources', () => {
  const LOOP = { 'Fn::ForEach::Things': ['Name', ['A'], { 'Thing${Name}': { Type: 'Test::Thing', Properties: { Protocol: 'HTTP' } } }] };

  test.each<[string, JsonMap, string]>([
    ['a loop', LOOP, 'is a loop that is not unrolled, so what it creates is not judged'],
    ['a macro', { 'Fn::Transform': { Name: 'AWS::Include' } }, 'is the macro AWS::Include, so what it adds is not judged'],
    ['another function', { 'Fn::If': ['C', {}, {}] }, 'is a function and no resource, so what it comes to is not judged'],
    ['null', { A: null }, 'is null and no resource, so nothing of it is judged'],
    ['a list', { A: [] }, 'is a list and no resource, so nothing of it is judged'],
    ['a text', { A: 'x' }, 'is a string and no resource, so nothing of it is judged'],
    ['a resource without a type', { A: {} }, 'has no type, so nothing of it is judged'],
    ['a resource of an empty type', { A: { Type: '' } }, 'has no type, so nothing of it is judged'],
    ['a type that is no text', { A: { Type: { Ref: 'T' } } }, 'has a type that is not written out, so nothing of it is judged'],
  ])('%s is an error, not a pass', (_, resources, message) => {
    const { findings } = judge([template(resources)], { rules: [SPEAKS_HTTPS] });
    expect(findings).toEqual([expect.objectContaining({ control: 'ENGINE', rule: 'engine.unreadable', severity: 'error', logicalId: Object.keys(resources)[0], message })]);
  });

  test('can be answered for on the stack', () => {
    const acknowledgements = answered(['Stack', 'SecureCore::engine.unreadable', 'the loop makes topics']);
    expect(judge([template(LOOP)], { rules: [SPEAKS_HTTPS], acknowledgements })).toMatchObject({ findings: [], acknowledged: [{ reason: 'the loop makes topics' }] });
  });

  const ANSWER = { 'cdk-secure-core:acknowledge': [{ id: 'SecureCore::engine.unreadable', reason: 'looked at' }] };
  const withSections = (resources: JsonMap, sections: JsonMap): Template => ({ name: 'Stack', body: { Resources: resources, ...sections } });

  test("can be answered for in the template's own metadata, which answers for nothing else and for no other template", () => {
    const resources = { ...LOOP, Inner: { Type: 'AWS::CloudFormation::Stack' } };
    const outer: Template = { ...withSections(resources, { Metadata: ANSWER }), nested: new Map([['Inner', template(LOOP, {}, 'Inner')]]) };
    expect(judge([outer], { rules: [SPEAKS_HTTPS] })).toMatchObject({ findings: [{ stack: 'Inner' }], acknowledged: [{ stack: 'Stack', reason: 'looked at', acknowledgedBy: 'template' }] });
    const other = withSections({ Thing: thing('HTTP') }, { Metadata: { 'cdk-secure-core:acknowledge': [{ id: ID, reason: 'not here' }] } });
    expect(judge([other], { rules: [SPEAKS_HTTPS] }).findings.map(({ rule }) => rule)).toEqual(['TLS-1.test-https']);
  });

  test.each<[Json, string[]]>([
    ['AWS::Include', ['AWS::Include']],
    [['AWS::Serverless-2016-10-31', 'Mine'], ['Mine']],
    [{ Name: 'AWS::Include', Parameters: { Location: 's3://x/y' } }, ['AWS::Include']],
    [{ Name: { Ref: 'X' } }, ['whose name is no text']],
    [['AWS::LanguageExtensions', 'AWS::SecretsManager-2024-09-16', 'AWS::CodeDeployBlueGreen'], []],
  ])('the transform %j of a template is an error where it may add anything', (Transform, names) => {
    const { findings } = judge([withSections({}, { Transform })], { rules: [SPEAKS_HTTPS] });
    expect(findings.map(({ rule, logicalId, message }) => `${rule} ${logicalId} ${message}`))
      .toEqual(names.map((name) => `engine.unreadable Transform runs the macro ${name}, so what that adds or changes is not judged`));
  });

  test.each([['AWS::CloudFormation::Stack', 'TemplateURL'], ['AWS::Serverless::Application', 'Location']])('%s is an error where its template is not at hand', (Type, property) => {
    const parts = template({ Inner: { Type } });
    const [finding] = judge([parts], { rules: [SPEAKS_HTTPS] }).findings;
    expect(finding).toMatchObject({ rule: 'engine.unreadable', logicalId: 'Inner', resourceType: Type, path: `Properties.${property}` });
    expect(finding?.message).toBe('names a template that is not at hand, so what it creates is not judged');
    expect(finding).not.toHaveProperty('constructPath');
    expect(judge([{ ...parts, nested: new Map([['Inner', template({})]]) }], { rules: [SPEAKS_HTTPS] }).findings).toEqual([]);
  });

  test('a nested stack can be answered for in its own metadata and on its construct', () => {
    const nested = (Metadata: JsonMap): Template[] => [template({ Inner: { Type: 'AWS::CloudFormation::Stack', Metadata } })];
    expect(judge(nested(ANSWER), { rules: [] })).toMatchObject({ findings: [], acknowledged: [{ acknowledgedAt: 'Inner' }] });
    const acknowledgements = answered(['App/Inner', 'SecureCore::engine.unreadable', 'looked at']);
    expect(judge(nested({ 'aws:cdk:path': 'App/Inner' }), { rules: [], acknowledgements })).toMatchObject({ findings: [], acknowledged: [{ acknowledgedAt: 'App/Inner' }] });
  });

  test.each(['constructor', 'toString', '__proto__'])('a resource may be called %s', (name) => {
    const parts = { name: 'Stack', body: JSON.parse(`{"Resources":{"${name}":{"Type":"Test::Thing","Properties":{"Protocol":"HTTP"}}}}`) as JsonMap };
    expect(judge([parts], { rules: [SPEAKS_HTTPS] }).findings.map(({ logicalId }) => logicalId)).toEqual([name]);
  });
});

describe('a finding as a sentence', () => {
  test.each([
    ['Properties.RetentionInDays', 'is not set', 'RetentionInDays is not set'],
    ['Properties.SecurityGroupIngress.0.CidrIp', 'lets in 0.0.0.0/0', 'SecurityGroupIngress.0.CidrIp lets in 0.0.0.0/0'],
    ['Properties', 'has no web ACL', 'Thing has no web ACL'],
    ['Properties.ContainerDefinitions.0.User', 'container web names no User', 'ContainerDefinitions.0.User: container web names no User'],
    ['Properties.Command', 'its command line has a credential', 'Command: its command line has a credential'],
  ])('%s %s', (path, message, expected) => {
    const [finding] = judge(one('HTTP'), { rules: [SPEAKS_HTTPS] }).findings;
    expect(finding && sentence({ ...finding, path, message })).toBe(expected);
  });
});
