import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { judge } from '../../../src/checks/judge';
import { loadTemplate } from '../../../src/checks/template/load';
import type { Property } from '../../../src/checks/template/property';
import { flatten, type Json, type JsonMap, type Template } from '../../../src/checks/template/template';
import { graphsOf, TemplateGraph } from '../../../src/checks/template/template-graph';
import { Reference, Unknown } from '../../../src/checks/template/value';
import { template, things } from '../../support/templates';
import { SPEAKS_HTTPS } from '../../support/test-rules';

const stack = (Parameters: JsonMap = {}): Json => ({ Type: 'AWS::CloudFormation::Stack', Properties: { Parameters } });
const nesting = (outer: Template, nested: Readonly<Record<string, Template>>): Template => ({ ...outer, nested: new Map(Object.entries(nested)) });

function value(templates: readonly Template[], logicalId: string): Property | undefined {
  return new TemplateGraph(templates).ofType('Test::Thing').find((resource) => resource.logicalId === logicalId)?.prop('Value');
}

const target = (property: Property | undefined): string | undefined => (property?.value instanceof Reference ? `${property.value.resource.template.name} ${property.value.text}` : undefined);
const reason = (property: Property | undefined): string | undefined => (property?.value instanceof Unknown ? property.value.reason : undefined);

describe('nested stacks', () => {
  const inner = things({ Inner: { Value: { Ref: 'Given' } } }, { Parameters: { Given: { Type: 'String' } }, Outputs: { Name: { Value: { Ref: 'Inner' } } } }, 'Nested');

  test('a parameter leads up to the resource of the parent', () => {
    const outer = nesting(template({ Queue: { Type: 'Test::Queue' }, Nested: stack({ Given: { Ref: 'Queue' } }) }), { Nested: inner });
    expect(target(value([outer], 'Inner'))).toBe('Stack ${Queue}');
  });

  test('an output leads down to the resource of the nested stack', () => {
    const outer = nesting(template({ Nested: stack(), Outer: { Type: 'Test::Thing', Properties: { Value: { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] } } } }), { Nested: inner });
    expect(target(value([outer], 'Outer'))).toBe('Nested ${Inner}');
  });

  test.each([['before', ['First', 'Second']], ['after', ['Second', 'First']]])('an output of one leads into another that stands %s it', (_, order) => {
    const stacks: JsonMap = { First: stack(), Second: stack({ Given: { 'Fn::GetAtt': ['First', 'Outputs.Name'] } }) };
    const first = things({ Source: {} }, { Outputs: { Name: { Value: { Ref: 'Source' } } } }, 'First');
    const templates = { First: first, Second: inner };
    const sorted = <T>(all: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(all).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
    expect(target(value([nesting(template(sorted(stacks)), sorted<Template>(templates))], 'Inner'))).toBe('First ${Source}');
  });

  test('a parameter may come out of another stack', () => {
    const exporter = things({ Source: {} }, { Outputs: { Source: { Value: { Ref: 'Source' }, Export: { Name: 'source' } } } }, 'Exporter');
    const outer = nesting(template({ Nested: stack({ Given: { 'Fn::ImportValue': 'source' } }) }), { Nested: inner });
    expect(target(value([outer, exporter], 'Inner'))).toBe('Exporter ${Source}');
  });

  test('a parameter decides the conditions of the nested stack', () => {
    const sections = { Parameters: { Given: { Type: 'String' } }, Conditions: { Secure: { 'Fn::Equals': [{ Ref: 'Given' }, 'yes'] } } };
    const chosen = things({ Inner: { Protocol: { 'Fn::If': ['Secure', 'HTTPS', 'HTTP'] } } }, sections, 'Nested');
    const findings = (given: string): number => judge([nesting(template({ Nested: stack({ Given: given }) }), { Nested: chosen })], { rules: [SPEAKS_HTTPS] }).findings.length;
    expect([findings('yes'), findings('no')]).toEqual([0, 1]);
  });

  test('a list handed down as one text is a list again', () => {
    const lists = things({ Inner: { Value: { Ref: 'Given' } } }, { Parameters: { Given: { Type: 'CommaDelimitedList' } } }, 'Nested');
    const outer = nesting(template({ Nested: stack({ Given: { 'Fn::Join': [',', ['a', 'b']] } }) }), { Nested: lists });
    expect(value([outer], 'Inner')?.value).toEqual(['a', 'b']);
  });

  test('a nested stack that is not created is not judged', () => {
    const held = { ...(stack() as JsonMap), Condition: 'Never' };
    const outer = nesting(template({ Nested: held }, { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } }), { Nested: inner });
    expect(new TemplateGraph([outer]).ofType('Test::Thing')).toEqual([]);
  });

  test('an output that no template at hand has is unknown, and is not taken for the nested stack', () => {
    const outer = template({ Nested: stack(), Outer: { Type: 'Test::Thing', Properties: { Value: { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] } } } });
    expect(reason(value([outer], 'Outer'))).toBe('no template at hand has Name of nested stack Nested');
  });

  test('a nested stack that is fed from its own output ends', () => {
    const loop = things({ Inner: { Value: { Ref: 'Given' } } }, { Parameters: { Given: { Type: 'String' } }, Outputs: { Name: { Value: { Ref: 'Given' } } } }, 'Nested');
    const outer = nesting(template({ Nested: stack({ Given: { 'Fn::GetAtt': ['Nested', 'Outputs.Name'] } }) }), { Nested: loop });
    expect(reason(value([outer], 'Inner'))).toBe('output Name depends on itself');
  });

  test('parameters that cannot be read are unknown', () => {
    const macro = { Type: 'AWS::CloudFormation::Stack', Properties: { 'Fn::Transform': { Name: 'Macro' } } };
    expect(reason(value([nesting(template({ Nested: macro }), { Nested: inner })], 'Inner'))).toContain('Fn::Transform');
  });
});

