import { MASTER_KEY_METADATA } from '../../secrets/contract';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { TASK_DEFINITION } from './containers';
import { oncePerGraph } from './pointers';
import { metadataText, secretAt } from './secrets';
import { environmentAt, writtenContainers } from './variables';

/** How a Core is told its master key: its value, or the secret's name (NT-26, NT-27). */
export const MASTER_KEY_VARIABLES: readonly string[] = ['SECRETS_MASTER_KEY', 'AWS_SECRETS_MASTER_KEY_NAME'];

/** One container's master key. */
export interface ToldMasterKey {
  readonly value: Property;
  readonly secret: Resource | undefined;
}

/** What every container of the templates is told. */
export const toldMasterKeys = oncePerGraph((graph: TemplateGraph): readonly ToldMasterKey[] => graph.ofType(TASK_DEFINITION).flatMap((task) =>
  writtenContainers(task).map(environmentAt).flatMap(({ plain, secret }) => [...plain, ...secret].filter(({ name }) => MASTER_KEY_VARIABLES.includes(name))
    .map(({ value }) => ({ value, secret: secretAt(value, task, graph) })))));

const NAMED = /master[-_]?key/i;

/** Whether a secret is the key by which a Core encrypts what it keeps: by its metadata, its name, or what containers take it for. */
export function isMasterKey(secret: Resource, graph: TemplateGraph): boolean {
  return metadataText(secret, MASTER_KEY_METADATA) !== undefined || NAMED.test(secret.prop('Name').partialText().text) || toldMasterKeys(graph).some((told) => told.secret === secret);
}
