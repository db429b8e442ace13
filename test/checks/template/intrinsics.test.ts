import type { Json, JsonMap } from '../../../src/checks/template/template';
import { graphsOf, TemplateGraph } from '../../../src/checks/template/template-graph';
import { asText, Reference, Unknown } from '../../../src/checks/template/value';
import { evaluated, evaluatedText, things } from '../../support/templates';

const known = (text: string): object => ({ text, complete: true });
const partial = (text: string): object => ({ text, complete: false });
const reasonOf = (value: unknown): string | undefined => (value instanceof Unknown ? value.reason : undefined);

describe('references', () => {
  test('Ref of a resource leads to it', () => {
    const value = evaluated({ Ref: 'Queue' });
    expect(value).toBeInstanceOf(Reference);
    expect(evaluatedText({ Ref: 'Queue' })).toEqual(partial('${Queue}'));
  });

  test.each<[string, Json]>([['a list', ['Queue', 'Arn']], ['a dotted text', 'Queue.Arn']])('Fn::GetAtt leads to the resource, written as %s', (_, argument) => {
    expect(evaluatedText({ 'Fn::GetAtt': argument })).toEqual(partial('${Queue.Arn}'));
  });

  test('an attribute may have dots of its own', () => {
    expect(evaluatedText({ 'Fn::GetAtt': 'Queue.Endpoint.Port' })).toEqual(partial('${Queue.Endpoint.Port}'));
  });

  test.each<[string, Json]>([
    ['Ref to nothing', { Ref: 'Nobody' }],
    ['Ref of a map', { Ref: { Ref: 'Queue' } }],
    ['Ref of an inherited name', { Ref: 'toString' }],
    ['Ref of the prototype', { Ref: '__proto__' }],
    ['Fn::GetAtt of nothing', { 'Fn::GetAtt': ['Nobody', 'Arn'] }],
    ['Fn::GetAtt without arguments', { 'Fn::GetAtt': [] }],
    ['Fn::GetAtt of null', { 'Fn::GetAtt': null }],
    ['Fn::Sub of a map', { 'Fn::Sub': { Ref: 'Queue' } }],
    ['Fn::Sub without arguments', { 'Fn::Sub': [] }],
    ['Fn::Join without a list', { 'Fn::Join': ',' }],
    ['Fn::Select beyond the end', { 'Fn::Select': [2, ['a', 'b']] }],
    ['Fn::Select of no number', { 'Fn::Select': ['x', ['a', 'b']] }],
    ['Fn::Split by nothing', { 'Fn::Split': [] }],
    ['Fn::FindInMap of inherited names', { 'Fn::FindInMap': ['__proto__', 'constructor', 'name'] }],
    ['Fn::FindInMap of an inherited row', { 'Fn::FindInMap': ['Sizes', '__proto__', 'constructor'] }],
    ['Fn::ImportValue of nothing', { 'Fn::ImportValue': 'nowhere' }],
    ['a function that is not carried out', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }],
    ['a function that nobody knows', { 'Fn::Brew': 'tea' }],
    ['a macro beside other keys', { 'Fn::Transform': { Name: 'AWS::Include' }, 'Protocol': 'HTTPS' }],
    ['a loop', { 'Fn::ForEach::Names': ['Name', ['a'], {}], 'Protocol': 'HTTPS' }],
  ])('%s is unknown', (_, value) => {
    expect(evaluated(value, { Mappings: { Sizes: { small: { count: 1 } } } })).toBeInstanceOf(Unknown);
  });

  test('an unknown says why', () => {
    expect(reasonOf(evaluated({ Ref: 'Nobody' }))).toBe('Nobody is defined nowhere in the template');
    expect(reasonOf(evaluated({ Ref: 'AWS::Region' }))).toBe('AWS::Region has a value only when deployed');
    expect(reasonOf(evaluated({ 'Fn::ImportValue': 'nowhere' }))).toBe('it is imported as nowhere, which no template at hand exports');
  });
});

