import { isJsonMap, type JsonMap, own } from '../checks/template/template';
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
