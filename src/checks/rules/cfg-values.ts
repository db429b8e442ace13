import { variablesOf } from '../../profiles/variables';
import { RELATIONS } from '../../profiles/variables/relations';
import { defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import { own, section } from '../template/template';
import { Reference } from '../template/value';
import { type EnvironmentEntry, TASK_DEFINITION } from './containers';
import { ofProfile, outcomesOf, OWN_VARIABLES, type ProfiledProgram } from './profiles';

const EXTENT = 'tasks whose metadata names a profile';

/** What is found in what is written out stands; that there is nothing else can be said of a whole list only. */
function asFarAsSeen({ isWhole, owner, place }: ProfiledProgram, outcomes: readonly Outcome[]): readonly Outcome[] {
  if (isWhole) return outcomes;
  return [...outcomes.filter(({ kind }) => kind !== 'pass'), ...undecidable(place, `${owner} has variables of which only a deployment knows`)];
}

const placeholders = defineRule('CFG-6', 'placeholders', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: 'Write a value of your own: what a document writes where a value should stand satisfies every check of its length.',
  check: (task) => ofProfile(task, (program) => (
    variablesOf(program.profile).length === 0 ? NOT_APPLICABLE : asFarAsSeen(program, outcomesOf(program, ({ aspect }) => aspect === 'placeholder'))
  )),
});

const conflicts = defineRule('CFG-6', 'conflicts', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: 'Change or take out one of the variables, so that they say one thing.',
  check: (task) => ofProfile(task, (program) => (
    RELATIONS.every(({ profile }) => profile !== program.profile) ? NOT_APPLICABLE
      : asFarAsSeen(program, outcomesOf(program, ({ control, aspect }) => control === 'CFG-6' && aspect === 'relation'))
  )),
});

/** Nothing but one hole. */
const HOLE = /^\$\{([^}]*)\}$/;
const DYNAMIC_REFERENCE = /^\{\{resolve:[^}]*\}\}$/;

/** Whether whoever deploys may say anything here: what AWS says of a resource, of a region or of an account has the form that it has. */
function isOpen({ task }: ProfiledProgram, { value }: EnvironmentEntry): boolean {
  if (value.value instanceof Reference) return false;
  const { text } = value.partialText();
  return DYNAMIC_REFERENCE.test(text) || own(section(task.template, 'Parameters'), HOLE.exec(text)?.[1] ?? '') !== undefined;
}

/** What CFG-1 to CFG-3 judge. */
const OF_THEIR_OWN: ReadonlySet<string> = new Set(Object.values(OWN_VARIABLES).flat());

function formOf(program: ProfiledProgram): readonly Outcome[] {
  const { profile, plain, owner } = program;
  const variables = variablesOf(profile);
  const secrets = new Set(variables.filter(({ place }) => place === 'secrets').map(({ name }) => name));
  const others = new Set(variables.map(({ name }) => name).filter((name) => !secrets.has(name) && !OF_THEIR_OWN.has(name)));
  return asFarAsSeen(program, [
    ...each(plain.filter(({ name }) => secrets.has(name)), ({ name, value }) => fail(value, `${owner}: ${name} belongs into Secrets, whatever it says`)),
    ...each(plain.filter((entry) => others.has(entry.name) && isOpen(program, entry)), ({ value }) => {
      value.text();
      return PASS;
    }),
    ...outcomesOf(program, ({ control, aspect, names }) => control === 'CFG-6' && (aspect === 'presence' || (aspect === 'form' && names.every((name) => others.has(name))))),
  ]);
}

const malformed = defineRule('CFG-6', 'malformed', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: 'Write what the document asks for, byte for byte; fill what is secret from a secret store, and leave out what the profile refuses.',
  check: (task) => ofProfile(task, (program) => (variablesOf(program.profile).length === 0 ? NOT_APPLICABLE : formOf(program))),
});

/** Of one that a secret store fills in too, SEC-6.own-values tells. */
const twice = defineRule('CFG-6', 'twice', {
  appliesTo: [TASK_DEFINITION],
  extent: EXTENT,
  remediation: 'Name every variable once.',
  check: (task) => ofProfile(task, (program) => {
    const { plain, owner } = program;
    const again = plain.filter(({ name }, index) => plain.findIndex((other) => other.name === name) < index);
    const found = again.flatMap(({ name, entry }) => fail(entry, `${owner} has ${name} more than once, and which of them counts is not said`));
    return asFarAsSeen(program, found.length > 0 ? found : PASS);
  }),
});

export const CFG_VALUE_RULES = [placeholders, conflicts, malformed, twice];
