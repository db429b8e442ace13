import { DeliveryNotEmulated } from '../../../src/drill/delivery/not-emulated';
import { streamOf } from '../../../src/drill/delivery/stream';
import { designWith } from './designs';

test('what the template says of a stream is read', () => {
  expect(designWith()).toEqual({
    name: 'Stream', bucket: 'arrivals', roleArn: 'arn:aws:iam::1:role/writer', processors: ['Decompression', 'CloudWatchLogProcessing', 'AppendDelimiterToRecord'],
    bufferSeconds: 60, bufferBytes: 1024 * 1024, compression: 'GZIP', prefix: 'records/day=!{timestamp:yyyy-MM-dd}/', errorPrefix: 'failed/!{firehose:error-output-type}/', fileExtension: '',
  });
});

test('where it says nothing, Firehose has figures of its own', () => {
  const { bufferSeconds, bufferBytes, compression, processors, prefix } = streamOf('S', { ExtendedS3DestinationConfiguration: {} });
  expect({ bufferSeconds, bufferBytes, compression, processors, prefix }).toEqual({ bufferSeconds: 300, bufferBytes: 5 * 1024 * 1024, compression: 'UNCOMPRESSED', processors: [], prefix: '' });
});

test('processors that are off do nothing', () => {
  expect(designWith({ ProcessingConfiguration: { Enabled: false, Processors: [{ Type: 'Decompression' }] } }).processors).toEqual([]);
});

test('without the extraction of messages, their processor does nothing', () => {
  expect(designWith({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'CloudWatchLogProcessing', Parameters: [] }] } }).processors).toEqual([]);
});

test.each([
  [{ DynamicPartitioningConfiguration: { Enabled: true } }],
  [{ DataFormatConversionConfiguration: { Enabled: true } }],
  [{ CustomTimeZone: 'Asia/Tokyo' }],
  [{ CompressionFormat: 'Snappy' }],
  [{ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda' }] } }],
])('%j is not imitated, and said so', (destination) => {
  expect(() => designWith(destination)).toThrow(DeliveryNotEmulated);
});

test('what is off is no matter', () => {
  expect(designWith({ DynamicPartitioningConfiguration: { Enabled: false } }).name).toBe('Stream');
});

test('a stream to somewhere else is not imitated', () => {
  expect(() => streamOf('S', { HttpEndpointDestinationConfiguration: {} })).toThrow('The delivery stream S does not deliver to S3');
});
