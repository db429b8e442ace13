import { isJsonMap, type Json, type JsonMap } from '../../src/checks/template/template';
import { isIntrinsic, type JsonPath } from './json';
import type { Schema } from './schema';

/** A value of a resource with what its schema says of it. */
export interface Site {
  /** From the resource down. */
  readonly path: JsonPath;
  readonly label: string;
  readonly value: Json;
  readonly schema: Schema;
  /** Whether the resource stays valid without the value, as far as the schema says. */
  readonly removable: boolean;
  /** The map or list around it. */
  readonly around: JsonMap | readonly Json[];
  /** Whether it is the value of an entry such as `{ Key, Value }`: a setting whose real type the schema does not know. */
  readonly isSetting: boolean;
}

/** Every value of a resource that its schema knows, outermost first. */
export function sitesOf(properties: JsonMap, schema: Schema): readonly Site[] {
  return below(properties, schema, ['Properties'], 'Properties');
}

function below(value: Json, schema: Schema, path: JsonPath, label: string): readonly Site[] {
  if (isIntrinsic(value)) return [];
  if (Array.isArray(value)) return inList(value as readonly Json[], schema, path, label);
  return isJsonMap(value) ? inMap(value, schema, path, label) : [];
}

function inMap(map: JsonMap, schema: Schema, path: JsonPath, label: string): readonly Site[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const inner = schema.property(key);
    if (!inner) return [];
    const site = {
      path: [...path, key], label: `${label}.${key}`, value, schema: inner, removable: schema.mayLose(key, map), around: map,
      isSetting: key === 'Value' && nameOf(map) !== undefined,
    };
    return [site, ...below(value, inner, site.path, site.label)];
  });
}

function inList(list: readonly Json[], schema: Schema, path: JsonPath, label: string): readonly Site[] {
  const items = schema.items;
  if (!items) return [];
  const names = list.map(nameOf);
  return list.flatMap((value, index) => {
    const name = names[index];
    const unique = name !== undefined && names.filter((other) => other === name).length === 1;
    const site = {
      path: [...path, index], label: `${label}[${unique ? name : index}]`, value, schema: items, removable: list.length > schema.minItems, around: list, isSetting: false,
    };
    return [site, ...below(value, items, site.path, site.label)];
  });
}

function nameOf(entry: Json): string | undefined {
  const name = isJsonMap(entry) ? entry.Key ?? entry.Name : undefined;
  return typeof name === 'string' ? name : undefined;
}
