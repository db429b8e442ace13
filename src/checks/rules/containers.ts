import type { Property } from '../template/property';
import type { Resource } from '../template/resource';

export const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
export const SERVICE = 'AWS::ECS::Service';

export function containersOf(task: Resource): Property[] {
  return task.prop('ContainerDefinitions').items();
}

/** How a message names a container. */
export function nameOf(container: Property): string {
  return `container ${container.get('Name').partialText().text || '?'}`;
}

export interface EnvironmentEntry {
  readonly name: string;
  readonly value: Property;
  readonly entry: Property;
}

/** The plain environment of a container, or the one that is filled from a secret store. */
export function environmentOf(container: Property, list: 'Environment' | 'Secrets' = 'Environment'): EnvironmentEntry[] {
  return container.get(list).items().map((entry) => ({
    name: entry.get('Name').text() ?? '',
    value: entry.get(list === 'Environment' ? 'Value' : 'ValueFrom'),
    entry,
  }));
}
