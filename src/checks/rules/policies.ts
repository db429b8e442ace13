import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Unknown } from '../template/value';

/** Where policies of identities stand; `[]` goes through a list. */
export const IDENTITY_DOCUMENTS: Readonly<Record<string, string>> = {
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::IAM::ManagedPolicy': 'PolicyDocument',
  'AWS::IAM::RolePolicy': 'PolicyDocument',
  'AWS::IAM::UserPolicy': 'PolicyDocument',
  'AWS::IAM::GroupPolicy': 'PolicyDocument',
  'AWS::IAM::Role': 'Policies[].PolicyDocument',
  'AWS::IAM::User': 'Policies[].PolicyDocument',
  'AWS::IAM::Group': 'Policies[].PolicyDocument',
};

/** What gives a secret's value away (service authorization reference, "AWS Secrets Manager"). */
export const SECRET_READS: readonly string[] = ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'];

/** One text or a list of them: policies take either. */
export const listOf = (place: Property): Property[] => (Array.isArray(place.value) ? place.items() : [place]);

/** IAM's own wildcards; a hole of a text is no wildcard. */
export function covers(pattern: string, text: string, flags = ''): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, flags).test(text);
}

/** The documents of a resource at the path that a table of them has. */
export function documentsAt(owner: Resource, path: string): Property[] {
  const [list = '', key] = path.split('[].');
  return key === undefined ? [owner.prop(list)] : owner.prop(list).items().map((policy) => policy.get(key));
}

/** What a policy allows; a document that only a deployment knows throws, so that the rule says so. */
export function allowedIn(document: Property): Property[] {
  return document.get('Statement').items().filter((statement) => statement.get('Effect').text() === 'Allow');
}

/** Whether a statement lets somebody call one of these actions. */
export function mayCall(statement: Property, actions: readonly string[]): boolean {
  const [named, others] = [statement.get('Action'), statement.get('NotAction')];
  const isNamed = (place: Property, action: string): boolean => listOf(place).some((name) => covers(name.partialText().text, action, 'i'));
  return actions.some((action) => (others.exists ? !isNamed(others, action) : isNamed(named, action)));
}

/** Whether the principal of a statement is everybody: `*` alone, or every account. */
export function isEverybody(statement: Property): boolean {
  if (statement.get('NotPrincipal').exists) return true;
  const principal = statement.get('Principal');
  if (typeof principal.value === 'string') return principal.value === '*';
  if (!principal.exists || principal.value instanceof Unknown) return false;
  return principal.entries().some(([kind, who]) => kind !== 'Service' && listOf(who).some((name) => ANY_PRINCIPAL.test(name.partialText().text)));
}

/** `*`, or every account by its ARN. */
const ANY_PRINCIPAL = /^(\*|arn:([^:]*|\$\{[^}]*\}):iam::\*:.*)$/;

/** What may be said of who calls, or on whose behalf a service does (IAM guide, "AWS global condition context keys"; KMS guide, "Condition keys"). */
const CALLER = /^(aws:Principal(Account|Arn|Org(ID|Paths))|aws:Source(Account|Arn|OrgID|OrgPaths|Vpce|Vpc)|kms:CallerAccount)$/i;

/** Operators that ask for something, and not for something else to be absent; `IfExists` would hold where a request says nothing. */
const DEMANDS = /^(ForAnyValue:)?(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like))$/i;

/** Whether a condition asks for an account, an organization, a resource or a network of somebody's. */
export function isBoundToCaller(statement: Property): boolean {
  const conditions = statement.get('Condition');
  if (!conditions.exists) return false;
  return conditions.entries().some(([operator, demanded]) => DEMANDS.test(operator) && demanded.entries().some(([key, value]) =>
    CALLER.test(key) && listOf(value).every((name) => !/^([*?]+|arn:[^:]*:[^:]*:[^:]*:[*?]*:[*?]*)$/.test(name.partialText().text))));
}
