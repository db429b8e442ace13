import { Acknowledgements } from '../../../src/checks/acknowledgements';
import { judge } from '../../../src/checks/judge';
import { defineRule, fail } from '../../../src/checks/rule';
import { OUTPUT } from '../../../src/checks/template/scope';
import type { JsonMap, Template } from '../../../src/checks/template/template';
import { graphsOf, TemplateGraph } from '../../../src/checks/template/template-graph';

const PARAMETERS: JsonMap = { Stage: { Type: 'String' }, Name: { Type: 'String', Default: 'core' } };
const ON: JsonMap = { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] };
const OFF: JsonMap = { 'Fn::Equals': ['a', 'b'] };
const NESTED: JsonMap = { Type: 'AWS::CloudFormation::Stack' };

const telling = (Outputs: JsonMap, more: JsonMap = {}, nested: Readonly<Record<string, Template>> = {}): Template => (
  { name: 'Stack', body: { Parameters: PARAMETERS, Resources: { Thing: { Type: 'Test::Thing' } }, Outputs, ...more }, nested: new Map(Object.entries(nested)) }
);
const told = (template: Template): string[] => new TemplateGraph([template]).ofType(OUTPUT).map((output) => `${output.template.name} ${output.logicalId}`);

test('each output is judged like a resource, with its value worked out', () => {
  const [output] = new TemplateGraph([telling({ Address: { Value: { 'Fn::Sub': 'https://${Name}/' } } })]).ofType(OUTPUT);
  expect([output?.logicalId, output?.type, output?.prop('Value').text()]).toEqual(['Address', OUTPUT, 'https://core/']);
});

test('what a nested stack tells is told as well', () => {
  const inner: Template = { name: 'Stack/Inner', body: { Resources: {}, Outputs: { Inside: { Value: 'x' } } } };
  expect(told(telling({ Outside: { Value: 'y' } }, { Resources: { Inner: NESTED } }, { Inner: inner }))).toEqual(['Stack Outside', 'Stack/Inner Inside']);
});

test('an output whose condition is false is not told, one of which a deployment decides may be', () => {
  const outputs = { Off: { Value: 'x', Condition: 'Off' }, On: { Value: 'y', Condition: 'On' }, Always: { Value: 'z' } };
  expect(told(telling(outputs, { Conditions: { On: ON, Off: OFF } }))).toEqual(['Stack On', 'Stack Always']);
});

test('a condition of an output alone opens no second world, and one of a resource decides about outputs too', () => {
  const outputs = { On: { Value: 'y', Condition: 'On' } };
  expect(graphsOf([telling(outputs, { Conditions: { On: ON } })])).toHaveLength(1);
  const graphs = graphsOf([telling(outputs, { Conditions: { On: ON }, Resources: { Thing: { Type: 'Test::Thing', Condition: 'On' } } })]);
  expect(graphs.map((graph) => [graph.ofType('Test::Thing').length, graph.ofType(OUTPUT).length]).sort()).toEqual([[0, 0], [1, 1]]);
});

test('outputs are no type that somebody would deploy, or that nobody reads', () => {
  const graph = new TemplateGraph([telling({ Address: { Value: 'x' } })]);
  expect(graph.types).toEqual(['Test::Thing']);
  expect(graph.unreadTypes).toEqual(['Test::Thing']);
});

test('their stack answers for them', () => {
  const rule = defineRule('RED-4', 'test', { appliesTo: [OUTPUT], remediation: 'None.', check: (output) => fail(output.whole, 'is told') });
  const acknowledgements = new Acknowledgements();
  acknowledgements.add('Stack', 'SecureCore::RED-4.test', 'A lab.');
  const { findings, acknowledged } = judge([telling({ Address: { Value: 'x' } })], { rules: [rule], acknowledgements });
  expect([findings, acknowledged.map(({ logicalId, reason }) => `${logicalId}: ${reason}`)]).toEqual([[], ['Address: A lab.']]);
});
