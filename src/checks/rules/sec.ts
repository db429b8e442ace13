import { all, defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isMap } from '../template/value';
import { containersOf, environmentOf, nameOf, TASK_DEFINITION } from './containers';

const FUNCTION = 'AWS::Lambda::Function';
const SECRET = 'AWS::SecretsManager::Secret';

/** Variables that hold a secret by their last word, and a few of the checklist's own that end otherwise. */
const SECRET_NAME = /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|TOKEN|API_?KEYS?|PRIVATE_KEY|ACCESS_KEY(_ID)?|MASTER_KEY|CREDENTIALS?|DSN|SUPABASE_KEY|FAL_KEY)$/i;

/** Values that are secrets whatever they are called: well-known key prefixes, PEM blocks, credentials in a URL. */
const SECRET_VALUE = /(^|[^A-Za-z0-9])(sk-[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{16,}|ctx_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|(AKIA|ASIA)[A-Z0-9]{16}|xox[abpr]-[A-Za-z0-9-]{10,})|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]+:[^/\s@$]+@/;

/** CloudFormation fetches these while deploying and writes the plain value into the resource. */
const DYNAMIC_SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Words that carry no value of their own and may follow a secret-sounding name. */
const EMPTY_VALUES = new Set(['', 'true', 'false']);

/** Judges one variable; the message never repeats the value. */
function plainVariable(name: string, value: Property, owner: string): readonly Outcome[] {
  const { text, complete } = value.partialText();
  if (DYNAMIC_SECRET.test(text)) return fail(value, `${owner} gets ${name} by dynamic reference, which leaves the secret readable in what is deployed`);
  if (SECRET_VALUE.test(text)) return fail(value, `${owner} has something that looks like a credential in the plain variable ${name}`);
  if (SECRET_NAME.test(name) && !(complete && EMPTY_VALUES.has(text.toLowerCase()))) return fail(value, `${owner} has ${name} in its plain environment`);
  return PASS;
}

const environment = defineRule('SEC-1', 'environment', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Move the variable to Secrets with ValueFrom a Secrets Manager ARN. In CDK: secrets: { NAME: ecs.Secret.fromSecretsManager(secret) }.',
  check: (task) => {
    const outcomes = each(containersOf(task), (container) => all(
      () => each(environmentOf(container), ({ name, value }) => plainVariable(name, value, nameOf(container))),
      () => each(['Command', 'EntryPoint'].flatMap((list) => container.get(list).items()), (word) => plainVariable('its command line', word, nameOf(container))),
    ));
    return outcomes.length === 0 ? PASS : outcomes;
  },
});

const functionEnvironment = defineRule('SEC-1', 'function-environment', {
  appliesTo: [FUNCTION],
  remediation: 'Pass the secret\'s ARN instead, and read the value when the function runs.',
  check(fn) {
    const variables = fn.prop('Environment.Variables');
    if (!variables.exists) return NOT_APPLICABLE;
    const names = isMap(variables.value) ? Object.keys(variables.value) : [];
    return each(names, (name) => plainVariable(name, variables.get(name), 'the function'));
  },
});

/** Properties that hold a secret by definition, by type. */
const SECRET_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  [SECRET]: ['SecretString'],
  'AWS::RDS::DBInstance': ['MasterUserPassword'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::ElastiCache::User': ['Passwords'],
};

/** A literal, or a parameter whose default is one: both stand in the template for everybody to read. */
function noLiteral(place: Property): readonly Outcome[] {
  const { text, complete } = place.partialText();
  if (!complete || DYNAMIC_SECRET.test(text)) return PASS;
  return fail(place, 'is written out in the template');
}

const literals = defineRule('SEC-1', 'literal', {
  appliesTo: Object.keys(SECRET_PROPERTIES),
  remediation: 'Let Secrets Manager generate it (GenerateSecretString, ManageMasterUserPassword) and refer to it.',
  check: (resource: Resource) => each((SECRET_PROPERTIES[resource.type] ?? []).filter((name) => resource.prop(name).exists), (name) => each(resource.prop(name).items(), noLiteral)),
});

export const SEC_RULES = [environment, functionEnvironment, literals];