describe('texts', () => {
  test('Fn::Join joins what is known', () => {
    expect(evaluatedText({ 'Fn::Join': [':', ['arn', 'aws', 1]] })).toEqual(known('arn:aws:1'));
  });

  test('Fn::Join keeps what is known around holes, and says which one keeps it from being known', () => {
    const value: Json = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sqs:', { 'Fn::GetAtt': ['Queue', 'Name'] }]] };
    expect(evaluatedText(value)).toEqual(partial('arn:${AWS::Partition}:sqs:${Queue.Name}'));
    expect(reasonOf(evaluated(value))).toBe('AWS::Partition has a value only when deployed');
  });

  test('Fn::Join leaves out what is no value', () => {
    expect(evaluatedText({ 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] })).toEqual(known('a,b'));
  });

  test('Fn::Sub fills in parameters, resources and attributes', () => {
    const sections = { Parameters: { Name: { Type: 'String', Default: 'core' } } };
    expect(evaluatedText({ 'Fn::Sub': '${Name}-logs' }, sections)).toEqual(known('core-logs'));
    expect(evaluatedText({ 'Fn::Sub': '${Name}-${Queue}-${Queue.Endpoint.Port}' }, sections)).toEqual(partial('core-${Queue}-${Queue.Endpoint.Port}'));
  });

  test('Fn::Sub prefers its own variables', () => {
    expect(evaluatedText({ 'Fn::Sub': ['${Queue}.${Zone}', { Queue: 'mine', Zone: { 'Fn::Join': ['.', ['a', 'b']] } }] })).toEqual(known('mine.a.b'));
  });

  test('Fn::Sub leaves literals alone', () => {
    expect(evaluatedText({ 'Fn::Sub': '${!NotAName} costs $5' })).toEqual(known('${NotAName} costs $5'));
  });

  test('Fn::Sub does not take an inherited name for a variable', () => {
    expect(evaluatedText({ 'Fn::Sub': ['${constructor}-x', {}] })).toEqual(partial('${constructor}-x'));
  });

  test('a text that is one hole can be followed like a Ref', () => {
    expect(evaluated({ 'Fn::Sub': '${Queue}' })).toBeInstanceOf(Reference);
  });

  test('Fn::Base64 is never known, and keeps its text', () => {
    expect(evaluatedText({ 'Fn::Base64': { 'Fn::Sub': 'curl ${Queue}' } })).toEqual(partial('curl ${Queue}'));
  });

  test('references in a list are written as holes, though they lead round in a circle', () => {
    const circle = things({ A: { Peer: [{ Ref: 'B' }], Other: {} }, B: { Peer: [{ Ref: 'A' }] } });
    const [a, b] = new TemplateGraph([circle]).ofType('Test::Thing');
    b?.evaluateAll();
    expect(a?.prop('Peer').partialText()).toEqual(partial('["${B}"]'));
  });
});

describe('lists and maps', () => {
  test('Fn::Split and Fn::Select take a text apart', () => {
    expect(evaluated({ 'Fn::Split': [',', 'a,b'] })).toEqual(['a', 'b']);
    expect(evaluated({ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] })).toBe('b');
  });

  test('Fn::Split of a text with holes is unknown', () => {
    expect(evaluated({ 'Fn::Split': [',', { 'Fn::Sub': 'a,${Queue}' }] })).toBeInstanceOf(Unknown);
  });

  test('Fn::FindInMap reads the mappings', () => {
    const Mappings: JsonMap = { Regions: { 'eu-west-1': { Ports: ['80', '443'] } } };
    expect(evaluated({ 'Fn::FindInMap': ['Regions', 'eu-west-1', 'Ports'] }, { Mappings })).toEqual(['80', '443']);
    expect(evaluated({ 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'Ports'] }, { Mappings })).toBeInstanceOf(Unknown);
  });

  test('a key without a value is left out, and so is an entry of a list', () => {
    expect(evaluated({ Kept: 1, Dropped: { Ref: 'AWS::NoValue' } })).toEqual({ Kept: 1 });
    expect(evaluated(['a', { Ref: 'AWS::NoValue' }, { 'Fn::If': ['Off', 'x', { Ref: 'AWS::NoValue' }] }], { Conditions: { Off: { 'Fn::Equals': ['a', 'b'] } } })).toEqual(['a']);
  });

  test('Fn::If of an undecided condition is unknown', () => {
    const value = evaluated({ 'Fn::If': ['Far', 1, 2] }, { Conditions: { Far: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } } });
    expect(reasonOf(value)).toBe('condition Far depends on the deployment');
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('a single key %s is a key like any other', (key) => {
    const value = evaluated(JSON.parse(`{"${key}": {"Protocol": {"Ref": "AWS::NoValue"}}}`) as Json);
    expect(Object.entries(value as object)).toEqual([[key, {}]]);
  });

  test('a key __proto__ hands nothing down', () => {
    const graph = new TemplateGraph([{ name: 'Stack', body: JSON.parse('{"Resources":{"A":{"Type":"Test::Thing","Properties":{"__proto__":{"Protocol":"HTTPS"},"Port":1}}}}') as JsonMap }]);
    expect(graph.ofType('Test::Thing')[0]?.prop('Protocol').exists).toBe(false);
    expect(graph.ofType('Test::Thing')[0]?.prop('constructor').exists).toBe(false);
  });

  test('what is nested too deeply is unknown and breaks nothing', () => {
    const deep = Array.from({ length: 20_000 }).reduce<Json>((inner) => [inner], 'x');
    expect(asText(evaluated(deep)).complete).toBe(false);
    const join = Array.from({ length: 20_000 }).reduce<Json>((inner) => ({ 'Fn::Join': ['', ['a', inner]] }), 'x');
    expect(evaluatedText(join).complete).toBe(false);
  });
});

