import { defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { secretsIn } from '../template/value';
import { actionsOf, LISTENER, LISTENER_RULE } from './load-balancing';
import { REDIS_PASSWORDS, REDIS_USER } from './redis-users';
import { namesSecret } from '../../secrets/secret-shapes';

/** Properties that hold a secret by definition, by type; `[]` goes through a list. */
export const SECRET_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::SecretsManager::Secret': ['SecretString'],
  'AWS::RDS::DBInstance': ['MasterUserPassword'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::DocDB::DBCluster': ['MasterUserPassword'],
  'AWS::DocDBElastic::Cluster': ['AdminUserPassword'],
  'AWS::Redshift::Cluster': ['MasterUserPassword'],
  'AWS::RedshiftServerless::Namespace': ['AdminUserPassword'],
  'AWS::DMS::Endpoint': ['Password'],
  'AWS::AmazonMQ::Broker': ['Users[].Password'],
  'AWS::OpenSearchService::Domain': ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
  'AWS::Elasticsearch::Domain': ['AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword'],
  'AWS::IAM::ServerCertificate': ['PrivateKey'],
  'AWS::IAM::User': ['LoginProfile.Password'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  [REDIS_USER]: REDIS_PASSWORDS,
  'AWS::MemoryDB::User': ['AuthenticationMode.Passwords'],
};

/** A value that CloudFormation fetches, holes and all. */
const DYNAMIC_REFERENCE = /\{\{resolve:[^:}]+:(\$\{[^}]*\}|[^}])*\}\}/g;
const HOLE = /\$\{[^}]*\}/g;
const JSON_START = /^\s*\{\s*"/;
const JSON_TEXT = /"([^"]+)"\s*:\s*"([^"]*)"/g;

/** What a text says by itself, without what is filled in when it is deployed. */
const written = (text: string): string => text.replace(DYNAMIC_REFERENCE, '').replace(HOLE, '').trim();

/**
 * A literal, or a parameter whose default is one: both stand in the template for everybody to read.
 * JSON around holes is usual (a host, a user name, a password by reference) and judged by its fields.
 */
function noLiteral(place: Property): readonly Outcome[] {
  const { text, complete } = place.partialText();
  if (secretsIn(place.value).some((secret) => secret.isWritten)) return fail(place, 'has a default that is written out in the template');
  if ((complete ? text : written(text)) === '') return PASS;
  if (complete) return fail(place, 'is written out in the template');
  const field = [...text.matchAll(JSON_TEXT)].find(([, name = '', value = '']) => namesSecret(name) && written(value) !== '');
  if (field) return fail(place, `has ${field[1] ?? ''} written out in the template`);
  return JSON_START.test(text) ? PASS : undecidable(place, 'is written out in part, and whether the rest is enough of a secret is not known');
}

/** The places that a path leads to; each is one text, or a list of them. */
export function placesAt(properties: Property, path: string): Property[] {
  const [head = '', ...keys] = path.split('[].');
  const places = keys.reduce((lists, key) => lists.flatMap((list) => list.items()).map((item) => item.get(key)), [properties.get(head)]);
  return places.flatMap((place) => (Array.isArray(place.value) ? place.items() : [place]));
}

/** A client secret stands inside the action that signs users in. */
function clientSecrets(resource: Resource): readonly Outcome[] {
  return each(actionsOf(resource), (action) => (action.get('AuthenticateOidcConfig').exists ? noLiteral(action.get('AuthenticateOidcConfig.ClientSecret')) : NOT_APPLICABLE));
}

export const literals = defineRule('SEC-1', 'literal', {
  extent: 'known secret properties',
  appliesTo: [...Object.keys(SECRET_PROPERTIES), LISTENER, LISTENER_RULE],
  remediation: 'Let Secrets Manager generate it (GenerateSecretString, ManageMasterUserPassword) and refer to it.',
  check(resource) {
    const paths = SECRET_PROPERTIES[resource.type];
    // A value that the deployer hands in is in no template, though it is known here.
    return paths ? each(paths, (path) => each(placesAt(resource.written, path), noLiteral)) : clientSecrets(resource);
  },
});
