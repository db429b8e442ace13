import { isJsonMap, type Json } from './template';
import { asText, Unknown, type Value } from './value';

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

function unknown(name: string, inner?: Value): Unknown {
  const text = inner === undefined ? `\${${name}}` : asText(inner).text;
  return new Unknown(text, inner instanceof Unknown ? inner.reason : `${name} has a value only when deployed`);
}

/** Joins texts; one hole makes the whole unknown, and keeps what is known around it. */
function concat(parts: readonly Value[]): Value {
  const texts = parts.map(asText);
  const text = texts.map((part) => part.text).join('');
  if (texts.every((part) => part.complete)) return text;
  const hole = parts.find((_, index) => !texts[index]?.complete);
  return new Unknown(text, hole instanceof Unknown ? hole.reason : `${asText(hole).text} has a value only when deployed`);
}

function join(argument: Json, scope: IntrinsicScope): Value {
  const [delimiter = '', list = []] = asList(argument);
  const values = scope.evaluate(list);
  if (!Array.isArray(values)) return unknown('Fn::Join', values);
  const parts = (values as readonly Value[]).flatMap((value, index) => (index === 0 ? [value] : [String(delimiter), value]));
  return concat(parts);
}

function sub(argument: Json, scope: IntrinsicScope): Value {
  const [template, variables] = Array.isArray(argument) ? [asList(argument)[0], asList(argument)[1]] : [argument, {}];
  if (typeof template !== 'string') return unknown('Fn::Sub');
  const own = isJsonMap(variables) ? variables : {};
  const parts = template.split(/(\$\{[^}]*\})/).map((part): Value => {
    const name = /^\$\{([^}]*)\}$/.exec(part)?.[1]?.trim();
    if (name === undefined) return part;
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = own[name];
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
  if (!Array.isArray(values) || position instanceof Unknown) return unknown('Fn::Select', values);
  return (values as readonly Value[])[Number(position)];
}

function split(argument: Json, scope: IntrinsicScope): Value {
  const [delimiter, source = ''] = asList(argument);
  const { text, complete } = asText(scope.evaluate(source));
  return complete && typeof delimiter === 'string' ? text.split(delimiter) : unknown('Fn::Split');
}

function findInMap(argument: Json, scope: IntrinsicScope): Value | undefined {
  const keys = asList(argument).slice(0, 3).map((key) => asText(scope.evaluate(key)));
  const [map, first, second] = keys.map((key) => key.text);
  if (keys.length < 3 || keys.some((key) => !key.complete)) return unknown('Fn::FindInMap');
  const found = scope.mapping(map ?? '', first ?? '', second ?? '');
  return found === undefined ? unknown('Fn::FindInMap') : scope.evaluate(found);
}

function getAtt(argument: Json, scope: IntrinsicScope): Value {
  const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : asList(argument).map(String);
  return scope.getAtt(logicalId ?? '', attribute.join('.'));
}

function choose(argument: Json, scope: IntrinsicScope): Value | undefined {
  const [name, yes = null, no = null] = asList(argument);
  const chosen = scope.condition(String(name));
  if (chosen === undefined) return new Unknown(`\${${String(name)}}`, `condition ${String(name)} depends on the deployment`);
  return scope.evaluate(chosen ? yes : no);
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (argument, scope) => scope.ref(String(argument)),
  'Fn::GetAtt': getAtt,
  'Fn::If': choose,
  'Fn::Join': join,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, scope) => scope.importValue(scope.evaluate(argument) ?? ''),
  'Fn::Base64': (argument, scope) => unknown('Fn::Base64', scope.evaluate(argument)),
  'Fn::GetAZs': () => unknown('Fn::GetAZs'),
  'Fn::Cidr': () => unknown('Fn::Cidr'),
  'Fn::Transform': () => unknown('Fn::Transform'),
  'Fn::Length': () => unknown('Fn::Length'),
  'Fn::ToJsonString': () => unknown('Fn::ToJsonString'),
};

/** Decides what can be decided; undefined stands for `AWS::NoValue`, which takes its key away. */
export function evaluateJson(value: Json, scope: IntrinsicScope): Value | undefined {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => evaluateJson(item, scope)).filter((item) => item !== undefined);
  }
  if (!isJsonMap(value)) return value as string | number | boolean | null;
  const keys = Object.keys(value);
  const only = keys.length === 1 ? keys[0] : undefined;
  const intrinsic = only === undefined ? undefined : INTRINSICS[only];
  if (intrinsic && only !== undefined) return intrinsic(value[only] ?? null, scope);
  const result: Record<string, Value> = {};
  for (const key of keys) {
    const evaluated = evaluateJson(value[key] ?? null, scope);
    if (evaluated !== undefined) result[key] = evaluated;
  }
  return result;
}

