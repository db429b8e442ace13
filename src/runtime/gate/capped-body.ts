import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Refusal } from './refusal';

/** A request's body on its way to the Core: no longer than it may be, and never shorter than it was announced without failing. */
export class CappedBody extends Readable {
  private received = 0;

  public constructor(private readonly source: IncomingMessage, private readonly maxBytes: number, private readonly onBytes: (count: number) => void) {
    super();
    // Whoever reads it may have stopped listening, and an error that nobody hears ends the process.
    this.on('error', () => undefined);
    source.on('data', this.onChunk).on('end', this.onLast).on('close', this.checkWhole).on('error', this.checkWhole);
    source.pause();
  }

  public override _read(): void {
    this.source.resume();
  }

  public override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.source.off('data', this.onChunk).off('end', this.onLast).off('close', this.checkWhole);
    done(error);
  }

  private readonly onChunk = (chunk: Buffer): void => {
    this.onBytes(chunk.length);
    this.received += chunk.length;
    // Destroyed, so that the Core's connection breaks: a body that ended here would look whole.
    if (this.received > this.maxBytes) this.destroy(new Refusal('too_large', 'body-too-large'));
    else if (!this.push(chunk)) this.source.pause();
  };

  private readonly onLast = (): void => {
    this.push(null);
  };

  private readonly checkWhole = (): void => {
    if (!this.source.complete) this.destroy(new Refusal('bad_request', 'body-cut-short'));
  };
}

/** What a request says about its body before any of it came; undefined where it has none. */
export function announcedBody(request: IncomingMessage): { readonly bytes: number | undefined } | undefined {
  if (request.headers['transfer-encoding'] !== undefined) return { bytes: undefined };
  const length = Number(request.headers['content-length'] ?? 0);
  return length > 0 ? { bytes: length } : undefined;
}
