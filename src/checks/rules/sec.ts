import { all, defineRule, each, fail, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import { secretsIn } from '../template/value';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { credentialIn, DYNAMIC_SECRET, namesSecret, saysNothing } from '../../secrets/secret-shapes';
import { literals } from './sec-literal';

/** `NAME=value` among the words of a command line. */
const ASSIGNMENT = /(?:^|[\s;&|"'-])([A-Za-z_][\w.-]*)=["']?([^\s"']+)/g;

/** `--name value`, in one word that a shell takes apart. */
const OPTION = /(?:^|\s)--([A-Za-z][\w.-]*)\s+["']?([^\s"']+)/g;

/** `--name` as a word of its own; the next word is its value. */
const OPTION_NAME = /^--([A-Za-z][\w.-]*)$/;

/** Judges a text by what it says; the message never repeats it. */
function plainText(what: string, value: Property, owner: string): readonly Outcome[] {
  const { text, complete } = value.partialText();
  if (DYNAMIC_SECRET.test(text)) return fail(value, `${owner} gets ${what} by dynamic reference, which leaves the secret readable in what is deployed`);
  const [secret] = secretsIn(value.value);
  if (secret) return fail(value, `${owner} gets ${what} from the secret parameter ${secret.parameter} (NoEcho), which is readable in what is deployed`);
  const credential = credentialIn(text);
  if (credential === 'written') return fail(value, `${owner} has something that looks like a credential in ${what}`);
  if (credential && !complete) return undecidable(value, `${owner} has a password in ${what} that only a deployment knows`);
  return PASS;
}

/** Judges one variable, label or option by its name and its value. */
function plainVariable(name: string, value: Property, owner: string): readonly Outcome[] {
  const { text, complete } = value.partialText();
  const byValue = plainText(name, value, owner);
  if (byValue.some(({ kind }) => kind === 'fail')) return byValue;
  if (namesSecret(name) && !(complete && saysNothing(text))) return fail(value, `${owner} has ${name} in its plain environment`);
  return byValue;
}

/** What starts with a dollar sign is put in by the shell, and what starts with a dash is the next option. */
const isValue = (word: string): boolean => !/^[$-]/.test(word) && !saysNothing(word);

/** A command line is as readable as a variable, and may set one. */
function commandWord(word: Property, before: Property | undefined, owner: string): readonly Outcome[] {
  const { text } = word.partialText();
  const option = OPTION_NAME.exec(before?.partialText().text ?? '')?.[1] ?? '';
  const pairs = [[text, option, text], ...text.matchAll(ASSIGNMENT), ...text.matchAll(OPTION)];
  const set = pairs.find(([, name = '', value = '']) => namesSecret(name) && isValue(value));
  return set ? fail(word, `${owner} has a value for ${set[1] ?? ''} on its command line`) : plainText('its command line', word, owner);
}

function commandLine(list: Property, owner: string): readonly Outcome[] {
  const words = list.items();
  return each(words.map((word, index) => ({ word, before: words[index - 1] })), ({ word, before }) => commandWord(word, before, owner));
}

/** Lists of words that a container runs, and maps that are written beside its environment. */
const COMMANDS = ['Command', 'EntryPoint', 'HealthCheck.Command'];
const MAPS = ['LogConfiguration.Options', 'DockerLabels'];

const environment = defineRule('SEC-1', 'environment', {
  extent: 'container environments',
  appliesTo: [TASK_DEFINITION],
  remediation: 'Move the variable to Secrets with ValueFrom a Secrets Manager ARN. In CDK: secrets: { NAME: ecs.Secret.fromSecretsManager(secret) }.',
  check: (task) => {
    const outcomes = each(containersOf(task), (container) => all(
      () => each(container.get('Environment').items(), (entry) => plainVariable(entry.get('Name').text() ?? '', entry.get('Value'), nameOf(container))),
      ...COMMANDS.map((list) => () => commandLine(container.get(list), nameOf(container))),
      ...MAPS.map((map) => () => each(container.get(map).entries(), ([name, value]) => plainVariable(name, value, nameOf(container)))),
    ));
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

const functionEnvironment = defineRule('SEC-1', 'function-environment', {
  extent: 'function environments',
  appliesTo: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
  remediation: 'Pass the secret\'s ARN instead, and read the value when the function runs.',
  check: (fn) => each(fn.prop('Environment.Variables').entries(), ([name, value]) => plainVariable(name, value, 'the function')),
});

/** Variables of these types name a secret instead of holding one. */
const FETCHED = ['PARAMETER_STORE', 'SECRETS_MANAGER'];

const buildEnvironment = defineRule('SEC-1', 'build-environment', {
  extent: 'build environments',
  appliesTo: ['AWS::CodeBuild::Project'],
  remediation: 'Give the variable the type SECRETS_MANAGER and the secret\'s name as its value.',
  check: (project) => each(project.prop('Environment.EnvironmentVariables').items(), (entry) =>
    (FETCHED.includes(entry.get('Type').text() ?? '') ? PASS : plainVariable(entry.get('Name').text() ?? '', entry.get('Value'), 'the build project'))),
});

export const SEC_RULES = [environment, functionEnvironment, buildEnvironment, literals];
