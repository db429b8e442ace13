import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { covers, IDENTITY_DOCUMENTS, listOf } from './policies';

export const TABLE = 'AWS::DynamoDB::Table';

/** Where policies stand that may be about tables: a table may have one of its own. */
export const TABLE_DOCUMENTS: Readonly<Record<string, string>> = { ...IDENTITY_DOCUMENTS, [TABLE]: 'ResourcePolicy.PolicyDocument' };

/** What changes an item, or takes one away (service authorization reference, "Amazon DynamoDB"). */
export const TABLE_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'].map((action) => `dynamodb:${action}`);

/**
 * The table of the templates that a program is told of by its name.
 *
 * @param from who is told: logical ids are those of a template, and two may have the same
 */
export function tableAt(name: string, from: Resource, graph: TemplateGraph): Resource | undefined {
  const byId = graph.ofType(TABLE).filter(({ logicalId }) => name === `\${${logicalId}}`);
  const own = byId.find(({ template }) => template === from.template) ?? (byId.length === 1 ? byId[0] : undefined);
  return own ?? graph.ofType(TABLE).find((table) => table.prop('TableName').exists && table.prop('TableName').partialText().text === name);
}

/** Whether a table has a tag; one that only a deployment knows is none. */
export const tagOf = (table: Resource, key: string): string | undefined => {
  const tag = table.prop('Tags').items().find((entry) => entry.get('Key').text() === key);
  return tag?.get('Value').text();
};

const TABLE_ARN = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/(.+)$/;

/** Whether a resource of a statement is a table, or all tables are. Names that a deployment makes up are taken for others than those that somebody writes. */
export function namesTable(place: Property, table: Resource): boolean {
  if (place.value instanceof Reference) return place.value.resource === table;
  // Partition, region and account are the deployment's own.
  const text = place.partialText().text.replace(/\$\{AWS::\w+\}/g, '*');
  const name = TABLE_ARN.exec(text)?.[1];
  const own = table.prop('TableName');
  if (name !== undefined) return /^[*?]+$/.test(name) || name === `\${${table.logicalId}}` || (own.exists && covers(name, own.partialText().text));
  // A hole that may turn out to be the table's ARN.
  if (/^(\$\{[^}]*\})?$/.test(text)) place.text();
  return covers(text, 'arn:aws:dynamodb:region:account:table/name');
}

/** Which of some tables a statement is about. A policy of a table is about that table, whatever it names. */
export function tablesIn(statement: Property, owner: Resource, tables: readonly Resource[]): readonly Resource[] {
  if (owner.type === TABLE) return tables.filter((table) => table === owner);
  const [resource, others] = [statement.get('Resource'), statement.get('NotResource')];
  if (others.exists) return tables.filter((table) => !listOf(others).some((place) => namesTable(place, table)));
  return tables.filter((table) => listOf(resource).some((place) => namesTable(place, table)));
}
