import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerUsage } from '../ports';
import type { UsageReader } from './answer-usage';
import { BoundedBytes } from './bounded-bytes';
import { MAX_STATEMENT_BYTES, statedUsage, USAGE_MARK } from './stated-usage';

/** What a JSON body states; it is kept until its end, where it is short. */
export class JsonUsage implements UsageReader {
  private readonly body = new BoundedBytes(MAX_STATEMENT_BYTES);
  private readonly isTooLong: boolean;

  public constructor(headers: IncomingHttpHeaders) {
    this.isTooLong = Number(headers['content-length'] ?? 0) > MAX_STATEMENT_BYTES;
  }

  public push(chunk: Buffer): void {
    if (!this.isTooLong) this.body.push(chunk);
  }

  public read(): AnswerUsage {
    const body = this.body.take();
    return body.includes(USAGE_MARK) ? statedUsage(body.toString()) : {};
  }
}
