import { randomBytes } from 'node:crypto';
import { AUDIT_EVENT, AUDIT_MARK_EVENT, AUDIT_SCHEMA_VERSION, type AuditMark } from '../../../audit/contract';
import type { Redactor } from '../../shared/redactor';
import type { Audit, AuditEntry, Clock, Metrics } from '../ports';
import type { Output } from './output';
import { recordWriter } from './record';
import { createRoom } from './room';

export interface AuditParts {
  readonly output: Output;
  /** By which callers' names are hashed. */
  readonly key: string;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'auditLost'>;
  readonly redactor: Redactor;
}

export interface RunningAudit extends Audit {
  /** Of this process: 8 random bytes, hex. */
  readonly gate: string;
  /** `open`: so many requests at most have been read and have no record outside the process: the most of the last second or two, since a gate that is killed cannot say how many there are then. */
  state(): { readonly seq: number; readonly open: number };
  /** The final mark, and all that waits; what comes later is told nobody. Rejects where nobody takes it, soon. */
  stop(): Promise<void>;
}

/** Above it records are counted instead of kept: some 50,000 of them. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MARK_EVERY_MS = 1000;

/**
 * One record for each request, in the order of `seq`, of which no number is left out but those of records that found no room (AUD-1).
 *
 * Records are not dropped while there is memory: new requests wait first, and are refused after that.
 */
export function createAudit({ output, key, clock, metrics, redactor }: AuditParts): RunningAudit {
  const gate = randomBytes(8).toString('hex');
  const toRecord = recordWriter({ key, redactor });
  const room = createRoom(output);
  let seq = 0;
  let open = 0;
  let lost = 0;
  let highest = 0;
  let highestBefore = 0;
  let marked = '';

  const unrecorded = (): number => open + output.waitingLines;
  const time = (): string => new Date(clock()).toISOString();
  const hasRoom = (): boolean => output.waitingBytes <= MAX_WAITING_BYTES;

  const sayLost = (): void => {
    if (lost === 0) return;
    output.write(`${JSON.stringify({ level: 'warn', time: time(), event: 'audit-lost', lostCount: lost })}\n`);
    lost = 0;
  };
  const write = (entry: AuditEntry): void => {
    seq += 1;
    if (hasRoom()) {
      sayLost();
      output.write(`${JSON.stringify({ event: AUDIT_EVENT, ...toRecord(entry, { time: time(), gate, seq }) })}\n`);
    } else {
      lost += 1;
      metrics.auditLost(1);
    }
  };
  const state = (): { seq: number; open: number } => ({ seq, open: Math.max(highest, highestBefore, unrecorded()) });
  const mark = (final: boolean): void => {
    const known = final ? { seq, open } : state();
    highestBefore = highest;
    highest = unrecorded();
    const now = `${known.seq} ${known.open}`;
    // The last words are few, and kept in any case.
    if (!final && !hasRoom()) return;
    sayLost();
    if (!final && now === marked) return;
    marked = now;
    const line: AuditMark = { schema: AUDIT_SCHEMA_VERSION, time: time(), gate, ...known, final };
    output.write(`${JSON.stringify({ event: AUDIT_MARK_EVENT, ...line })}\n`);
  };
  const timer = setInterval(mark, MARK_EVERY_MS, false).unref();

  return {
    gate,
    state,
    room,
    isBroken: () => output.waitingBytes === Infinity,
    begin() {
      open += 1;
      highest = Math.max(highest, open);
      let isOver = false;
      return (entry) => {
        if (isOver) return;
        isOver = true;
        open -= 1;
        write(entry);
        highest = Math.max(highest, unrecorded());
      };
    },
    stop() {
      clearInterval(timer);
      mark(true);
      return output.end();
    },
  };
}
