import { writeSync } from 'node:fs';

/** Where all that the gate says goes, in the order in which it was said. */
export interface Output {
  /** Takes a whole line with its end, which goes out with all others of this turn of the event loop. Never throws, never waits, and drops nothing before the end. */
  write(line: string): void;
  /** In bytes, what has not got out; infinite where nobody is there to take it. */
  readonly waitingBytes: number;
  /** What has not got out whole. */
  readonly waitingLines: number;
  /** Called each time that something got out that had to wait, and when it turns out that nobody takes it. */
  onDrain(listener: () => void): void;
  /** Takes no more lines. Resolves once all is out; rejects where nobody takes it, or nothing of it for a second. */
  end(): Promise<void>;
}

/** What is written to, without waiting: as many of the bytes as find room. Throws where none does (EAGAIN), and where nobody reads (EPIPE). */
export type WriteNow = (bytes: Buffer, offset: number) => number;

/** What a pipe of Linux holds (pipe(7)). */
const MAX_CHUNK_BYTES = 65_536;
/** After which a full pipe is tried again; a collector that empties it each time takes 13 MB a second so. */
const FULL_RETRY_MS = 5;
/** A disk may have room again; a reader that is gone does not come back. */
const BROKEN_RETRY_MS = 100;
/** For a reader that takes nothing when the process ends; once before goodbyes are said, and once more as it ends. */
const LAST_PATIENCE_MS = 1000;

/**
 * Standard output, which nobody waits for.
 *
 * Writing from another thread would keep the process from ending while the reader is stuck (Node waits for its threads), and costs more than the write itself. Node makes a pipe that is its standard
 * output one that does not block, as soon as somebody asks for `process.stdout`: not documented, and held by a test.
 */
export function standardOutput(): Output {
  const { fd } = process.stdout;
  const output = new LineOutput((bytes, offset) => writeSync(fd, bytes, offset));
  process.on('exit', () => output.writeRest());
  return output;
}

/** Lines on their way out. */
export class LineOutput implements Output {
  private lines: string[] = [];
  private lineBytes = 0;
  /** What has been begun. */
  private chunk?: { readonly bytes: Buffer; readonly lines: number; offset: number };
  private isScheduled = false;
  private isBroken = false;
  private isEnded = false;
  private readonly listeners: (() => void)[] = [];

  public constructor(private readonly writeNow: WriteNow) {}

  public get waitingBytes(): number {
    if (this.isBroken) return Infinity;
    return this.lineBytes + (this.chunk ? this.chunk.bytes.length - this.chunk.offset : 0);
  }

  public get waitingLines(): number {
    return this.lines.length + (this.chunk?.lines ?? 0);
  }

  public write(line: string): void {
    if (this.isEnded) return;
    this.lines.push(line);
    this.lineBytes += Buffer.byteLength(line);
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(this.writeAll);
  }

  public onDrain(listener: () => void): void {
    this.listeners.push(listener);
  }

  public async end(): Promise<void> {
    this.isEnded = true;
    for (let left = this.waitingBytes, waitedMs = 0; this.waitingLines > 0;) {
      if (this.isBroken || waitedMs >= LAST_PATIENCE_MS) throw new Error('Nobody takes what the gate says.');
      await new Promise((resolve) => setTimeout(resolve, FULL_RETRY_MS));
      waitedMs = this.waitingBytes < left ? 0 : waitedMs + FULL_RETRY_MS;
      left = this.waitingBytes;
    }
  }

  /** When the process ends, and has no other turn of the event loop. */
  public writeRest(): void {
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    for (let left = this.waitingBytes, waitedMs = 0; left > 0 && left < Infinity && waitedMs < LAST_PATIENCE_MS;) {
      this.writeSome();
      waitedMs = this.waitingBytes < left ? 0 : waitedMs + FULL_RETRY_MS;
      left = this.waitingBytes;
      if (left > 0) Atomics.wait(nobody, 0, 0, FULL_RETRY_MS);
    }
  }

  private readonly writeAll = (): void => {
    const hadToWait = this.chunk !== undefined || this.isBroken;
    this.writeSome();
    this.isScheduled = this.waitingLines > 0;
    if (this.isScheduled) setTimeout(this.writeAll, this.isBroken ? BROKEN_RETRY_MS : FULL_RETRY_MS).unref();
    if (hadToWait || this.isBroken) for (const listener of this.listeners) listener();
  };

  /** As much as finds room. */
  private writeSome(): void {
    try {
      for (let chunk = this.chunk ?? this.nextChunk(); chunk; chunk = this.nextChunk()) {
        this.chunk = chunk;
        while (chunk.offset < chunk.bytes.length) {
          chunk.offset += this.writeNow(chunk.bytes, chunk.offset);
          this.isBroken = false;
        }
        this.chunk = undefined;
      }
    } catch (error) {
      this.isBroken = !(error instanceof Error && 'code' in error && error.code === 'EAGAIN');
    }
  }

  private nextChunk(): typeof this.chunk {
    const { lines } = this;
    if (lines.length === 0) return undefined;
    let count = lines.length;
    if (this.lineBytes > MAX_CHUNK_BYTES) {
      count = 0;
      for (let bytes = 0; count < lines.length && bytes < MAX_CHUNK_BYTES; count += 1) bytes += lines[count]?.length ?? 0;
    }
    const bytes = Buffer.from(lines.splice(0, count).join(''));
    this.lineBytes -= bytes.length;
    return { bytes, lines: count, offset: 0 };
  }
}