describe('exports and imports', () => {
  const exporting = (Name: Json, name = 'Exporter'): Template => things({ Source: {} }, { Outputs: { Out: { Value: { Ref: 'Source' }, Export: { Name } } } }, name);
  const importing = (Name: Json): Template => things({ Importer: { Value: { 'Fn::ImportValue': Name } } }, {}, 'Importer');

  test('an import leads to the resource of the other stack, whichever comes first', () => {
    expect(target(value([exporting('source'), importing('source')], 'Importer'))).toBe('Exporter ${Source}');
    expect(target(value([importing('source'), exporting('source')], 'Importer'))).toBe('Exporter ${Source}');
  });

  test('the names of both may be put together', () => {
    expect(target(value([exporting({ 'Fn::Sub': '${AWS::Region}-source' }), importing({ 'Fn::Join': ['-', [{ Ref: 'AWS::Region' }, 'source']] })], 'Importer'))).toBe('Exporter ${Source}');
  });

  test('a nested stack may export', () => {
    expect(target(value([nesting(template({ Nested: stack() }), { Nested: exporting('source', 'Nested') }), importing('source')], 'Importer'))).toBe('Nested ${Source}');
  });

  test('two exports of one name are not guessed between', () => {
    expect(reason(value([exporting('source', 'One'), exporting('source', 'Two'), importing('source')], 'Importer'))).toBe('more than one of the templates exports source');
  });

  test('an export that imports itself ends', () => {
    const loop = things({ Importer: { Value: { 'Fn::ImportValue': 'loop' } } }, { Outputs: { Out: { Value: { 'Fn::ImportValue': 'loop' }, Export: { Name: 'loop' } } } });
    expect(reason(value([loop], 'Importer'))).toContain('which no template at hand exports');
  });

  test('an export whose name is imported ends', () => {
    const loop = things({ Importer: { Value: { 'Fn::ImportValue': 'a' } } }, { Outputs: { Out: { Value: 'x', Export: { Name: { 'Fn::ImportValue': 'a' } } } } });
    expect(reason(value([loop], 'Importer'))).toContain('which no template at hand exports');
  });
});

