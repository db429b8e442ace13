import { flatten, isJsonMap, own, section, type Template } from '../../checks/template/template';
import { CONFIGURATION_VARIABLE } from '../../gate/contract';

/** Stands for what only CloudFormation knows; never part of an origin, which is literal. */
const UNKNOWN = 'unknown';

/** The origins that the gates of a template would let in, of each gate; undefined where they cannot be read. */
export function templateOrigins(template: Template): readonly (readonly string[] | undefined)[] {
  return flatten(template).flatMap((one) => Object.values(section(one, 'Resources'))).flatMap((resource) => {
    if (!isJsonMap(resource) || own(resource, 'Type') !== 'AWS::ECS::TaskDefinition') return [];
    return variablesOf(own(resource, 'Properties')).map(originsIn);
  });
}

function variablesOf(properties: unknown): unknown[] {
  const containers = isJsonMap(properties) ? own(properties, 'ContainerDefinitions') : undefined;
  return listed(containers).flatMap((container) => listed(isJsonMap(container) ? own(container, 'Environment') : undefined))
    .flatMap((variable) => (isJsonMap(variable) && own(variable, 'Name') === CONFIGURATION_VARIABLE ? [own(variable, 'Value')] : []));
}

function originsIn(value: unknown): readonly string[] | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  try {
    const configuration = JSON.parse(text) as { readonly cors?: { readonly origins?: unknown } };
    const origins = configuration.cors?.origins ?? [];
    return Array.isArray(origins) && origins.every((one): one is string => typeof one === 'string') ? origins : undefined;
  } catch {
    return undefined;
  }
}

/** A text, or a join of texts and of what only a deployment knows. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const join = isJsonMap(value) ? own(value, 'Fn::Join') : undefined;
  if (!Array.isArray(join) || join[0] !== '') return undefined;
  return listed(join[1]).map((part) => (typeof part === 'string' ? part : UNKNOWN)).join('');
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value as unknown[] : [];
}
