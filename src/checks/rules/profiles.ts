import { PROFILE_METADATA } from '../../profiles/contract';
import { type Fault, faultsIn, sentenceOf, type Told } from '../../profiles/variables/judge';
import { isProfileName, PROFILE_NAMES, type ProfileName } from '../../profiles/variables/variable';
import { each, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isJsonMap, type Json, type JsonMap, own } from '../template/template';
import { isMap } from '../template/value';
import { type Environment, environmentAt, writtenContainers } from './variables';

/** Variables that have a control of their own. */
export const OWN_VARIABLES = {
  'CFG-1': ['ENV'],
  'CFG-2': ['DEBUG', 'LOG_LEVEL'],
  'CFG-3': ['TGEFD_AUTH_MODE', 'AUTH_PROVIDER', 'TOM_CORE_AUTH_MODE'],
} as const satisfies Partial<Record<Fault['control'], readonly string[]>>;

/** A program of one of the documents, as a task definition says that it has one. */
export interface ProfiledProgram extends Environment {
  readonly task: Resource;
  readonly profile: ProfileName;
  readonly choices: readonly string[];
  readonly told: ReadonlyMap<string, Told>;
  /** Whether all names of what it is told are written out. */
  readonly isWhole: boolean;
}

/** `Ref` and `Fn::…`: what only a deployment knows. */
const isIntrinsic = (value: Json | undefined): boolean => isJsonMap(value) && Object.keys(value).some((key) => /^(Ref$|Fn::)/.test(key));

const textAt = (metadata: JsonMap, key: string): string => {
  const value = own(metadata, key);
  return typeof value === 'string' ? value.trim() : '';
};

const isTexts = (value: Json | undefined): value is readonly string[] => Array.isArray(value) && (value as readonly Json[]).every((entry) => typeof entry === 'string');

function metadataOf(task: Resource): JsonMap | undefined {
  const metadata = own(task.metadata, PROFILE_METADATA);
  return isJsonMap(metadata) ? metadata : undefined;
}

/** The environment that the profile of a task is deployed to, where it says one. */
export function environmentNameOf(task: Resource): string | undefined {
  return textAt(metadataOf(task) ?? {}, 'environment') || undefined;
}

function containerNamed(task: Resource, name: string): Property | undefined {
  return writtenContainers(task).find((container) => container.get('Name').value === name);
}

/** Whether every container has a name that is written out. */
function areWritten(task: Resource): boolean {
  const list = task.prop('ContainerDefinitions');
  const containers = writtenContainers(task);
  return (!list.exists || Array.isArray(list.value)) && containers.length === (list.exists ? list.items().length : 0)
    && containers.every((container) => container.get('Name').partialText().complete);
}

/** What can be said against how a task names its profile; nothing where it names none. */
export function namingOf(task: Resource): readonly Outcome[] {
  const given = own(task.metadata, PROFILE_METADATA);
  if (given === undefined) return NOT_APPLICABLE;
  if (isIntrinsic(given) || (isJsonMap(given) && Object.values(given).some(isIntrinsic))) {
    return undecidable(task.whole, `names its profile (Metadata ${PROFILE_METADATA}) by what only a deployment knows`);
  }
  const metadata = metadataOf(task) ?? {};
  const [name, container] = [textAt(metadata, 'name'), textAt(metadata, 'container')];
  if (!isProfileName(name)) return fail(task.whole, `names ${name === '' ? 'no profile' : `${name} as its profile, which is none of ${PROFILE_NAMES.join(', ')}`} (Metadata ${PROFILE_METADATA})`);
  if (environmentNameOf(task) === undefined) return fail(task.whole, `does not say whose secrets it takes (environment of Metadata ${PROFILE_METADATA})`);
  if (metadata.choices !== undefined && !isTexts(metadata.choices)) return fail(task.whole, `lists no texts as choices (Metadata ${PROFILE_METADATA})`);
  if (containerNamed(task, container) !== undefined) return PASS;
  if (!areWritten(task)) return undecidable(task.whole, 'may have the container of its profile among those that only a deployment knows');
  return fail(task.whole, `has no container ${container || 'for its profile'}, of which its metadata (${PROFILE_METADATA}) speaks`);
}

/** Only lists whose entries have names that are written out show what is missing. */
function isWritten(list: Property): boolean {
  if (!list.exists) return true;
  return Array.isArray(list.value) && list.items().every((entry) => isMap(entry.value) && entry.get('Name').partialText().complete);
}

/** The program of the task's profile; nothing where it names none, or in a way of which CFG-4.profile tells. */
function programOf(task: Resource): ProfiledProgram | undefined {
  const metadata = metadataOf(task) ?? {};
  const profile = textAt(metadata, 'name');
  const container = containerNamed(task, textAt(metadata, 'container'));
  if (!isProfileName(profile) || container === undefined) return undefined;
  const environment = environmentAt(container);
  const plain = environment.plain.map(({ name, value }): [string, Told] => {
    const { text, complete } = value.partialText();
    return [name, { isSecret: false, ...(complete && { text }) }];
  });
  return {
    ...environment,
    task,
    profile,
    choices: isTexts(metadata.choices) ? metadata.choices : [],
    // What stands in plain sight is judged, even where a secret has the same name.
    told: new Map([...environment.secret.map(({ name }): [string, Told] => [name, { isSecret: true }]), ...plain]),
    isWhole: ['Environment', 'Secrets'].every((list) => isWritten(container.get(list))),
  };
}

/** Judges the program of a task's profile, if it has one. */
export function ofProfile(task: Resource, check: (program: ProfiledProgram) => readonly Outcome[]): readonly Outcome[] {
  const program = programOf(task);
  return program === undefined ? NOT_APPLICABLE : check(program);
}

/** Where a variable has its value; where it would stand if it is not there. */
export function placeOf({ plain, secret, place }: ProfiledProgram, name: string | undefined): Property {
  return plain.find((entry) => entry.name === name)?.value ?? secret.find((entry) => entry.name === name)?.entry ?? place;
}

/** The faults of a program, as a rule tells of those that are its own. What is missing may stand where only a deployment sees it. */
export function outcomesOf(program: ProfiledProgram, isOwn: (fault: Fault) => boolean): readonly Outcome[] {
  const { profile, told, choices, isWhole, owner, place } = program;
  const faults = faultsIn(profile, told, { choices }).filter(isOwn);
  const known = faults.filter(({ names }) => isWhole || names.every((name) => told.has(name)));
  const lacking = new Set(faults.filter((fault) => !known.includes(fault)).flatMap(({ names }) => names).filter((name) => !told.has(name)));
  const outcomes = known.flatMap((fault) => fail(placeOf(program, fault.names.find((name) => told.has(name))), `${owner}: ${sentenceOf(fault)}`, fault.severity));
  if (lacking.size > 0) return [...outcomes, ...undecidable(place, `${owner} has variables whose names only a deployment knows, and of ${[...lacking].join(', ')} some may be among them`)];
  return outcomes.length > 0 ? outcomes : PASS;
}

/** Asks for the text of variables, so that one which only a deployment knows is told of. */
export function needTexts(program: ProfiledProgram, names: readonly string[]): readonly Outcome[] {
  const { plain, secret, owner } = program;
  return [
    ...each(plain.filter(({ name }) => names.includes(name)), ({ value }) => {
      value.text();
      return NOT_APPLICABLE;
    }),
    ...secret.filter(({ name }) => names.includes(name)).flatMap(({ name, entry }) => undecidable(entry, `${owner} has ${name} filled in from a secret store, so what it says is not known`)),
  ];
}