describe('pointers', () => {
  test('are found directly, in a list and further down', () => {
    const graph = new TemplateGraph([things({ A: { Value: { Ref: 'C' } }, B: { Value: [{ Deep: { Ref: 'C' } }] }, C: {}, D: { Value: 'C' } })]);
    const [, , c] = graph.ofType('Test::Thing');
    expect(c && graph.pointingAt(c, 'Test::Thing', 'Value').map((resource) => resource.logicalId)).toEqual(['A', 'B']);
  });

  test('are left out where they cannot be followed', () => {
    const graph = new TemplateGraph([things({ A: { 'Fn::Transform': {} }, B: { Value: { Ref: 'C' } }, C: {} })]);
    const [, , c] = graph.ofType('Test::Thing');
    expect(c && graph.pointingAt(c, 'Test::Thing', 'Value').map((resource) => resource.logicalId)).toEqual(['B']);
  });
});

describe('files', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'graph-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  function write(name: string, body: unknown): string {
    const file = path.join(folder, name);
    fs.writeFileSync(file, JSON.stringify(body));
    return file;
  }

  const holding = (resource: JsonMap): JsonMap => ({ Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', ...resource } } });
  const names = (file: string): string[] => flatten(loadTemplate(file, 'Stack')).map(({ name }) => name);

  test.each<[string, JsonMap]>([
    ['the metadata of the CDK', { Metadata: { 'aws:asset:path': 'inner.json' }, Properties: { TemplateURL: { 'Fn::Sub': 'https://bucket/${x}' } } }],
    ['a relative TemplateURL', { Properties: { TemplateURL: './inner.json' } }],
    ['a relative TemplateURL beside metadata that leads nowhere', { Metadata: { 'aws:asset:path': 'gone.json' }, Properties: { TemplateURL: 'inner.json' } }],
  ])('a nested template is found by %s', (_, resource) => {
    write('inner.json', things({ Inner: {} }).body);
    expect(names(write('outer.json', holding(resource)))).toEqual(['Stack', 'Stack/Nested']);
  });

  test.each(['https://bucket.s3.amazonaws.com/inner.json', 'file:///etc/passwd', 'gone.json', '.'])('a TemplateURL that is no file beside it is not followed: %s', (TemplateURL) => {
    expect(names(write('outer.json', holding({ Properties: { TemplateURL } })))).toEqual(['Stack']);
  });

  test('a template that nests itself many times ends at once', () => {
    const stacks = Array.from({ length: 30 }, (_, index): [string, Json] => [`Nested${index}`, { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'self.json' } }]);
    expect(names(write('self.json', { Resources: Object.fromEntries(stacks) }))).toEqual(['Stack']);
  });

  test('two templates that nest each other end', () => {
    write('pong.json', holding({ Properties: { TemplateURL: 'ping.json' } }));
    expect(names(write('ping.json', holding({ Properties: { TemplateURL: 'pong.json' } })))).toEqual(['Stack', 'Stack/Nested']);
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['a text', 'x'],
    ['null', null],
    ['a template whose Resources are a list', { Resources: [] }],
    ['a template whose Resources are null', { Resources: null }],
  ])('%s is refused', (_, body) => {
    expect(() => loadTemplate(write('bad.json', body), 'Stack')).toThrow(/is not a CloudFormation template/);
  });
});

test('a graph of odd sections stands', () => {
  const resources: JsonMap = { A: null, B: [], C: { Type: 5 }, D: { Type: 'Test::Thing', Properties: 'x', Metadata: 1 } };
  const body: JsonMap = { Resources: resources, Parameters: [], Conditions: 'x', Mappings: null, Outputs: { O: null, P: { Export: 1 } } };
  expect(graphsOf([{ name: 'Odd', body }])).toHaveLength(1);
  expect(graphsOf([{ name: 'Empty', body: {} }])).toHaveLength(1);
});
