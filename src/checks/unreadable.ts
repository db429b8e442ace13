import type { Finding } from './finding';
import { Resource } from './template/resource';
import { isJsonMap, type Json, section, type Template } from './template/template';

/** A place under `Resources` that no rule can see into, and what to say of it. */
export interface Unreadable {
  readonly resource: Resource;
  readonly finding: Finding;
}

/** Loops, macros and entries that are no resources: what they come to is not in the template. */
export function unreadableIn(template: Template): Unreadable[] {
  const entries = Object.entries(section(template, 'Resources')).filter(([logicalId, raw]) => !isResource(logicalId, raw));
  return entries.map(([logicalId, raw]) => unreadable(logicalId, raw, template));
}

function isResource(logicalId: string, raw: Json): boolean {
  return !logicalId.startsWith('Fn::') && isJsonMap(raw) && typeof raw.Type === 'string';
}

function unreadable(logicalId: string, raw: Json, template: Template): Unreadable {
  // The path of its stack lets whoever owns the stack answer for it.
  const metadata = { 'aws:cdk:path': template.name, ...(isJsonMap(raw) && isJsonMap(raw.Metadata) ? raw.Metadata : {}) };
  const resource = new Resource(logicalId, template, { Metadata: metadata }, () => undefined);
  const finding: Finding = {
    control: 'ENGINE',
    rule: 'engine.unreadable',
    severity: 'error',
    stack: template.name,
    logicalId,
    resourceType: '',
    constructPath: resource.constructPath,
    path: 'Resources',
    message: `${logicalId} is no resource with a type, so what it comes to is not judged`,
    remediation: 'Expand loops and macros before the check, or acknowledge this on the stack with the reason why what they add is safe.',
  };
  return { resource, finding };
}
