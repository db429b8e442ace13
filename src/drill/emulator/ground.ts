import { isJsonMap, type Json, type JsonMap, own, type Template } from '../../checks/template/template';

/** What a deployment knows and a template does not. */
export interface Ground {
  readonly account: string;
  readonly region: string;
  /** For parameters without a default. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What an SSM parameter holds where nobody says more. As a version of the CDK's bootstrap stack it is one that no app finds too old. */
const STORED = '999';

/** What stands for a value that is kept outside the templates. Not a secret: nothing here ever knew the real one. */
const FETCHED = 'kept-outside-the-templates';

/** CloudFormation's name for a stack, from the name its user knows it by. */
export function stackNameOf(template: Template): string {
  return template.name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '').slice(0, 100) || 'Stack';
}

/** The template with every value put in that only an account and a region decide, so that engine and readback read the same. */
export function ground(template: Template, known: Ground): Template {
  const name = stackNameOf(template);
  const words = new Map<string, Json>([
    ['AWS::AccountId', known.account],
    ['AWS::Region', known.region],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', name],
    ['AWS::StackId', `arn:aws:cloudformation:${known.region}:${known.account}:stack/${name}/00000000-0000-4000-8000-000000000000`],
    ['AWS::NotificationARNs', []],
  ]);
  const zones = ['a', 'b', 'c'].map((zone) => `${known.region}${zone}`);
  const body = rewrite(template.body, { words, zones, resources: map(template.body.Resources) }) as JsonMap;
  // The CDK's only rule asks for the version of a bootstrap stack that a drill does not have.
  const { Rules: rules, Transform: transforms, ...rest } = body;
  const kept = Object.entries(map(rules)).filter(([rule]) => rule !== 'CheckBootstrapVersion');
  const nested = new Map([...(template.nested ?? [])].map(([logicalId, child]) => [logicalId, ground(child, known)]));
  return {
    ...template,
    nested,
    body: { ...rest, ...transform(transforms), ...(kept.length > 0 ? { Rules: Object.fromEntries(kept) } : {}), Parameters: parameters(map(body.Parameters), known) },
  };
}

/** Transforms that only expand resources of services, which stay as they are and are reported where the engine does not know them. */
const EXPANDING = /^AWS::(Serverless|SecretsManager)-/;

function transform(transforms: Json | undefined): JsonMap {
  const list = transforms === undefined ? [] : [transforms].flat() as readonly Json[];
  const kept = list.filter((name) => typeof name !== 'string' || !EXPANDING.test(name));
  return kept.length > 0 ? { Transform: kept } : {};
}

/** Parameters as plain ones, each with a value where anybody has given one. */
function parameters(declared: JsonMap, known: Ground): JsonMap {
  return Object.fromEntries(Object.entries(declared).map(([name, raw]) => {
    const parameter = map(raw);
    const type = String(parameter.Type ?? 'String');
    const given = known.parameters.get(name);
    if (!type.startsWith('AWS::SSM::Parameter::')) return [name, given === undefined ? parameter : { ...parameter, Default: given }];
    return [name, { Type: /<List<|<CommaDelimitedList>/.test(type) ? 'CommaDelimitedList' : 'String', Default: given ?? STORED }];
  }));
}

interface Known {
  readonly words: ReadonlyMap<string, Json>;
  readonly zones: readonly string[];
  readonly resources: JsonMap;
}

function rewrite(value: Json, known: Known): Json {
  if (typeof value === 'string') return value.replace(/\{\{resolve:(ssm|ssm-secure|secretsmanager):[^{}$]+\}\}/g, FETCHED);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => rewrite(item, known));
  if (!isJsonMap(value)) return value;
  const keys = Object.keys(value);
  const [call = ''] = keys;
  const argument = value[call];
  if (keys.length === 1 && argument !== undefined) {
    const word = call === 'Ref' && typeof argument === 'string' ? known.words.get(argument) : undefined;
    if (word !== undefined) return word;
    if (call === 'Fn::GetAZs') return known.zones;
    if (call === 'Fn::GetAtt') return blockOf(argument, known) ?? value;
    if (call === 'Fn::Sub') return substituted(argument, known);
    if (call === 'Fn::Join') return joined(rewrite(argument, known));
  }
  return Object.fromEntries(keys.map((key) => [key, rewrite(value[key] ?? null, known)]));
}

/** The engine does not answer for a network's own address block, which stands in the template. */
function blockOf(argument: Json, known: Known): Json | undefined {
  const [logicalId = '', attribute] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? (argument as readonly Json[]).map(String) : [];
  if (attribute !== 'CidrBlock') return undefined;
  const block = map(map(own(known.resources, logicalId)).Properties).CidrBlock;
  return block === undefined ? undefined : rewrite(block, known);
}

function substituted(argument: Json, known: Known): Json {
  const [text, variables] = Array.isArray(argument) ? argument as readonly Json[] : [argument];
  if (typeof text !== 'string') return { 'Fn::Sub': rewrite(argument, known) };
  const filled = text.replace(/\$\{([^}]+)\}/g, (hole, name: string) => {
    const word = known.words.get(name.trim());
    if (word !== undefined) return String(word);
    const dot = name.indexOf('.');
    const block = dot < 0 ? undefined : blockOf([name.slice(0, dot), name.slice(dot + 1)], known);
    return typeof block === 'string' ? block : hole;
  });
  if (!filled.includes('${')) return rewrite(filled, known);
  return { 'Fn::Sub': variables === undefined ? filled : [filled, rewrite(variables, known)] };
}

/** A join of texts is a text: export names are found by what they are, not by how they are written. */
function joined(argument: Json): Json {
  const [delimiter, parts] = Array.isArray(argument) ? argument as readonly Json[] : [];
  const isText = typeof delimiter === 'string' && Array.isArray(parts) && (parts as readonly Json[]).every((part) => typeof part === 'string');
  return isText ? rewriteFetched(parts.join(delimiter)) : { 'Fn::Join': argument };
}

const rewriteFetched = (text: string): Json => rewrite(text, { words: new Map(), zones: [], resources: {} });

function map(value: Json | undefined): JsonMap {
  return isJsonMap(value) ? value : {};
}
