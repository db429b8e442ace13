import { pino, stdTimeFunctions } from 'pino';
import { createRedactor, type Redactor } from '../shared/redactor';
import type { Log, LogEvent } from './ports';

/** Where lines go: standard output, in production. */
export interface LogStream {
  write(line: string): unknown;
  /** `drop`: a line found no room. */
  on?(event: 'error' | 'drop', listener: () => void): unknown;
}

/** In bytes that wait to be written; what comes then is lost, since the memory of a gate whose log is stuck must not fill up. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The words of a line are short and ours; a request id has at most 128 characters (see request-id.ts). */
const MAX_TEXT_LENGTH = 200;
const TEXT_FIELDS = ['event', 'requestId', 'code'] as const;
const FIGURE = /^[A-Za-z]{1,40}(?:Ms|Count)$/;

/**
 * Standard output that nobody waits for.
 *
 * Node writes to pipes synchronously, so that a log driver that does not keep up would stop every request; this hands lines to another thread, and flushes when the process ends.
 */
export function standardOutput(): LogStream {
  return pino.destination({ fd: process.stdout.fd, sync: false, maxLength: MAX_WAITING_BYTES });
}

/**
 * One JSON line an event, of the fields of `LogEvent` and of no other, redacted once more on its way (RED-1): nothing that a caller wrote should be in it, and nothing that looks like a secret is.
 * Never throws, and never waits: a request that was let through is not stopped by its log.
 *
 * @param redactor knows the service's own secrets, where it was given them
 */
export function createLog(stream: LogStream, redactor: Redactor = createRedactor()): Log {
  const logger = pino({ base: undefined, timestamp: stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } }, { write: (line) => void stream.write(line) });
  let lost = 0;
  stream.on?.('drop', () => { lost += 1; });
  // A stream without a listener throws where nobody can catch it.
  stream.on?.('error', () => undefined);
  const write = (level: 'info' | 'warn', event: LogEvent): void => {
    try {
      const lostCount = lost;
      lost = 0;
      if (lostCount > 0) logger.warn({ event: 'log-lines-lost', lostCount });
      // The line that says so was lost itself.
      if (lost > 0) lost = lostCount;
      logger[level](closed(event, redactor));
    } catch {
      // There is nowhere left to say it.
    }
  };
  return { info: (event) => write('info', event), warn: (event) => write('warn', event) };
}

/** The event with the fields that its type has. Others can be in it: TypeScript does not look at what is in a variable. */
function closed(event: LogEvent, redactor: Redactor): Record<string, string | number> {
  const line: Record<string, string | number> = {};
  for (const name of TEXT_FIELDS) {
    const text: unknown = event[name];
    if (typeof text === 'string') line[name] = redactor.text(text).slice(0, MAX_TEXT_LENGTH);
  }
  for (const [name, figure] of Object.entries(event) as [string, unknown][]) {
    if ((name === 'status' || FIGURE.test(name)) && typeof figure === 'number' && Number.isFinite(figure)) line[name] = figure;
  }
  return line;
}
