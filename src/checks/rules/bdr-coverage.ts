import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { isSure } from './gate-targets';
import { oncePerGraph } from './pointers';
import { covers } from './policies';

export const VAULT = 'AWS::Backup::BackupVault';
export const PLAN = 'AWS::Backup::BackupPlan';
export const SELECTION = 'AWS::Backup::BackupSelection';

interface Named {
  readonly place: Property;
  readonly selection: Resource;
}

/** Everything that selections of the templates name. */
const selected = oncePerGraph((graph: TemplateGraph): readonly Named[] => graph.ofType(SELECTION).flatMap((selection) =>
  placesIn(selection.prop('BackupSelection').get('Resources')).map((place) => ({ place, selection }))));

/** A list that only a deployment knows names nothing that is known. */
const placesIn = (list: Property): Property[] => (Array.isArray(list.value) ? list.items() : []);

/** Partition, region and account are the deployment's own, and so may any text in an ARN be that is followed to a resource. */
function isNamedBy({ place, selection }: Named, resource: Resource): boolean {
  if (place.value instanceof Reference) return place.value.resource === resource;
  const { text } = place.partialText();
  // Logical ids are those of a template: two may have the same.
  if (selection.template === resource.template && new RegExp(`\\$\\{${resource.logicalId}(\\.\\w+)?\\}`).test(text)) return true;
  const [service] = SERVICES.find(([, type]) => type === resource.type) ?? [];
  return service !== undefined && text.includes('*') && covers(text.replace(/\$\{[^}]*\}/g, '*'), service);
}

/** What an ARN of each type looks like, for selections of whole types. */
const SERVICES: readonly (readonly [arn: string, type: string])[] = [
  ['arn:aws:rds:region:account:db:name', 'AWS::RDS::DBInstance'],
  ['arn:aws:rds:region:account:cluster:name', 'AWS::RDS::DBCluster'],
  ['arn:aws:rds:region:account:cluster:name', 'AWS::DocDB::DBCluster'],
  ['arn:aws:rds:region:account:cluster:name', 'AWS::Neptune::DBCluster'],
  ['arn:aws:redshift:region:account:cluster:name', 'AWS::Redshift::Cluster'],
  ['arn:aws:s3:::name', 'AWS::S3::Bucket'],
  ['arn:aws:dynamodb:region:account:table/name', 'AWS::DynamoDB::Table'],
  ['arn:aws:dynamodb:region:account:table/name', 'AWS::DynamoDB::GlobalTable'],
];

/** What each condition of a selection asks of a tag (AWS Backup API, Conditions). */
const HOLDS: Readonly<Record<string, (tag: string | undefined, wanted: string) => boolean>> = {
  StringEquals: (tag, wanted) => tag === wanted,
  StringLike: (tag, wanted) => tag !== undefined && covers(wanted, tag),
  StringNotEquals: (tag, wanted) => tag !== wanted,
  StringNotLike: (tag, wanted) => tag === undefined || !covers(wanted, tag),
};

/**
 * Whether a selection takes something of what it names: nothing that it leaves out, and where it has conditions, what meets all of them.
 * Tags in `ListOfTags` only add to what is named (re:Post, "How do I assign resources to an AWS Backup plan?").
 */
function isTaken({ selection }: Named, resource: Resource): boolean {
  const backup = selection.prop('BackupSelection');
  if (placesIn(backup.get('NotResources')).some((place) => isNamedBy({ place, selection }, resource))) return false;
  const conditions = backup.get('Conditions');
  if (!conditions.exists) return true;
  const tagOf = (key: string): string | undefined => resource.prop('Tags').items().find((tag) => `aws:ResourceTag/${tag.get('Key').text() ?? ''}` === key)?.get('Value').text();
  return conditions.entries().every(([operator, asked]) => asked.items().every((one) =>
    HOLDS[operator]?.(tagOf(one.get('ConditionKey').text() ?? ''), one.get('ConditionValue').text() ?? '') === true));
}

/** Whether a backup plan of the templates backs it up. */
export const isSelected = (resource: Resource, graph: TemplateGraph): boolean => selected(graph).some((named) => isNamedBy(named, resource) && isTaken(named, resource));

/** What is thrown away with its stack is worth no more than that. */
export const isThrownAway = (resource: Resource): boolean => isSure(() => resource.attribute('DeletionPolicy').text() === 'Delete');

/** What is kept when its stack goes, because somebody said so. */
export const isKept = (resource: Resource): boolean => isSure(() => /^Retain/.test(resource.attribute('DeletionPolicy').text() ?? ''));

/** The vault that a place names, by reference or by name, where it is in one of the templates. */
export function vaultAt(place: Property, graph: TemplateGraph): Resource | undefined {
  if (place.value instanceof Reference) return place.value.resource.type === VAULT ? place.value.resource : undefined;
  const { text, complete } = place.partialText();
  return complete ? graph.ofType(VAULT).find((vault) => isSure(() => [vault.prop('BackupVaultName').text()].includes(text) && text !== '')) : undefined;
}
