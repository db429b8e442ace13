import { isJsonMap, type Json, type JsonMap, own } from '../checks/template/template';
import { omit } from './saboteurs';

/** The map with another map under a key; undefined where there was none, or nothing to alter in it. */
export function mapAltered(map: JsonMap, key: string, alter: (inner: JsonMap) => JsonMap | undefined): JsonMap | undefined {
  const inner = own(map, key);
  const after = isJsonMap(inner) ? alter(inner) : undefined;
  return after && { ...map, [key]: after };
}

/** The map without some keys; undefined where it had none of them. */
export function deprived(map: JsonMap, ...keys: readonly string[]): JsonMap | undefined {
  return keys.some((key) => own(map, key) !== undefined) ? omit(map, ...keys) : undefined;
}

const HOLE = /@@drill-(\d+)@@/;

/** JSON in a text, or in the parts of one that a template joins: what is no text stands for itself, and comes back to its place. */
export function textAltered<Configuration>(value: Json, alter: (configuration: Configuration) => Configuration | undefined): Json | undefined {
  const join = isJsonMap(value) ? value['Fn::Join'] : undefined;
  const [separator, list] = Array.isArray(join) ? join as readonly Json[] : ['', [value]];
  const parts = Array.isArray(list) ? list as readonly Json[] : [];
  if (separator !== '') return undefined;
  const after = alter(JSON.parse(parts.map((part, index) => (typeof part === 'string' ? part : `@@drill-${index}@@`)).join('')) as Configuration);
  if (after === undefined) return undefined;
  // Odd places hold what the brackets of the expression have caught.
  const pieces = JSON.stringify(after).split(HOLE).map((piece, index): Json => (index % 2 === 0 ? piece : parts[Number(piece)] ?? ''));
  return pieces.length === 1 ? pieces[0] : { 'Fn::Join': ['', pieces] };
}
