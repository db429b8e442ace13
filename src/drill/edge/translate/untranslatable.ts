import type { Property } from '../../../checks/template/property';
import type { Resource } from '../../../checks/template/resource';
import { asText, Reference, Unknown } from '../../../checks/template/value';

/** A template that says something the drill cannot imitate: attacking what is left would prove the wrong thing. */
export class UntranslatableError extends Error {}

/** One sentence: where it stands, what stands there, and why that ends the drill. */
export function untranslatable(resource: Resource, at: Property, why: string): UntranslatableError {
  const value = at.exists ? ` is ${shown(at)}` : '';
  return new UntranslatableError(`Stack ${resource.template.name}: ${at.path}${value}: ${why}.`);
}

/** How much of a text a message repeats. */
const MAX_SHOWN = 80;

/** Names of properties whose value may be a secret, whether the drill knows the property or not. */
const SECRET_NAME = /secret|password|token$|apikey/i;

/** A value for a message. What a list or a map holds stays out of it, for some of it may be secret. */
function shown({ path, value }: Property): string {
  if (SECRET_NAME.test(path.slice(path.lastIndexOf('.') + 1))) return '(not shown)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && !(value instanceof Reference) && !(value instanceof Unknown)) return 'a map';
  const { text } = asText(value);
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
