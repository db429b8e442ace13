import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { figure, listOf, mapOf, text } from '../json';
import { DeliveryNotEmulated } from './not-emulated';

/** What a delivery stream of Firehose does with records that it is given, as far as it is imitated here. */
export interface StreamDesign {
  readonly name: string;
  readonly bucket: string;
  readonly roleArn: string;
  /** In the order in which they work. */
  readonly processors: readonly ProcessorKind[];
  readonly bufferSeconds: number;
  readonly bufferBytes: number;
  readonly compression: 'GZIP' | 'UNCOMPRESSED';
  readonly prefix: string;
  readonly errorPrefix: string;
  /** With its dot; empty for the one of the compression. */
  readonly fileExtension: string;
}

export type ProcessorKind = 'Decompression' | 'CloudWatchLogProcessing' | 'AppendDelimiterToRecord';

/** Firehose's own figures where a template has none (AWS::KinesisFirehose::DeliveryStream, "BufferingHints"). */
const DEFAULT_SECONDS = 300;
const DEFAULT_MEGABYTES = 5;
const MEGABYTE = 1024 * 1024;
const KINDS: ReadonlySet<string> = new Set<ProcessorKind>(['Decompression', 'CloudWatchLogProcessing', 'AppendDelimiterToRecord']);

/** Reads a delivery stream to S3, its pointers resolved. Throws where it does what is not imitated. */
export function streamOf(name: string, properties: JsonMap): StreamDesign {
  const destination = properties.ExtendedS3DestinationConfiguration ?? properties.S3DestinationConfiguration;
  if (!isJsonMap(destination)) throw new DeliveryNotEmulated(`The delivery stream ${name} does not deliver to S3, and nothing else is imitated.`);
  for (const beyond of ['DynamicPartitioningConfiguration', 'DataFormatConversionConfiguration', 'CustomTimeZone']) {
    if (destination[beyond] !== undefined && !isOff(destination[beyond])) throw new DeliveryNotEmulated(`The delivery stream ${name} has a ${beyond}, which is not imitated.`);
  }
  const hints = mapOf(destination.BufferingHints);
  return {
    name,
    bucket: bucketIn(destination.BucketARN),
    roleArn: text(destination.RoleARN),
    processors: processorsOf(name, destination.ProcessingConfiguration),
    bufferSeconds: figure(hints.IntervalInSeconds) ?? DEFAULT_SECONDS,
    bufferBytes: (figure(hints.SizeInMBs) ?? DEFAULT_MEGABYTES) * MEGABYTE,
    compression: compressionOf(name, destination.CompressionFormat),
    prefix: text(destination.Prefix),
    errorPrefix: text(destination.ErrorOutputPrefix),
    fileExtension: text(destination.FileExtension),
  };
}

function isOff(configuration: Json): boolean {
  return text(mapOf(configuration).Enabled) === 'false';
}

function processorsOf(name: string, configuration: Json | undefined): ProcessorKind[] {
  const { Enabled: isOn, Processors: processors } = mapOf(configuration);
  return text(isOn) !== 'true' ? [] : listOf(processors).flatMap((processor) => {
    const { Type: type = '', Parameters: parameters = [] } = mapOf(processor);
    if (!KINDS.has(String(type))) throw new DeliveryNotEmulated(`The delivery stream ${name} has a processor ${String(type)}, which is not imitated.`);
    const isExtracting = JSON.stringify(parameters).includes('"ParameterName":"DataMessageExtraction","ParameterValue":"true"');
    return type === 'CloudWatchLogProcessing' && !isExtracting ? [] : [type as ProcessorKind];
  });
}

function compressionOf(name: string, format: Json | undefined): StreamDesign['compression'] {
  if (format === undefined || format === 'UNCOMPRESSED') return 'UNCOMPRESSED';
  if (format === 'GZIP') return format;
  throw new DeliveryNotEmulated(`The delivery stream ${name} compresses as ${text(format)}, which is not imitated.`);
}

/** Of its ARN. */
export function bucketIn(arn: Json | undefined): string {
  return text(arn).split(':').at(-1) ?? '';
}
