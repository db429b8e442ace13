import type { Template } from 'aws-cdk-lib/assertions';
import { CONFIGURATION_VARIABLE, type GateConfiguration } from '../../src/gate/contract';
import { type ReadConfiguration, readConfiguration } from '../../src/runtime/gate/read-configuration';

interface Container {
  readonly Name: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: unknown }[];
}

/** A template's containers by name, of its one task definition. */
export function containersIn(template: Template): Record<string, Container> {
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as { Properties: { ContainerDefinitions: Container[] } }[];
  return Object.fromEntries((task?.Properties.ContainerDefinitions ?? []).map((container) => [container.Name, container]));
}

/** A text as deployed: what only a deployment knows has the name of what it refers to. */
function deployed(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (kind === 'Fn::Join') return (argument as [string, unknown[]])[1].map(deployed).join((argument as [string, unknown[]])[0]);
  return `deployed-${(Array.isArray(argument) ? argument : [argument]).join('-').replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()}`;
}

/** What the service makes of the environment of a template's gate: the very variables, read by the very reader. */
export function gateOf(template: Template): ReadConfiguration {
  const { Environment = [], Secrets = [] } = containersIn(template).Gate ?? {};
  return readConfiguration(Object.fromEntries([
    ...Environment.map(({ Name, Value }) => [Name, deployed(Value)]),
    ...Secrets.map(({ Name }) => [Name, 'x'.repeat(40)]),
  ]) as Record<string, string>);
}

/** As the template has it, for a look at what the service does not keep. */
export function writtenConfiguration(template: Template): GateConfiguration {
  const entry = containersIn(template).Gate?.Environment?.find(({ Name }) => Name === CONFIGURATION_VARIABLE);
  return JSON.parse(deployed(entry?.Value)) as GateConfiguration;
}
