import { isJsonMap, type Json, type JsonMap, section, type Template } from '../../src/checks/template/template';
import { changed, type JsonPath, referencesIn } from './json';
import type { Mutant } from './mutant';
import { OPERATORS } from './operators';
import type { Change } from './operators/operator';
import { policyChanges } from './operators/policies';
import { repoint } from './operators/repoint';
import type { SchemaBook } from './schema';
import { type Site, sitesOf } from './sites';

/** Every template that differs from this one in one fault, in the order of the template. */
export function mutantsOf(template: Template, book: SchemaBook): readonly Mutant[] {
  const resources = section(template, 'Resources');
  const made = Object.entries(resources).flatMap(([logicalId, resource]) => {
    if (!isJsonMap(resource) || typeof resource.Type !== 'string') return [];
    const schema = book.of(resource.Type);
    if (!schema) return [];
    const mutant = (path: JsonPath, label: string, change: Change): Mutant => ({
      ...named(template, logicalId, resource, label, change.operator),
      template: { ...template, body: changed(template.body, ['Resources', logicalId, ...path], () => change.to) as JsonMap },
    });
    const properties = isJsonMap(resource.Properties) ? resource.Properties : {};
    const sites = sitesOf(properties, schema);
    return [
      ...sites.flatMap((site) => OPERATORS.flatMap((operator) => operator(site)).map((change) => mutant(site.path, site.label, change))),
      ...sites.flatMap((site) => repoint(site.value, resources, logicalId).map((change) => mutant(site.path, site.label, change))),
      ...sites.filter(isPolicy).flatMap((site) => policyChanges(site.value).map((change) => mutant([...site.path, ...change.path], `${site.label}.${change.label}`, change))),
      ...(joins(logicalId, resource, resources) ? [without(template, logicalId, resource)] : []),
    ];
  });
  return [...new Map(made.map((mutant) => [mutant.id, mutant])).values()];
}

function named(template: Template, logicalId: string, resource: JsonMap, label: string, operator: string): Omit<Mutant, 'template'> {
  return { id: `${template.name}/${logicalId}/${label}#${operator}`, stack: template.name, logicalId, type: String(resource.Type), path: label, operator };
}

function isPolicy({ value }: Site): boolean {
  return isJsonMap(value) && Array.isArray(value.Statement);
}

/** Whether a resource ties others together and is itself needed by none: taking it away leaves a valid template. */
function joins(logicalId: string, resource: JsonMap, resources: JsonMap): boolean {
  const pointsAt = referencesIn(resource.Properties).filter((name) => name in resources);
  const isNeeded = Object.entries(resources).some(([other, neighbour]) => other !== logicalId && isJsonMap(neighbour) && referencesIn(neighbour.Properties).includes(logicalId));
  return pointsAt.length > 0 && !isNeeded;
}

/** The template without a resource, and without the waits for it. */
function without(template: Template, logicalId: string, resource: JsonMap): Mutant {
  return { ...named(template, logicalId, resource, 'Properties', 'drop'), template: dropResource(template, logicalId) };
}

export function dropResource(template: Template, logicalId: string): Template {
  const left = Object.entries(section(template, 'Resources')).filter(([name]) => name !== logicalId).map(([name, resource]): [string, Json] => {
    if (!isJsonMap(resource) || resource.DependsOn === undefined) return [name, resource];
    const waits = [resource.DependsOn].flat() as readonly Json[];
    return [name, { ...resource, DependsOn: waits.filter((wait) => wait !== logicalId) }];
  });
  return { ...template, body: { ...template.body, Resources: Object.fromEntries(left) } };
}
