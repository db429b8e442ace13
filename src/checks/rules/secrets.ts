import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { looseIn, oncePerGraph } from './pointers';
import { environmentAt, writtenContainers } from './variables';

export const SECRET = 'AWS::SecretsManager::Secret';
export const ROTATION_SCHEDULE = 'AWS::SecretsManager::RotationSchedule';

/** What the CDK ties a secret to a database with: its `Ref` is the secret's ARN. */
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';

/** The secret that a reference is to, itself or by an attachment. */
function behind(resource: Resource, depth = 0): Resource | undefined {
  if (resource.type === SECRET) return resource;
  if (resource.type !== ATTACHMENT || depth > 0) return undefined;
  const { value } = resource.prop('SecretId');
  return value instanceof Reference ? behind(value.resource, depth + 1) : undefined;
}

/** How a text names a resource of its own template: `${Key}:current::`, `{{resolve:secretsmanager:${Key}:SecretString:::}}`. */
const HOLES = /\$\{(\w+)(?:\.\w+)?\}/g;

/**
 * The secret of the templates that a place names, alone or within a text.
 *
 * @param from whose property it is: a logical id means a resource of the same template before one of another
 */
export function secretAt(place: Property, from: Resource, graph: TemplateGraph): Resource | undefined {
  if (place.value instanceof Reference) return behind(place.value.resource);
  const { text } = place.partialText();
  const ids = new Set([...text.matchAll(HOLES)].map(([, id]) => id));
  const candidates = [SECRET, ATTACHMENT].flatMap((type) => graph.ofType(type));
  const byId = candidates.filter(({ logicalId }) => ids.has(logicalId));
  const found = byId.find(({ template }) => template === from.template) ?? (byId.length === 1 ? byId[0] : undefined);
  if (found) return behind(found);
  return graph.ofType(SECRET).find((secret) => isNamedIn(secret, text));
}

/** By the name that a template gives it, with or without the rest of an ARN (`…:secret:name-AbCdEf`). */
function isNamedIn(secret: Resource, text: string): boolean {
  const name = secret.prop('Name').partialText();
  if (!name.complete || name.text === '') return false;
  return text === name.text || new RegExp(`:secret:${name.text.replace(/[.+^${}()|[\]\\*?/]/g, '\\$&')}(-\\w{6}|-\\?{6})?(:|$)`).test(text);
}

/** What rotates a secret. */
export function schedulesOf(secret: Resource, graph: TemplateGraph): readonly Resource[] {
  return graph.ofType(ROTATION_SCHEDULE).filter((schedule) => secretAt(schedule.prop('SecretId'), schedule, graph) === secret);
}

/** Schedules of which only a deployment knows what they rotate: any of them may be that of a secret. */
export const looseSchedules = oncePerGraph((graph: TemplateGraph): readonly Resource[] =>
  looseIn(graph, ROTATION_SCHEDULE, 'SecretId').filter((schedule) => /^\$\{[^}]*\}$/.test(schedule.prop('SecretId').partialText().text)));

/** A variable of a container that is filled from a secret store. */
export interface TakenSecret {
  readonly task: Resource;
  readonly container: string;
  readonly name: string;
  readonly place: Property;
  /** Undefined where it is in none of the templates. */
  readonly secret: Resource | undefined;
}

/** Every secret that a container is given when it starts. */
export const takenSecrets = oncePerGraph((graph: TemplateGraph): readonly TakenSecret[] => graph.ofType(TASK_DEFINITION).flatMap((task) =>
  writtenContainers(task).map(environmentAt).flatMap(({ owner, secret }) => secret.map(({ name, value }) => ({
    task, container: owner, name, place: value, secret: secretAt(value, task, graph),
  })))));

/** The text of an entry of a resource's `Metadata`; undefined where there is none. */
export function metadataText(resource: Resource, key: string): string | undefined {
  const value = Object.hasOwn(resource.metadata, key) ? resource.metadata[key] : undefined;
  if (typeof value === 'number' || value === true) return String(value);
  return typeof value === 'string' ? value.trim() : undefined;
}
