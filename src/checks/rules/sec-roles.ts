import { listed } from '../../listed';
import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { oncePerGraph } from './pointers';
import { allowedIn, documentsAt, IDENTITY_DOCUMENTS, listOf, mayCall, SECRET_READS } from './policies';
import { holdersAt, holdersOf, roleOf } from './roles';
import { SECRET, secretAt } from './secrets';
import { PROGRAMS } from './variables';

const ownRole = defineRule('SEC-2', 'own-role', {
  extent: 'programs and roles of the templates',
  appliesTo: PROGRAMS,
  remediation: 'Give every program a role of its own, and what starts a task another one.',
  check(program, graph) {
    const place = roleOf(program);
    if (!place.exists) return NOT_APPLICABLE;
    const holders = holdersAt(place, graph);
    const started = holders.find(({ isStarter }) => isStarter);
    if (started) return fail(place, `is the role that starts ${started.program.logicalId} too, so the program may read every secret that is handed out at a start`);
    const [other] = holders.filter((holder) => holder.program !== program);
    if (other) return fail(place, `is the role of ${other.program.logicalId} too, so that each may do what only the other needs`, 'warning');
    // Whose role it is that only a deployment knows, only a deployment knows.
    if (!(place.value instanceof Reference)) place.text();
    return PASS;
  },
});

const LOG_GROUP = 'AWS::Logs::LogGroup';

/** Policies and roles say who may; everything else that names both ties the two together. */
const isAboutWho = ({ type }: Resource): boolean => type.startsWith('AWS::IAM::') || type === 'AWS::KMS::Key' || type === 'AWS::SecretsManager::ResourcePolicy';

/** Logical ids that each resource names, as holes of its text. */
const namedBy = oncePerGraph((graph: TemplateGraph): ReadonlyMap<Resource, ReadonlySet<string>> => new Map(graph.types.flatMap((type) => graph.ofType(type)).filter((resource) => !isAboutWho(resource))
  .map((resource) => [resource, new Set([...resource.evaluateAll().partialText().text.matchAll(/\$\{(\w+)(?:\.[\w.]+)?\}/g)].map(([, id]) => id ?? ''))])));

/** Whether a program is told of something: by what it is itself, or by something that names both, such as a schedule. */
function isTold(program: Resource, thing: Resource, graph: TemplateGraph): boolean {
  const { complete, text } = thing.type === SECRET ? thing.prop('Name').partialText() : { complete: false, text: '' };
  const names = (resource: Resource, ids: ReadonlySet<string>): boolean =>
    ids.has(thing.logicalId) || (complete && text !== '' && resource.evaluateAll().partialText().text.includes(text));
  return [...namedBy(graph)].some(([resource, ids]) => names(resource, ids) && (resource === program || ids.has(program.logicalId)));
}

/** The roles of the templates that a policy is for. */
export const rolesOf = (owner: Resource): readonly Resource[] => {
  if (owner.type === 'AWS::IAM::Role') return [owner];
  const places: readonly Property[] = owner.type === 'AWS::IAM::RolePolicy' ? [owner.prop('RoleName')] : owner.prop('Roles').items();
  return places.flatMap(({ value }) => (value instanceof Reference ? [value.resource] : []));
};

/** Types whose documents are for roles. */
const FOR_ROLES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::Role'];

/** What starts a task opens its logs and hands it secrets; the rest the program does itself (ECS guide, "Task execution IAM role"). */
const FOR_STARTERS: readonly string[] = [SECRET, LOG_GROUP];

/** What acts as a role that the policy is for, and is told nothing of what the policy lets it use. */
const strangersTo = (thing: Resource, owner: Resource, graph: TemplateGraph): string[] => rolesOf(owner).flatMap((role) => holdersOf(role, graph))
  .filter(({ program, isStarter }) => (isStarter && !FOR_STARTERS.includes(thing.type)) || !isTold(program, thing, graph))
  .map(({ program, isStarter }) => (isStarter ? `what starts ${program.logicalId}` : program.logicalId));

/** Every place of the policy that names what somebody may use. */
const eachResource = (owner: Resource, check: (place: Property, statement: Property) => readonly Outcome[]): readonly Outcome[] =>
  each(documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? ''), (document) => each(allowedIn(document), (statement) => each(listOf(statement.get('Resource')), (place) => check(place, statement))));

