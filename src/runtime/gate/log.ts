import { pino, stdTimeFunctions } from 'pino';
import { createRedactor, type Redactor } from '../shared/redactor';
import type { Output } from './audit/output';
import type { Log, LogEvent } from './ports';

/** Above it lines are counted and not kept; records of the audit have the rest of the memory, and are not dropped for the log's sake. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The words of a line are short and ours; a request id has at most 64 characters (see request-id.ts). */
const MAX_TEXT_LENGTH = 200;
const TEXT_FIELDS = ['event', 'requestId', 'code'] as const;
const FIGURE = /^[A-Za-z]{1,40}(?:Ms|Count)$/;

/**
 * One JSON line an event, of the fields of `LogEvent` and of no other, redacted once more on its way (RED-1): nothing that a caller wrote should be in it, and nothing that looks like a secret is.
 * Never throws, and never waits: a request that was let through is not stopped by its log.
 *
 * @param redactor knows the service's own secrets, where it was given them
 */
export function createLog(output: Pick<Output, 'write' | 'waitingBytes'>, redactor: Redactor = createRedactor()): Log {
  const logger = pino({ base: undefined, timestamp: stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } }, { write: (line) => output.write(line) });
  let lost = 0;
  const write = (level: 'info' | 'warn', event: LogEvent): void => {
    try {
      if (output.waitingBytes > MAX_WAITING_BYTES) {
        lost += 1;
        return;
      }
      if (lost > 0) logger.warn({ event: 'log-lines-lost', lostCount: lost });
      lost = 0;
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
