import { all, defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { actionsOf, LISTENER, LISTENER_RULE } from './load-balancing';

const FUNCTION = 'AWS::Lambda::Function';
const SECRET = 'AWS::SecretsManager::Secret';

/** Names that hold a secret by their last word, and a few of the checklist's own that end otherwise. */
const SECRET_NAME = /(PASSWORD|PASSWD|PASSPHRASE|._PWD|(^|_)(SECRET|SECRET_KEY(_BASE)?|TOKEN|API_?KEYS?|(PRIVATE|ACCESS|MASTER|SIGNING|ENCRYPTION)_KEY|ACCESS_KEY_ID|CREDENTIALS?|DSN|SUPABASE(_SERVICE(_ROLE)?)?_KEY|FAL_KEY))$/i;

/** Values that are secrets whatever they are called: well-known key prefixes and PEM blocks. */
const SECRET_VALUE = /(^|[^A-Za-z0-9])(sk-[A-Za-z0-9_-]{16,}|[sr]k_live_[A-Za-z0-9]{16,}|hf_[A-Za-z0-9]{16,}|r8_[A-Za-z0-9]{16,}|ctx_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|AIza[A-Za-z0-9_-]{35}|(AKIA|ASIA)[A-Z0-9]{16}|xox[abpr]-[A-Za-z0-9-]{10,})|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** The password of a URL, with or without a user in front of it. */
const URL_PASSWORD = /:\/\/[^/\s:@]*:([^/\s@]+)@/;

/** A shell variable, or a hole of the template: the two are written alike. */
const VARIABLE = /^\$(\w+|\{[^}]*\})$/;

/** `NAME=value` among the words of a command line. */
const ASSIGNMENT = /(?:^|[\s;&|"'-])([A-Za-z_][\w.-]*)=["']?([^\s"']+)/g;

/** CloudFormation fetches these while deploying and writes the plain value into the resource. */
const DYNAMIC_SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Words that carry no value of their own and may follow a secret-sounding name. */
const EMPTY_VALUES = new Set(['', 'true', 'false']);

/** Judges a name by its words, however they are put together: DB_PASSWORD, dbPassword, db.password. */
function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_'));
}

/** Judges a text by what it says; the message never repeats it. */
function plainText(what: string, value: Property, owner: string): readonly Outcome[] {
  const { text, complete } = value.partialText();
  if (DYNAMIC_SECRET.test(text)) return fail(value, `${owner} gets ${what} by dynamic reference, which leaves the secret readable in what is deployed`);
  const password = URL_PASSWORD.exec(text)?.[1];
  if (SECRET_VALUE.test(text) || (password !== undefined && !VARIABLE.test(password))) return fail(value, `${owner} has something that looks like a credential in ${what}`);
  if (password !== undefined && !complete) return undecidable(value, `${owner} has a URL in ${what} whose password only a deployment knows`);
  return PASS;
}

/** Judges one variable, label or option by its name and its value. */
function plainVariable(name: string, value: Property, owner: string): readonly Outcome[] {
  const { text, complete } = value.partialText();
  const byValue = plainText(name, value, owner);
  if (byValue.some(({ kind }) => kind === 'fail')) return byValue;
  if (namesSecret(name) && !(complete && EMPTY_VALUES.has(text.toLowerCase()))) return fail(value, `${owner} has ${name} in its plain environment`);
  return byValue;
}

/** A command line is as readable as a variable, and may set one. What starts with a dollar sign is put in by the shell. */
function commandWord(word: Property, owner: string): readonly Outcome[] {
  const set = [...word.partialText().text.matchAll(ASSIGNMENT)].find(([, name = '', value = '']) => namesSecret(name) && !value.startsWith('$') && !EMPTY_VALUES.has(value));
  return set ? fail(word, `${owner} has a value for ${set[1] ?? ''} on its command line`) : plainText('its command line', word, owner);
}

/** Lists of words that a container runs, and maps that are written beside its environment. */
const COMMANDS = ['Command', 'EntryPoint', 'HealthCheck.Command'];
const MAPS = ['LogConfiguration.Options', 'DockerLabels'];

