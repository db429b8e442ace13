import { each, type Outcome, undecidable } from '../rule';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isMap, literal, Unknown } from '../template/value';
import { type EnvironmentEntry, nameOf, TASK_DEFINITION } from './containers';

export const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** Everything that hands variables to a program. */
export const PROGRAMS = [TASK_DEFINITION, ...FUNCTIONS];

/** What one program is told by its environment. */
export interface Environment {
  /** How a message names the program. */
  readonly owner: string;
  readonly place: Property;
  readonly plain: readonly EnvironmentEntry[];
  /** What a secret store fills in. */
  readonly secret: readonly EnvironmentEntry[];
}

/** Only what is written as a list or a map: that the rest is not known is one fact, and other rules say it (SEC-1, IDN-9). */
const isWritten = (place: Property): boolean => Array.isArray(place.value) || isMap(place.value);

function functionEnvironment(resource: Resource): Environment {
  const place = resource.prop('Environment.Variables');
  return { owner: 'the function', place, plain: (isWritten(place) ? place.entries() : []).map(([name, value]) => ({ name, value, entry: value })), secret: [] };
}

/** The entries of a container's list that have a name; a hole of the whole list, or of a name, is no variable that a rule is about. */
function namedIn(container: Property, list: 'Environment' | 'Secrets'): EnvironmentEntry[] {
  const entries = isWritten(container.get(list)) ? container.get(list).items().filter(isWritten) : [];
  return entries.map((entry) => ({ name: entry.get('Name').partialText().text, value: entry.get(list === 'Environment' ? 'Value' : 'ValueFrom'), entry }));
}

export function environmentAt(container: Property): Environment {
  return { owner: nameOf(container), place: container.get('Environment'), plain: namedIn(container, 'Environment'), secret: namedIn(container, 'Secrets') };
}

/** The containers of a task that are written out. */
export function writtenContainers(task: Resource): Property[] {
  const list = task.prop('ContainerDefinitions');
  return isWritten(list) ? list.items().filter(isWritten) : [];
}

/** What each container of a task is told, or the function. */
export const environmentsOf = (resource: Resource): readonly Environment[] =>
  (resource.type === TASK_DEFINITION ? writtenContainers(resource).map(environmentAt) : [functionEnvironment(resource)]);

/** Judges the programs of a resource one by one. */
export function eachEnvironment(resource: Resource, check: (environment: Environment) => readonly Outcome[]): readonly Outcome[] {
  return each(environmentsOf(resource), check);
}

/** What a rule says of variables of certain names. */
export interface VariableCheck {
  readonly name: RegExp;
  readonly check: (value: Property, name: string, environment: Environment) => readonly Outcome[];
}

/** Judges every variable that one of the checks is about; what a secret store fills in is in no template. */
export function checkVariables(environment: Environment, checks: readonly VariableCheck[]): readonly Outcome[] {
  return checks.flatMap(({ name: pattern, check }) => [
    ...each(environment.plain.filter(({ name }) => pattern.test(name)), ({ name, value }) => check(value, name, environment)),
    ...environment.secret.filter(({ name }) => pattern.test(name))
      .flatMap(({ name, entry }) => undecidable(entry, `${environment.owner} has ${name} filled in from a secret store, so what it says is not known`)),
  ]);
}

/** The value of a variable, if the program has it in plain sight. */
export function valueOf(environment: Environment, name: string): Property | undefined {
  return environment.plain.find((entry) => entry.name === name)?.value;
}

export const isPresent = ({ plain, secret }: Environment, name: RegExp): boolean => [...plain, ...secret].some((entry) => name.test(entry.name));

const HOLE = /\$\{[^}]*\}|\{\{resolve:[^}]*\}\}/;

/** The entries of a list that is written as text, with commas, blanks or as JSON; an entry with a hole is unknown by itself. */
export function entriesIn(list: Property): Property[] {
  const { text, complete } = list.partialText();
  // Brackets within are an address of IPv6.
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1] ?? text;
  return inner.split(/[\s,;"']+/).filter((entry) => entry !== '').map((entry) => {
    const isOpen = !complete && HOLE.test(entry);
    return new Property(list.path, isOpen ? new Unknown(entry, list.value instanceof Unknown ? list.value.reason : `${entry} has a value only when deployed`) : literal(entry));
  });
}
