import type { Json, JsonMap } from '../../checks/template/template';
import { mapOf, mapsIn, text } from '../json';
import { DeliveryNotEmulated } from './not-emulated';

export interface Column {
  readonly name: string;
  /** Of Hive, such as `bigint`. */
  readonly type: string;
}

/** A table of Glue over objects in S3, as Athena reads it. */
export interface TableDesign {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly partitions: readonly Column[];
  /** `s3://bucket/folder/`. */
  readonly location: string;
  readonly serde: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
  /** Of the table: partition projection and the like. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads an AWS::Glue::Table, its pointers resolved. */
export function tableOf({ DatabaseName: database, TableInput: input }: JsonMap): TableDesign {
  const table = mapOf(input);
  const storage = mapOf(table.StorageDescriptor);
  const serde = mapOf(storage.SerdeInfo);
  return {
    database: text(database),
    name: text(table.Name),
    columns: columnsOf(storage.Columns),
    partitions: columnsOf(table.PartitionKeys),
    location: text(storage.Location),
    serde: text(serde.SerializationLibrary),
    serdeParameters: textsOf(serde.Parameters),
    parameters: textsOf(table.Parameters),
  };
}

/** The largest whole numbers of Hive's types (Athena guide, "Data types in Amazon Athena"). */
const LARGEST: Readonly<Record<string, number>> = { tinyint: 2 ** 7 - 1, smallint: 2 ** 15 - 1, int: 2 ** 31 - 1, integer: 2 ** 31 - 1, bigint: Number.MAX_SAFE_INTEGER };

/** Whether a value of JSON can be read as a type without being lost or changed; nothing at all fits every type. */
export function fits(value: Json | undefined, type: string): boolean {
  if (value === undefined || value === null) return true;
  const largest = LARGEST[type];
  if (largest !== undefined) return Number.isInteger(value) && Math.abs(Number(value)) <= largest;
  switch (type) {
    case 'string': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'double':
    case 'float': return typeof value === 'number';
    default: throw new DeliveryNotEmulated(`Columns of the type ${type} are not read here.`);
  }
}

function columnsOf(list: Json | undefined): Column[] {
  return mapsIn(list).map(({ Name: name, Type: type }) => ({ name: text(name), type: text(type).toLowerCase() }));
}

function textsOf(value: Json | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(mapOf(value)).map(([key, item]) => [key, text(item)]));
}
