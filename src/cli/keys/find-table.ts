import { TABLE_TAG } from '../../gate/contract';
import { isGateTable, tableNames } from '../gate-tables';
import { UsageError } from '../usage-error';
import type { KeysAws } from './aws';

/** The gate's table in a stack. @param wanted its name, where a stack has several gates */
export async function findTable(aws: KeysAws, stack: string, wanted: string | undefined): Promise<string> {
  const resources = await aws.resourcesOf(stack);
  if (!resources) throw new UsageError(`There is no stack ${stack} in this account and region.`);
  const tables: string[] = [];
  for (const name of tableNames(resources)) {
    if (await isGateTable(aws, name)) tables.push(name);
  }
  if (tables.length === 0) throw new UsageError(`Stack ${stack} has no gate: none of its tables carries the tag ${TABLE_TAG}.`);
  if (wanted !== undefined && !tables.includes(wanted)) throw new UsageError(`--table ${wanted}: the stack's gates have ${tables.join(', ')}.`);
  const [table, ...more] = wanted === undefined ? tables : [wanted];
  if (table === undefined || more.length > 0) throw new UsageError(`Stack ${stack} has several gates: add --table with one of ${tables.join(', ')}.`);
  return table;
}
