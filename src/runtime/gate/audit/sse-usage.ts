import type { AnswerUsage } from '../ports';
import type { UsageReader } from './answer-usage';
import { BoundedBytes } from './bounded-bytes';
import { MAX_STATEMENT_BYTES, statedUsage, USAGE_MARK } from './stated-usage';

const LF = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;
const LINE_END = Buffer.from('\n');
const DATA = Buffer.from('data:');

/**
 * What the events of a stream state (WHATWG HTML, 9.2.6), the later ones rather than the earlier.
 *
 * Works on bytes, so that it does not matter where a chunk ends. A line or an event of more than `MAX_STATEMENT_BYTES` is passed over.
 */
export class SseUsage implements UsageReader {
  private usage: AnswerUsage = {};
  /** Whose end has not come. */
  private readonly line = new BoundedBytes(MAX_STATEMENT_BYTES);
  /** What the lines of the event say whose end has not come. */
  private readonly data = new BoundedBytes(MAX_STATEMENT_BYTES);
  /** Whether the last byte was a CR, whose LF may be the next. */
  private endedByCr = false;

  public push(chunk: Buffer): void {
    if (chunk.length === 0 || (this.isBetweenEvents && !chunk.includes(USAGE_MARK) && endsAnEvent(chunk))) return;
    let from = this.endedByCr && chunk[0] === LF ? 1 : 0;
    this.endedByCr = chunk.at(-1) === CR;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte !== LF && byte !== CR) continue;
      this.line.push(chunk.subarray(from, at));
      this.endLine();
      if (byte === CR && chunk[at + 1] === LF) at += 1;
      from = at + 1;
    }
    if (from < chunk.length) this.line.push(chunk.subarray(from));
  }

  public read(): AnswerUsage {
    // A last event without its blank line: one that was cut in its middle is no JSON.
    if (this.line.length > 0) this.endLine();
    this.endEvent();
    return this.usage;
  }

  private get isBetweenEvents(): boolean {
    return this.line.length === 0 && this.data.length === 0 && !this.endedByCr;
  }

  private endLine(): void {
    const isBlank = this.line.length === 0;
    const line = this.line.take();
    if (isBlank) this.endEvent();
    if (!line.subarray(0, DATA.length).equals(DATA)) return;
    if (this.data.length > 0) this.data.push(LINE_END);
    this.data.push(line.subarray(line[DATA.length] === BLANK ? DATA.length + 1 : DATA.length));
  }

  private endEvent(): void {
    const data = this.data.take();
    if (data.includes(USAGE_MARK)) this.usage = { ...this.usage, ...statedUsage(data.toString()) };
  }
}

/** Not all that do, but what is sent in whole events nearly always does. */
function endsAnEvent(chunk: Buffer): boolean {
  const end = chunk.subarray(-4).toString('latin1');
  return end.endsWith('\n\n') || end === '\r\n\r\n';
}