const readers = defineRule('SEC-2', 'readers', {
  extent: 'programs, roles and secrets of the templates',
  appliesTo: FOR_ROLES,
  remediation: 'Attach the policy to the role of the program that is told of the secret, and to no other.',
  check: (owner, graph) => (graph.ofType(SECRET).length === 0 ? NOT_APPLICABLE : eachResource(owner, (place, statement) => {
    const secret = mayCall(statement, SECRET_READS) ? secretAt(place, owner, graph) : undefined;
    if (!secret) return NOT_APPLICABLE;
    const strangers = strangersTo(secret, owner, graph);
    return expect(strangers.length === 0, place, `lets ${listed(strangers, 3)} read ${secret.logicalId}, and nothing tells it of that secret`);
  })),
});

/** What keeps data, records or access; a program that uses one has to be told which. */
const THINGS: readonly string[] = [LOG_GROUP, 'AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::ElastiCache::User', 'AWS::RDS::DBInstance', 'AWS::ECS::Service'];

/** The thing that a place names, by itself or as the beginning of an ARN within it. */
function thingAt(place: Property, owner: Resource, graph: TemplateGraph): Resource | undefined {
  if (place.value instanceof Reference) return THINGS.includes(place.value.resource.type) ? place.value.resource : undefined;
  const [, id] = /^\$\{(\w+)\.\w+\}/.exec(place.partialText().text) ?? [];
  return THINGS.flatMap((type) => graph.ofType(type)).find(({ logicalId, template }) => logicalId === id && template === owner.template);
}

const users = defineRule('SEC-2', 'users', {
  extent: `programs, roles and ${THINGS.map((type) => type.replace('AWS::', '')).join(', ')} of the templates`,
  appliesTo: FOR_ROLES,
  remediation: 'Attach the policy to the role of the program that uses it, and to no other.',
  check: (owner, graph) => eachResource(owner, (place) => {
    const thing = thingAt(place, owner, graph);
    if (!thing) return NOT_APPLICABLE;
    const strangers = strangersTo(thing, owner, graph);
    return strangers.length === 0 ? PASS : fail(place, `lets ${listed(strangers, 3)} use ${thing.logicalId}, and nothing tells it of that`, 'warning');
  }),
});

const KEY = 'AWS::KMS::Key';

/** Keys of the templates that encrypt secrets of theirs. */
const secretKeys = oncePerGraph((graph: TemplateGraph): ReadonlySet<Resource> => new Set(graph.ofType(KEY).filter((key) => graph.pointingAt(key, SECRET, 'KmsKeyId').length > 0)));

/** Conditions of KMS by which a key serves one service, or one secret of it (KMS guide, "Condition keys"; Secrets Manager guide, "Encryption context"). */
const BY_SERVICE = /^kms:(ViaService|EncryptionContext:SecretARN)$/i;

const isByService = (statement: Property): boolean => statement.get('Condition').exists
  && statement.get('Condition').entries().some(([operator, demanded]) => /^String(Equals|Like)$/i.test(operator) && demanded.entries().some(([key]) => BY_SERVICE.test(key)));

const decryption = defineRule('SEC-2', 'decryption', {
  extent: 'keys and policies of the templates',
  appliesTo: FOR_ROLES,
  remediation: 'Add the condition StringEquals kms:ViaService secretsmanager.<region>.amazonaws.com. In CDK: secret.grantRead(role).',
  check: (owner, graph) => each(documentsAt(owner, IDENTITY_DOCUMENTS[owner.type] ?? ''), (document) => each(allowedIn(document), (statement) => {
    if (!mayCall(statement, ['kms:Decrypt'])) return NOT_APPLICABLE;
    const key = listOf(statement.get('Resource')).find(({ value }) => value instanceof Reference && secretKeys(graph).has(value.resource));
    if (!key) return NOT_APPLICABLE;
    return isByService(statement) ? PASS : fail(key, 'is the key of a secret, which whoever has the policy may use by itself, past Secrets Manager and its records', 'warning');
  })),
});

export const SEC_ROLE_RULES = [ownRole, readers, users, decryption];
