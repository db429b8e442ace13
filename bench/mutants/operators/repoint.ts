import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { isIntrinsic, referencesIn } from '../json';
import type { Change } from './operator';

/**
 * Points a reference at another resource of the same type: another subnet, group, role. One of them for each reference, half-way round the
 * template from the first, since neighbours are mostly twins.
 */
export function repoint(value: Json, resources: JsonMap, own: string): readonly Change[] {
  if (!isIntrinsic(value)) return [];
  const [target, ...others] = referencesIn(value);
  const type = typeOf(resources, target);
  if (target === undefined || others.length > 0 || type === undefined) return [];
  const alike = Object.keys(resources).filter((id) => id !== own && typeOf(resources, id) === type);
  const other = alike[(alike.indexOf(target) + Math.ceil(alike.length / 2)) % alike.length];
  const to = other === undefined || other === target ? undefined : at(value, other);
  return to === undefined ? [] : [{ operator: 'repoint', to }];
}

function at(value: JsonMap, other: string): Json | undefined {
  if (typeof value.Ref === 'string') return { Ref: other };
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute)) return { 'Fn::GetAtt': [other, ...(attribute as readonly Json[]).slice(1)] };
  return undefined;
}

function typeOf(resources: JsonMap, id = ''): string | undefined {
  const resource = Object.hasOwn(resources, id) ? resources[id] : undefined;
  return isJsonMap(resource) && typeof resource.Type === 'string' ? resource.Type : undefined;
}
