import { defineRule, each, expect, fail, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { environmentNameOf } from './profiles';
import { secretAt } from './secrets';
import { eachEnvironment, type Environment } from './variables';

/** How environments are called, each in several ways. */
const ENVIRONMENTS: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['development', ['dev', 'develop', 'development', 'local', 'sandbox']],
  ['test', ['test', 'testing', 'qa', 'uat', 'ci', 'e2e']],
  ['staging', ['stage', 'staging', 'stg', 'preprod', 'pre-prod', 'preproduction']],
  ['production', ['prod', 'production', 'prd', 'live']],
];

/** Variables that say where a program runs. */
const SAYS_WHERE = /^(ENV|ENVIRONMENT|STAGE|(NODE|APP|DEPLOY(MENT)?|RAILS|PYTHON)_ENV(IRONMENT)?)$/;

/** The environment of which a name speaks, as a word of its own; the last one counts in `dev-tools/prod`. */
function environmentIn(name: string): string | undefined {
  const words = name.toLowerCase().replace('pre-prod', 'preprod').split(/[^a-z0-9]+/);
  return words.map((word) => ENVIRONMENTS.find(([, known]) => known.includes(word))?.[0]).filter((found) => found !== undefined).at(-1);
}

/** What a place calls a secret: by its name, its ARN, or that of a parameter. */
function nameAt(place: Property, task: Resource, graph: TemplateGraph): string {
  const secret = secretAt(place, task, graph);
  if (secret) return secret.prop('Name').partialText().text;
  // What another resource of the templates makes has no name that anybody chose.
  if (place.value instanceof Reference) return '';
  const { text } = place.partialText();
  if (/^\$\{[^}]*\}$/.test(text)) place.text();
  // The field of a value says nothing of whose it is.
  return text.replace(/^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]*).*$/, '$1').replace(/^arn:([^:]*:){5}/, '');
}

function isOfOne({ owner, plain, secret }: Environment, task: Resource, graph: TemplateGraph): readonly Outcome[] {
  // What a document calls ENV is production in every stage, so that what the profile says of itself goes before it.
  const said = environmentNameOf(task);
  const words = said === undefined ? plain.filter(({ name }) => SAYS_WHERE.test(name)).map(({ value }) => value.partialText().text) : [said];
  const where = words.map(environmentIn).find((found) => found !== undefined);
  const first = where ?? secret.map(({ value }) => (/^\$\{[^}]*\}$/.test(value.partialText().text) && !secretAt(value, task, graph) ? undefined : environmentIn(nameAt(value, task, graph)))).find((found) => found !== undefined);
  return each(secret, ({ name, value }) => {
    const of = environmentIn(nameAt(value, task, graph));
    return expect(of === undefined || first === undefined || of === first, value, `${owner} is one of ${first ?? ''} and takes ${name} from ${of ?? ''}: whoever has the one has the other`);
  });
}

const ownEnvironment = defineRule('SEC-6', 'own-environment', {
  extent: 'secrets whose names tell their environment',
  appliesTo: [TASK_DEFINITION],
  remediation: 'Give every environment secrets of its own, and name the environment first: production/openai.',
  check: (task, graph) => eachEnvironment(task, (environment) => isOfOne(environment, task, graph)),
});

/** One value for several purposes: who has it for the one can do the other, and neither can be renewed by itself. A URL beside its parts is one purpose. */
function isForOne({ owner, plain, secret }: Environment): readonly Outcome[] {
  return each(secret, ({ name, value, entry }) => {
    const twice = [...plain, ...secret].find((other) => other.entry !== entry && other.name === name);
    if (twice) return fail(entry, `${owner} has ${name} twice, and which of the two counts is not said`);
    const { text } = value.partialText();
    const shared = secret.find((other) => other.entry !== entry && other.name < name && text !== '' && other.value.partialText().text === text);
    return shared ? fail(entry, `${owner} takes ${shared.name} and ${name} from one value`) : PASS;
  });
}

const ownValues = defineRule('SEC-6', 'own-values', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Give every variable a secret of its own, or a field of its own (ValueFrom …:field::), and name it once.',
  check: (task) => eachEnvironment(task, (environment) => {
    // A list of which only a deployment knows what is in it.
    environment.place.items();
    return isForOne(environment);
  }),
});

export const SEC_SHARING_RULES = [ownEnvironment, ownValues];