const environment = defineRule('SEC-1', 'environment', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Move the variable to Secrets with ValueFrom a Secrets Manager ARN. In CDK: secrets: { NAME: ecs.Secret.fromSecretsManager(secret) }.',
  check: (task) => {
    const outcomes = each(containersOf(task), (container) => all(
      () => each(container.get('Environment').items(), (entry) => plainVariable(entry.get('Name').text() ?? '', entry.get('Value'), nameOf(container))),
      ...COMMANDS.map((list) => () => each(container.get(list).items(), (word) => commandWord(word, nameOf(container)))),
      ...MAPS.map((map) => () => each(container.get(map).entries(), ([name, value]) => plainVariable(name, value, nameOf(container)))),
    ));
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

const functionEnvironment = defineRule('SEC-1', 'function-environment', {
  appliesTo: [FUNCTION],
  remediation: 'Pass the secret\'s ARN instead, and read the value when the function runs.',
  check: (fn) => each(fn.prop('Environment.Variables').entries(), ([name, value]) => plainVariable(name, value, 'the function')),
});

/** Properties that hold a secret by definition, by type. */
const SECRET_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  [SECRET]: ['SecretString'],
  'AWS::RDS::DBInstance': ['MasterUserPassword'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::DocDB::DBCluster': ['MasterUserPassword'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::ElastiCache::User': ['Passwords', 'AuthenticationMode.Passwords'],
};

/** A secret that CloudFormation fetches, holes and all. */
const DYNAMIC_REFERENCE = /\{\{resolve:(secretsmanager|ssm-secure):(\$\{[^}]*\}|[^}])*\}\}/g;
const HOLE = /\$\{[^}]*\}/g;
const JSON_TEXT = /"([^"]+)"\s*:\s*"([^"]*)"/g;

/** What a text says by itself, without what is filled in when it is deployed. */
const written = (text: string): string => text.replace(DYNAMIC_REFERENCE, '').replace(HOLE, '').trim();

/**
 * A literal, or a parameter whose default is one: both stand in the template for everybody to read.
 * JSON around holes is usual (a host, a user name, a password by reference) and judged by its fields.
 */
function noLiteral(place: Property): readonly Outcome[] {
  if (!place.exists) return PASS;
  const { text, complete } = place.partialText();
  if (complete && !DYNAMIC_SECRET.test(text)) return fail(place, 'is written out in the template');
  if (written(text) === '') return PASS;
  const field = [...text.matchAll(JSON_TEXT)].find(([, name = '', value = '']) => namesSecret(name) && written(value) !== '');
  if (field) return fail(place, `has ${field[1] ?? ''} written out in the template`);
  return text.trimStart().startsWith('{"') ? PASS : undecidable(place, 'is written out in part, and whether the rest is enough of a secret is not known');
}

/** The places of a resource that hold secrets; each is one text, or a list of them. */
function secretPlaces(resource: Resource): Property[] {
  const named = (SECRET_PROPERTIES[resource.type] ?? []).map((name) => resource.prop(name));
  return named.flatMap((place) => (Array.isArray(place.value) ? place.items() : [place]));
}

const literals = defineRule('SEC-1', 'literal', {
  appliesTo: [...Object.keys(SECRET_PROPERTIES), LISTENER, LISTENER_RULE],
  remediation: 'Let Secrets Manager generate it (GenerateSecretString, ManageMasterUserPassword) and refer to it.',
  check(resource) {
    if (resource.type !== LISTENER && resource.type !== LISTENER_RULE) return each(secretPlaces(resource), noLiteral);
    // A client secret stands inside the action that signs users in.
    return each(actionsOf(resource), (action) => (action.get('AuthenticateOidcConfig').exists ? noLiteral(action.get('AuthenticateOidcConfig.ClientSecret')) : NOT_APPLICABLE));
  },
});

export const SEC_RULES = [environment, functionEnvironment, literals];