describe('parameters', () => {
  const typed = (declaration: JsonMap): Json => evaluated({ Ref: 'Given' }, { Parameters: { Given: declaration } }) as Json;

  test('a default stands for the parameter, as text', () => {
    expect(typed({ Type: 'String', Default: 'a' })).toBe('a');
    expect(typed({ Type: 'Number', Default: 443 })).toBe('443');
  });

  test('a list type is split', () => {
    expect(typed({ Type: 'CommaDelimitedList', Default: 'a, b' })).toEqual(['a', 'b']);
    expect(typed({ Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1,subnet-2' })).toEqual(['subnet-1', 'subnet-2']);
  });

  test('without a default it is unknown', () => {
    expect(reasonOf(typed({ Type: 'String' }))).toBe('parameter Given has no default');
  });

  test('a parameter read from SSM is unknown, whatever name it is read by', () => {
    expect(reasonOf(typed({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/core/port' }))).toBe('parameter Given is read from SSM at deployment');
  });

  test('a value given from outside goes before the default, and is split where the type is a list', () => {
    const template = things({ Thing: { Value: { Ref: 'Given' } } }, { Parameters: { Given: { Type: 'CommaDelimitedList', Default: 'a' } } });
    const graph = new TemplateGraph([template], new Map(), new Map([['Given', 'b,c']]));
    expect(graph.ofType('Test::Thing')[0]?.prop('Value').value).toEqual(['b', 'c']);
  });
});

describe('dynamic references', () => {
  test.each<[string, Json, string]>([
    ['a parameter', '{{resolve:ssm:/u}}', 'it is read from SSM at deployment'],
    ['a secret in a text', { 'Fn::Join': ['', ['a-{{resolve:', 'secretsmanager:x}}']] }, 'it is read from Secrets Manager at deployment'],
    ['another service', { 'Fn::Sub': '{{resolve:vault:x}}' }, 'it is read from vault at deployment'],
  ])('%s is unknown and keeps its text', (_, value, reason) => {
    expect(reasonOf(evaluated(value))).toBe(reason);
    expect(evaluatedText(value)).toEqual(partial(expect.stringContaining('{{resolve:') as unknown as string));
  });

  test('as the default of a parameter', () => {
    expect(evaluated({ Ref: 'Given' }, { Parameters: { Given: { Type: 'String', Default: '{{resolve:ssm:/u}}' } } })).toBeInstanceOf(Unknown);
  });
});

describe('the reason of the first hole', () => {
  const imported: Json = { 'Fn::ImportValue': 'far' };

  test.each<[string, Json]>([
    ['Fn::Split', { 'Fn::Split': [',', imported] }],
    ['Fn::Select', { 'Fn::Select': [0, { 'Fn::Split': [',', imported] }] }],
    ['Fn::Select by an index', { 'Fn::Select': [imported, ['a', 'b']] }],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', imported, 'count'] }],
    ['Fn::Base64', { 'Fn::Base64': imported }],
  ])('comes through %s', (_, value) => {
    expect(reasonOf(evaluated(value))).toBe('it is imported as far, which no template at hand exports');
  });
});

describe('a parameter with NoEcho', () => {
  const Parameters: JsonMap = { Pw: { Type: 'String', NoEcho: true, Default: 's3cr3t' }, Other: { Type: 'String' } };

  test('is a hole in every text', () => {
    expect(evaluatedText({ Ref: 'Pw' }, { Parameters })).toEqual(partial('${Pw}'));
    expect(evaluatedText({ 'Fn::Sub': 'a-${Pw}' }, { Parameters })).toEqual(partial('a-${Pw}'));
  });

  test('is one when it is given from outside', () => {
    const graph = new TemplateGraph([things({ Thing: { Value: { Ref: 'Pw' } } }, { Parameters })], new Map(), new Map([['Pw', 'given']]));
    expect(graph.ofType('Test::Thing')[0]?.prop('Value').partialText()).toEqual(partial('${Pw}'));
  });

  test('decides a condition by what it holds', () => {
    const Conditions: JsonMap = { IsSet: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', [{ Ref: 'Pw' }]] }, ''] }] } };
    expect(evaluated({ 'Fn::If': ['IsSet', 'yes', 'no'] }, { Parameters, Conditions })).toBe('yes');
  });

  test('is shown by no assumption', () => {
    const Conditions: JsonMap = { Same: { 'Fn::Equals': [{ Ref: 'Pw' }, { Ref: 'Other' }] } };
    const parts = things({ Thing: { Value: { 'Fn::If': ['Same', 1, 2] } } }, { Parameters, Conditions });
    const shown = graphsOf([parts]).map((graph) => {
      graph.ofType('Test::Thing').forEach((resource) => resource.evaluateAll());
      return graph.assumptions;
    });
    expect(shown).toEqual(['${Other} is not ${Pw}', '${Other} is ${Pw}']);
  });
});
