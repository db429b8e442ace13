import { BROKER_VARIABLE, EXIT_VARIABLE, type PhaseName, PHASES, secretArnOf, SWEEP_VARIABLE } from '../../broker/contract';
import { each, NOT_APPLICABLE, type Outcome } from '../rule';
import { Property, UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import { own } from '../template/template';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Unknown } from '../template/value';
import { jsonAt } from './gate-configuration';
import { oncePerGraph } from './pointers';
import { secretAt } from './secrets';
import { tableAt } from './tables';
import { environmentsOf, FUNCTIONS } from './variables';

/** What this pack can read. */
const VERSION = 1;

/** A function that lends credentials to workers; its variable is taken at its word, since no template shows what code does. */
export interface Broker {
  readonly fn: Resource;
  /** The configuration as a place to read from; asking for it throws where it cannot be read. */
  readonly configuration: Property;
}

/** What a function is told by a variable of a name; nothing where it has none, or its environment is known only when deployed. */
function toldBy(fn: Resource, name: string): Property | undefined {
  const { value } = fn.whole;
  if (!isMap(value) || !isMap(own(value, 'Environment'))) return undefined;
  return environmentsOf(fn).flatMap(({ plain }) => plain).find((entry) => entry.name === name)?.value;
}

function configurationOf(place: Property): Property {
  const configuration = jsonAt(place, `what ${BROKER_VARIABLE} holds`);
  if (configuration.get('version').number() !== VERSION) throw new UndecidableError(place.path, `its version is not ${VERSION}, the one that is known here`);
  return configuration;
}

/** The broker that a function is, if it is one. */
function brokerOf(fn: Resource): Broker | undefined {
  const place = toldBy(fn, BROKER_VARIABLE);
  if (place === undefined) return undefined;
  let read: Property | undefined;
  return {
    fn,
    get configuration() {
      return read ??= configurationOf(place);
    },
  };
}

/** Every broker of the templates; none in most. */
export const brokersOf = oncePerGraph((graph: TemplateGraph): readonly Broker[] => FUNCTIONS.flatMap((type) => graph.ofType(type)).flatMap((fn) => brokerOf(fn) ?? []));

/** Judges the broker that a function is; nothing where it is none. */
export function ofBroker(fn: Resource, graph: TemplateGraph, check: (configuration: Property, broker: Broker) => readonly Outcome[]): readonly Outcome[] {
  return each(brokersOf(graph).filter((broker) => broker.fn === fn), (broker) => check(broker.configuration, broker));
}

/** Judges something wherever there is a broker: brokers are few, and templates without one have nothing to do with it. */
export const besideBroker = (graph: TemplateGraph, check: () => readonly Outcome[]): readonly Outcome[] => (brokersOf(graph).length === 0 ? NOT_APPLICABLE : check());

/** Whether a function is a broker, or one of those that work on its state. */
export const isOfBroker = (program: Resource): boolean => FUNCTIONS.includes(program.type) && [BROKER_VARIABLE, EXIT_VARIABLE, SWEEP_VARIABLE].some((name) => toldBy(program, name) !== undefined);

/** Every function of the templates that is a broker, or works on the state of one. */
export const brokerFunctions = oncePerGraph((graph: TemplateGraph): readonly Resource[] => FUNCTIONS.flatMap((type) => graph.ofType(type)).filter(isOfBroker));

/** Whether a function tells of what workers did, or what was done to them. */
export const hasRecords = (fn: Resource): boolean => [BROKER_VARIABLE, EXIT_VARIABLE].some((name) => toldBy(fn, name) !== undefined);

/** Whether a configuration says how workers prove who they are. */
export const phaseOf = (configuration: Property): PhaseName | undefined => {
  const kind = configuration.get('phase.kind').text();
  return PHASES.find((phase) => phase === kind);
};

/** The two kinds of rings: what all workers sign with, and what their own keys are made from. */
export type RingKind = 'shared' | 'own';

/** Where a configuration names a ring; nothing where its phase has none of the kind. */
export function ringPlace(configuration: Property, kind: RingKind): Property | undefined {
  const place = configuration.get('phase').get(kind);
  return place.exists ? place.get('ring') : undefined;
}

/** A name that only a deployment knows is taken from the secret itself, in one piece or, where AWS CDK cuts the end of an ARN off, in several; with other words in it, it is another name. */
const OF_SECRET = /^\$\{(\w+)\}(-\$\{\1\})*$/;

/** The secret of the templates that a configuration names: by a name that stands behind its `secretArns`, or by an ARN. */
export function secretNamed(written: Property, { fn, configuration }: Broker, graph: TemplateGraph): Resource | undefined {
  const name = written.partialText().text;
  if (/\$\{\w+\}/.test(name) && !OF_SECRET.test(name)) return undefined;
  const text = secretArnOf(configuration.get('secretArns').partialText().text, name);
  return secretAt(new Property(written.path, new Unknown(text, 'its name is put together from the deployment\'s account and region')), fn, graph);
}

/** A table of the templates that a broker is told of. */
export const tableOf = ({ fn, configuration }: Broker, name: 'jobs' | 'state', graph: TemplateGraph): Resource | undefined =>
  tableAt(configuration.get('tables').get(name).partialText().text, fn, graph);
