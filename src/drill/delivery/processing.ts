import { decompressed, messagesOf } from './envelope';
import type { ProcessorKind } from './stream';

/** What came of a record. */
export type Processed =
  | { readonly kind: 'ready'; readonly bytes: Buffer }
  /** `error` is the folder that Firehose puts it in, and `message` is ours. */
  | { readonly kind: 'failed'; readonly error: 'decompression-failed' | 'processing-failed'; readonly message: string };

/**
 * Does with a record what a stream's processors do. Firehose puts records one behind the other, with nothing between them unless AppendDelimiterToRecord stands
 * among the processors (Firehose API, "Processor"). That the messages of one record are on lines of their own is not said there, and is taken for granted here.
 * The error folder is that of the Firehose guide, "Troubleshoot decompression".
 */
export function processed(processors: readonly ProcessorKind[], record: Buffer): Processed {
  let text: string | undefined;
  for (const kind of processors) {
    if (kind === 'Decompression') {
      text = decompressed(record);
      if (text === undefined) return { kind: 'failed', error: 'decompression-failed', message: 'The record is not gzipped.' };
    }
    if (kind === 'CloudWatchLogProcessing') {
      const messages = messagesOf(text ?? record.toString());
      if (messages === undefined) return { kind: 'failed', error: 'processing-failed', message: 'The record is none of CloudWatch Logs.' };
      text = messages.join('\n');
    }
    if (kind === 'AppendDelimiterToRecord') {
      if (text === undefined) return { kind: 'ready', bytes: Buffer.concat([record, Buffer.from('\n')]) };
      if (text !== '') text += '\n';
    }
  }
  return { kind: 'ready', bytes: text === undefined ? record : Buffer.from(text) };
}
