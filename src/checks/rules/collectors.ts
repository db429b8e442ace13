import { Property, UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Reference, Unknown } from '../template/value';
import { jsonAt } from './gate-configuration';
import { environmentAt, writtenContainers } from './variables';

/** A parameter of Systems Manager. From a template it is never encrypted. */
export const PARAMETER = 'AWS::SSM::Parameter';

/** Where AWS's distribution of the collector finds its configuration, if it is there. */
const USUAL_VARIABLE = 'AOT_CONFIG_CONTENT';
/** Where a command has it look (AWS Distro for OpenTelemetry, "Confmap providers"). */
const FROM_VARIABLE = /^(?:(?:--config|-c)[= ])?env:(\w+)$/;
/** On the command line itself; what says nothing of pipelines only adds to a configuration that is in an image. */
const ON_COMMAND_LINE = /^(?:(?:--config|-c)[= ])?yaml:(.*pipelines.*)$/s;

/** A container that templates tell how to collect. */
export interface Collector {
  /** How a message names the container. */
  readonly owner: string;
  /** Where the configuration stands. */
  readonly place: Property;
  /** As a place to read from; asking for it throws where it cannot be read. */
  readonly configuration: Property;
}

function collector(owner: string, place: Property): Collector {
  return {
    owner,
    place,
    get configuration() {
      return jsonAt(place, 'the configuration of a collector, of which YAML is not read here,');
    },
  };
}

/** The collectors of a task. One whose configuration is in its image, or behind an address, is none of them: no template shows it. */
export function collectorsOf(task: Resource, graph: TemplateGraph): Collector[] {
  return writtenContainers(task).flatMap((container) => {
    const { owner, plain, secret } = environmentAt(container);
    const words = wordsOf(container);
    const names = new Set([USUAL_VARIABLE, ...words.map((word) => FROM_VARIABLE.exec(word.partialText().text)?.[1] ?? '')]);
    return [
      ...plain.filter(({ name }) => names.has(name)).map(({ value }) => collector(owner, value)),
      ...secret.filter(({ name }) => names.has(name)).map(({ value }) => filledIn(owner, value, task, graph)),
      ...words.flatMap(inlined).map((place) => collector(owner, place)),
    ];
  });
}

function wordsOf(container: Property): Property[] {
  return ['EntryPoint', 'Command'].map((list) => container.get(list)).filter(({ value }) => Array.isArray(value)).flatMap((list) => list.items());
}

function inlined(word: Property): Property[] {
  const [, configuration] = ON_COMMAND_LINE.exec(word.partialText().text) ?? [];
  if (configuration === undefined) return [];
  return [new Property(word.path, word.value instanceof Unknown ? new Unknown(configuration, word.value.reason) : configuration)];
}

function filledIn(owner: string, from: Property, task: Resource, graph: TemplateGraph): Collector {
  const parameter = parameterAt(from, task, graph);
  if (parameter) return collector(owner, parameter.prop('Value'));
  return {
    owner,
    place: from,
    get configuration(): never {
      throw new UndecidableError(from.path, 'the configuration of a collector is filled in from what is in none of the templates');
    },
  };
}

/** The parameter of the templates that a variable is filled from: by reference, by its ARN or by its name. */
function parameterAt(place: Property, from: Resource, graph: TemplateGraph): Resource | undefined {
  if (place.value instanceof Reference) return place.value.resource.type === PARAMETER ? place.value.resource : undefined;
  const { text } = place.partialText();
  return graph.ofType(PARAMETER).find((parameter) => {
    if (parameter.template === from.template && text.includes(`\${${parameter.logicalId}}`)) return true;
    const name = parameter.prop('Name').partialText();
    return name.complete && name.text !== '' && (text === name.text || text.endsWith(`:parameter/${name.text.replace(/^\//, '')}`));
  });
}

/** A processor of a pipeline, and what it was told. */
export interface Processor {
  /** Without the name that tells it from others of its kind. */
  readonly kind: string;
  readonly settings: Property;
}

/** The ways on which spans leave a collector, each by its processors; what only goes on into another pipeline leaves there. */
export function tracePipelinesOf({ configuration }: Collector): Processor[][] {
  const connectors = new Map(entriesOf(configuration, 'connectors'));
  const processors = new Map(entriesOf(configuration, 'processors'));
  const processorOf = (name: string): Processor => ({ kind: name.split('/')[0] ?? name, settings: processors.get(name) ?? new Property(configuration.path, {}) });
  return configuration.get('service.pipelines').entries().map(([name, pipeline]) => ({ name, pipeline }))
    .filter(({ name, pipeline }) => /^traces(\/|$)/.test(name) && textsOf(pipeline.get('exporters')).some((exporter) => !connectors.has(exporter)))
    .map(({ pipeline }) => textsOf(pipeline.get('processors')).map(processorOf));
}

/** What stands under a name, of which others may have dots in theirs; nothing where it is left empty. */
function entriesOf(configuration: Property, name: string): (readonly [string, Property])[] {
  const section = configuration.get(name);
  return isMap(section.value) ? section.entries() : [];
}

export function textsOf(list: Property): string[] {
  return list.items().map((item) => item.text() ?? '');
}
