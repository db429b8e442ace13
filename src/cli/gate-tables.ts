import { TABLE_TAG } from '../gate/contract';
import type { StackResource } from './lockdown/aws';

const TABLE_TYPES = new Set(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']);

export interface TaggedTables {
  tagsOfTable(name: string): Promise<ReadonlyMap<string, string>>;
}

/** The names of every table of a stack, whosever it is. */
export function tableNames(resources: readonly StackResource[]): readonly string[] {
  return resources.filter(({ type, physicalId }) => TABLE_TYPES.has(type) && physicalId !== '').map(({ physicalId }) => physicalId);
}

/** Whether a gate decides by it. */
export async function isGateTable(aws: TaggedTables, name: string): Promise<boolean> {
  return (await aws.tagsOfTable(name)).has(TABLE_TAG);
}
