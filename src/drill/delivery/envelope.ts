import { gunzipSync, gzipSync } from 'node:zlib';
import { listOf, mapOf, parsedLine, text } from '../json';

/** A line of a log, and when it was taken in: milliseconds since 1970. */
export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Where lines come from. */
export interface LogSource {
  readonly account: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly filter: string;
}

/** What CloudWatch Logs sends to a subscription's destination: JSON with the lines, gzipped (CloudWatch Logs guide, "Real-time processing of log data with subscriptions"). */
export function envelope({ account, logGroup, logStream, filter }: LogSource, events: readonly LogEvent[]): Buffer {
  return gzipSync(JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: account,
    logGroup,
    logStream,
    subscriptionFilters: [filter],
    logEvents: events.map(({ timestamp, message }, index) => ({ id: String(index).padStart(56, '0'), timestamp, message })),
  }));
}

/** What CloudWatch Logs sends to see whether anybody is there, once when a subscription is made; no log holds it. */
export function controlMessage(): Buffer {
  return gzipSync(JSON.stringify({
    messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logGroup: '', logStream: '', subscriptionFilters: [],
    logEvents: [{ id: '', timestamp: 0, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
  }));
}

/** Lines of a decompressed envelope; undefined where it is none. Whether a control message goes further is not documented: here it does not. */
export function messagesOf(decompressed: string): string[] | undefined {
  const { messageType, logEvents } = parsedLine(decompressed) ?? {};
  if (!Array.isArray(logEvents)) return undefined;
  return messageType === 'CONTROL_MESSAGE' ? [] : listOf(logEvents).map((event) => text(mapOf(event).message));
}

export function decompressed(record: Buffer): string | undefined {
  try {
    return gunzipSync(record).toString();
  } catch {
    return undefined;
  }
}
