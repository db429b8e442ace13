import type { JsonMap } from '../../../src/checks/template/template';
import { streamOf, type StreamDesign } from '../../../src/drill/delivery/stream';
import { tableOf, type TableDesign } from '../../../src/drill/delivery/table';

export const NOON = Date.UTC(2026, 0, 2, 12, 34, 56);

export const PROCESSORS: readonly JsonMap[] = [
  { Type: 'Decompression', Parameters: [{ ParameterName: 'CompressionFormat', ParameterValue: 'GZIP' }] },
  { Type: 'CloudWatchLogProcessing', Parameters: [{ ParameterName: 'DataMessageExtraction', ParameterValue: 'true' }] },
  { Type: 'AppendDelimiterToRecord' },
];

export function designWith(destination: JsonMap = {}): StreamDesign {
  return streamOf('Stream', {
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::arrivals', RoleARN: 'arn:aws:iam::1:role/writer', CompressionFormat: 'GZIP', BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
      Prefix: 'records/day=!{timestamp:yyyy-MM-dd}/', ErrorOutputPrefix: 'failed/!{firehose:error-output-type}/',
      ProcessingConfiguration: { Enabled: true, Processors: PROCESSORS },
      ...destination,
    },
  });
}

export interface TableChanges {
  readonly parameters?: JsonMap;
  readonly serde?: string;
  readonly partitions?: readonly JsonMap[];
  readonly mapping?: JsonMap;
}

export function tableWith(changes: TableChanges = {}): TableDesign {
  return tableOf({
    DatabaseName: 'db',
    TableInput: {
      Name: 'records',
      PartitionKeys: changes.partitions ?? [{ Name: 'day', Type: 'string' }],
      Parameters: {
        'projection.enabled': 'true', 'projection.day.type': 'date', 'projection.day.format': 'yyyy-MM-dd', 'projection.day.range': 'NOW-182DAYS,NOW+1DAYS',
        'storage.location.template': 's3://archive/records/day=${day}/', ...changes.parameters,
      },
      StorageDescriptor: {
        Location: 's3://archive/records/',
        Columns: Object.entries({ event: 'string', seq: 'bigint', small: 'int', latency: 'double', final: 'boolean' }).map(([Name, Type]) => ({ Name, Type })),
        SerdeInfo: { SerializationLibrary: changes.serde ?? 'org.openx.data.jsonserde.JsonSerDe', Parameters: { ...changes.mapping } },
      },
    },
  });
}
