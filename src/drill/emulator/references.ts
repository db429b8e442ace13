import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';

/** What a template's text points at: a resource of it, and one of its attributes or what `Ref` gives. */
export interface Pointer {
  readonly logicalId: string;
  readonly attribute: string;
}

/** What is put in a pointer's place; undefined leaves it as it is. */
export type Replace = (pointer: Pointer) => Json | undefined;

/** All pointers anywhere below a value. */
export function pointersIn(value: Json | undefined): readonly Pointer[] {
  const found: Pointer[] = [];
  replacePointers(value ?? null, (pointer) => {
    found.push(pointer);
    return undefined;
  });
  return found;
}

/** The value with pointers replaced; inside `Fn::Sub` by text. */
export function replacePointers(value: Json, replace: Replace): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => replacePointers(item, replace));
  if (!isJsonMap(value)) return value;
  const keys = Object.keys(value);
  const [call = ''] = keys;
  const argument = value[call] ?? null;
  if (keys.length === 1) {
    if (call === 'Ref' && typeof argument === 'string') return replace({ logicalId: argument, attribute: 'Ref' }) ?? value;
    if (call === 'Fn::GetAtt') return replace(attributeOf(argument)) ?? value;
    if (call === 'Fn::Sub') return { 'Fn::Sub': inText(argument, replace) };
  }
  return Object.fromEntries(keys.map((key) => [key, replacePointers(value[key] ?? null, replace)]));
}

function attributeOf(argument: Json): Pointer {
  const [logicalId = '', ...attribute] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? (argument as readonly Json[]).map(String) : [];
  return { logicalId, attribute: attribute.join('.') };
}

function inText(argument: Json, replace: Replace): Json {
  const [text, variables] = Array.isArray(argument) ? argument as readonly Json[] : [argument];
  if (typeof text !== 'string') return argument;
  const own: JsonMap = isJsonMap(variables) ? variables : {};
  const filled = text.replace(/\$\{([^!}][^}]*)\}/g, (hole, name: string) => {
    if (Object.hasOwn(own, name)) return hole;
    const value = replace(pointerNamed(name));
    return value === undefined ? hole : asHole(value) ?? String(value);
  });
  return variables === undefined ? filled : [filled, replacePointers(variables, replace)];
}

/** Another attribute, as a text names it. */
function asHole(value: Json): string | undefined {
  const argument = isJsonMap(value) ? value['Fn::GetAtt'] : undefined;
  return Array.isArray(argument) ? `\${${(argument as readonly Json[]).map(String).join('.')}}` : undefined;
}

/** What stands between the braces of `${Resource.Attribute}`. */
export function pointerNamed(name: string): Pointer {
  const dot = name.indexOf('.');
  return dot < 0 ? { logicalId: name.trim(), attribute: 'Ref' } : { logicalId: name.slice(0, dot).trim(), attribute: name.slice(dot + 1).trim() };
}
