import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { messageOf } from '../message-of';
import { evaluatedPrefix } from './prefix';
import { processed } from './processing';
import type { StreamDesign } from './stream';

/** Puts an object, as whoever delivers may. Rejects where it is refused. */
export type PutDelivered = (key: string, body: Buffer) => Promise<void>;

/** For so long Firehose tries again before it gives up an object (Firehose guide, "Handle data delivery failures"). */
export const RETRIES_FOR_MS = 24 * 60 * 60 * 1000;

interface Buffered {
  bytes: Buffer[];
  readonly firstAt: number;
}

interface Pending {
  readonly key: string;
  readonly body: Buffer;
  readonly since: number;
}

/**
 * A stand-in for Firehose: no emulator here takes what CloudWatch Logs sends and delivers it. It does what the stream's properties say, in order, and by a clock
 * that its user turns. What S3 refuses is kept and tried again for a day, and is lost then, as it would be there; records that cannot be processed go to the
 * prefix for errors.
 */
export class Delivery {
  private readonly buffers = new Map<string, Buffered>();
  private pending: Pending[] = [];
  private given = 0;
  private refused?: string;

  public constructor(private readonly design: StreamDesign, private readonly put: PutDelivered) {}

  /** Objects that were given up. */
  public get lost(): number {
    return this.given;
  }

  /** Why S3 refused an object the last time; undefined where it never has. */
  public get refusal(): string | undefined {
    return this.refused;
  }

  /** Buffers and objects that are not in S3 yet. */
  public get waiting(): number {
    return this.buffers.size + this.pending.length;
  }

  /** Takes a record, at a time in milliseconds since 1970. */
  public async take(record: Buffer, now: number): Promise<void> {
    const result = processed(this.design.processors, record);
    if (result.kind === 'failed') this.buffer(result.error, Buffer.from(`${failure(record, result, now)}\n`), now);
    else if (result.bytes.length > 0) this.buffer('', result.bytes, now);
    await this.tick(now);
  }

  /** Delivers whatever has waited long enough or is large enough, and tries again what was refused. */
  public async tick(now: number): Promise<void> {
    for (const [error, buffer] of this.buffers) {
      const isDue = now - buffer.firstAt >= this.design.bufferSeconds * 1000 || sizeOf(buffer) >= this.design.bufferBytes;
      if (isDue) this.close(error, buffer, now);
    }
    await this.deliver(now);
  }

  /** Delivers all that there is, as at the end of every buffer's time. */
  public flush(now: number): Promise<void> {
    return this.tick(now + this.design.bufferSeconds * 1000);
  }

  private buffer(error: string, bytes: Buffer, now: number): void {
    const buffered = this.buffers.get(error) ?? { bytes: [], firstAt: now };
    buffered.bytes.push(bytes);
    this.buffers.set(error, buffered);
  }

  private close(error: string, { bytes, firstAt }: Buffered, now: number): void {
    this.buffers.delete(error);
    const { design } = this;
    const facts = { arrived: firstAt, random: randomUUID().replace(/-/g, '').slice(0, 11) };
    const folder = error === '' ? evaluatedPrefix(design.prefix, facts) : evaluatedPrefix(design.errorPrefix, { ...facts, error });
    const whole = Buffer.concat(bytes);
    const isGzipped = design.compression === 'GZIP';
    const extension = design.fileExtension || (isGzipped ? '.gz' : '');
    const time = new Date(firstAt).toISOString().slice(0, 19).replace(/[T:]/g, '-');
    this.pending.push({ key: `${folder}${design.name}-1-${time}-${randomUUID()}${extension}`, body: isGzipped ? gzipSync(whole) : whole, since: now });
  }

  private async deliver(now: number): Promise<void> {
    const left: Pending[] = [];
    for (const object of this.pending) {
      try {
        await this.put(object.key, object.body);
      } catch (error) {
        this.refused = messageOf(error);
        if (now - object.since < RETRIES_FOR_MS) left.push(object);
        else this.given += 1;
      }
    }
    this.pending = left;
  }
}

function sizeOf({ bytes }: Buffered): number {
  return bytes.reduce((sum, { length }) => sum + length, 0);
}

/** As the Firehose guide has it ("Handle data delivery failures"): why, when, and the record itself in base64. */
function failure(record: Buffer, { error, message }: { readonly error: string; readonly message: string }, now: number): string {
  return JSON.stringify({ attemptsMade: 1, arrivalTimestamp: now, errorCode: error, errorMessage: message, attemptEndingTimestamp: now, rawData: record.toString('base64') });
}
