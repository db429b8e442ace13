import { isJsonMap, type Json, section, type Template } from '../../checks/template/template';

/** Names that a template gives out, as far as they are written out. */
export function exportsOf(template: Template): string[] {
  return Object.values(section(template, 'Outputs'))
    .map((output) => (isJsonMap(output) && isJsonMap(output.Export) ? output.Export.Name : undefined))
    .filter((name): name is string => typeof name === 'string');
}

/** Names that anything in a value takes from other stacks. */
export function importsIn(value: Json): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(importsIn);
  if (!isJsonMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'Fn::ImportValue' && typeof inner === 'string' ? [inner] : importsIn(inner)));
}
