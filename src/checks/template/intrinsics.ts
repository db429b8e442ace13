import { isJsonMap, type Json, type JsonMap, own } from './template';
import { asText, DeclaredSecret, literal, Reference, secretsIn, Unknown, type Value } from './value';

/** What the intrinsics need to know about the template they stand in. */
export interface IntrinsicScope {
  /** The value of a parameter, a pseudo parameter or a resource. */
  ref(name: string): Value | undefined;
  getAtt(logicalId: string, attribute: string): Value;
  importValue(exportName: Value): Value;
  /** Undefined where the condition depends on what only a deployment knows. */
  condition(name: string): boolean | undefined;
  mapping(map: string, first: string, second: string): Json | undefined;
  evaluate(value: Json): Value | undefined;
}

type Intrinsic = (argument: Json, scope: IntrinsicScope) => Value | undefined;

const asList = (value: Json): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** The reason is that of the first hole: what it is imported as says more than which function it is handed to. */
function unknown(name: string, ...inner: readonly (Value | undefined)[]): Unknown {
  const [first] = inner;
  const text = first === undefined ? `\${${name}}` : asText(first).text;
  return new Unknown(text, reasonOf(inner) ?? `${name} has a value only when deployed`, inner.flatMap(secretsIn));
}

function reasonOf(values: readonly (Value | undefined)[]): string | undefined {
  const hole = values.find((value) => value instanceof Unknown || value instanceof Reference);
  if (hole instanceof Unknown) return hole.reason;
  return hole instanceof Reference ? `${hole.text} has a value only when deployed` : undefined;
}

/** Joins texts; one hole makes the whole unknown, and keeps what is known around it. */
function concat(parts: readonly Value[]): Value {
  const texts = parts.map(asText);
  const text = texts.map((part) => part.text).join('');
  if (texts.every((part) => part.complete)) return literal(text);
  // `${LoadBalancer}` and nothing around it is as good as a Ref, and can be followed like one.
  const [only, ...others] = parts.filter((part) => part !== '');
  if (others.length === 0 && (only instanceof Reference || only instanceof DeclaredSecret)) return only;
  const hole = parts.find((_, index) => !texts[index]?.complete);
  return new Unknown(text, reasonOf(parts) ?? `${asText(hole).text} has a value only when deployed`, parts.flatMap(secretsIn));
}

function join(argument: Json, scope: IntrinsicScope): Value {
  const [delimiter = '', list = null] = asList(argument);
  const values = scope.evaluate(list);
  if (!Array.isArray(values)) return unknown('Fn::Join', values);
  const parts = (values as readonly Value[]).flatMap((value, index) => (index === 0 ? [value] : [String(delimiter), value]));
  return concat(parts);
}

function sub(argument: Json, scope: IntrinsicScope): Value {
  const [template, variables] = Array.isArray(argument) ? [asList(argument)[0], asList(argument)[1]] : [argument, {}];
  if (typeof template !== 'string') return unknown('Fn::Sub');
  const map = isJsonMap(variables) ? variables : {};
  const parts = template.split(/(\$\{[^}]*\})/).map((part): Value => {
    const name = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
    if (name === undefined) return part;
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = own(map, name);
    if (variable !== undefined) return scope.evaluate(variable) ?? '';
    const dot = name.indexOf('.');
    return (dot < 0 ? scope.ref(name) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1))) ?? '';
  });
  return concat(parts);
}

function select(argument: Json, scope: IntrinsicScope): Value | undefined {
  const [index = 0, list = []] = asList(argument);
  const position = scope.evaluate(index);
  const values = scope.evaluate(list);
  if (!Array.isArray(values) || position instanceof Unknown) return unknown('Fn::Select', values, position);
  // No such entry is a mistake that a deployment reports, not a property left out.
  return (values as readonly Value[])[Number(position)] ?? unknown('Fn::Select', values);
}

function split(argument: Json, scope: IntrinsicScope): Value {
  const [delimiter, source = ''] = asList(argument);
  const whole = scope.evaluate(source);
  const { text, complete } = asText(whole);
  return complete && typeof delimiter === 'string' ? text.split(delimiter) : unknown('Fn::Split', complete ? undefined : whole);
}

function findInMap(argument: Json, scope: IntrinsicScope): Value | undefined {
  const values = asList(argument).slice(0, 3).map((key) => scope.evaluate(key));
  const keys = values.map(asText);
  const [map, first, second] = keys.map((key) => key.text);
  // What it finds is none of its keys, so they give the reason and not the text.
  if (keys.length < 3 || keys.some((key) => !key.complete)) return unknown('Fn::FindInMap', undefined, ...values);
  const found = scope.mapping(map ?? '', first ?? '', second ?? '');
  return found === undefined ? unknown('Fn::FindInMap') : scope.evaluate(found);
}

function getAtt(argument: Json, scope: IntrinsicScope): Value {
  const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : asList(argument).map((part) => asText(scope.evaluate(part)).text);
  return scope.getAtt(logicalId ?? '', attribute.join('.'));
}

function choose(argument: Json, scope: IntrinsicScope): Value | undefined {
  const [name, yes = null, no = null] = asList(argument);
  const chosen = scope.condition(String(name));
  if (chosen !== undefined) return scope.evaluate(chosen ? yes : no);
  // Both are looked at, so that the conditions inside them come to light as well.
  const branches = [yes, no].map((branch) => scope.evaluate(branch));
  return new Unknown(`\${${String(name)}}`, `condition ${String(name)} depends on the deployment`, branches.flatMap(secretsIn));
}

/** Intrinsics that are carried out; a map, since a template may name a key `constructor`. */
const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (argument, scope) => scope.ref(String(argument))],
  ['Fn::GetAtt', getAtt],
  ['Fn::If', choose],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', (argument, scope) => scope.importValue(scope.evaluate(argument) ?? '')],
  ['Fn::Base64', (argument, scope) => unknown('Fn::Base64', scope.evaluate(argument))],
]);

/** Decides what can be decided; undefined stands for `AWS::NoValue`, which takes its key away. */
export function evaluateJson(value: Json, scope: IntrinsicScope): Value | undefined {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => scope.evaluate(item)).filter((item) => item !== undefined);
  }
  if (!isJsonMap(value)) return typeof value === 'string' ? literal(value) : value;
  const keys = Object.keys(value);
  const [first = ''] = keys;
  const intrinsic = keys.length === 1 ? INTRINSICS.get(first) : undefined;
  if (intrinsic) return intrinsic(value[first] ?? null, scope);
  // Loops and macros may stand beside other keys and rewrite them.
  const call = keys.find((key) => key.startsWith('Fn::'));
  return call === undefined ? evaluateMap(value, scope) : unknown(call);
}

/** Built from entries, so that a key `__proto__` is a key like any other. */
function evaluateMap(map: JsonMap, scope: IntrinsicScope): Value {
  const entries = Object.entries(map).map(([key, value]) => [key, scope.evaluate(value)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
