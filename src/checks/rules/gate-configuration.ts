import { CONFIGURATION_VARIABLE } from '../../gate/contract';
import { each, type Outcome } from '../rule';
import { Property, UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import type { Json } from '../template/template';
import { literal, Unknown, type Value } from '../template/value';
import { environmentAt, writtenContainers } from './variables';

/** What this pack can read. */
const VERSION = 1;

/** A container that a gate runs in; its variables are taken at their word, since no template shows what an image does. */
export interface GateContainer {
  readonly container: Property;
  /** How a message names the container. */
  readonly name: string;
  /** The configuration as a place to read from; asking for it throws where it cannot be read. */
  readonly configuration: Property;
}

/** Texts that only a deployment knows stay unknown, so that whoever needs one of them says so. */
function valueOf(json: Json, reason: string | undefined): Value {
  if (typeof json === 'string') return reason !== undefined && /\$\{[^}]*\}/.test(json) ? new Unknown(json, reason) : literal(json);
  if (Array.isArray(json)) return (json as readonly Json[]).map((entry) => valueOf(entry, reason));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, entry]) => [key, valueOf(entry, reason)]));
}

/** A number that only a deployment knows stands where no quotation is. */
const BARE_HOLE = /(?<=[:[,])\$\{[^}"]*\}(?=[,}\]])/g;

function parsed(text: string, path: string, what: string): Json {
  for (const spelling of [text, text.replace(BARE_HOLE, '"$&"')]) {
    try {
      return JSON.parse(spelling) as Json;
    } catch {
      // The other spelling may be JSON.
    }
  }
  throw new UndecidableError(path, `${what} is no JSON as far as it is known`);
}

/**
 * What a text holds as JSON, to read from; throws where it holds none.
 *
 * @param what how a message names the text
 */
export function jsonAt(place: Property, what: string): Property {
  const { text, complete } = place.partialText();
  const reason = place.value instanceof Unknown ? place.value.reason : 'it has a value only when deployed';
  return new Property(place.path, valueOf(parsed(text, place.path, what), complete ? undefined : reason));
}

function configurationOf(place: Property): Property {
  const configuration = jsonAt(place, `what ${CONFIGURATION_VARIABLE} holds`);
  if (configuration.get('version').number() !== VERSION) throw new UndecidableError(place.path, `its version is not ${VERSION}, the one that is known here`);
  return configuration;
}

/** The gates of a task; none in most. */
export function gatesOf(task: Resource): GateContainer[] {
  return writtenContainers(task).flatMap((container) => {
    const environment = environmentAt(container);
    const [plain, secret] = [environment.plain, environment.secret].map((entries) => entries.find(({ name }) => name === CONFIGURATION_VARIABLE));
    if (!plain && !secret) return [];
    return [{
      container,
      name: environment.owner,
      get configuration() {
        if (!plain) throw new UndecidableError(secret?.entry.path ?? container.path, 'it is filled in from a secret store');
        return configurationOf(plain.value);
      },
    }];
  });
}

/** Judges every gate of a task; nothing where it has none. */
export function eachGate(task: Resource, check: (configuration: Property, gate: GateContainer) => readonly Outcome[]): readonly Outcome[] {
  return each(gatesOf(task), (gate) => check(gate.configuration, gate));
}

/** The issuers whose tokens a gate takes. */
export const tokensOf = (configuration: Property): Property[] => configuration.get('identity.tokens').items();
