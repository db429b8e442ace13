const NOTHING = Buffer.alloc(0);

/**
 * Bytes that come in pieces, up to a bound; what goes beyond it is forgotten, with all before.
 *
 * Copied into one place: a thousand small pieces would cost more than they hold, and each may be part of something bigger that would be kept for its sake.
 */
export class BoundedBytes {
  private bytes: Buffer = NOTHING;
  private count = 0;

  public constructor(private readonly bound: number) {}

  /** Of all that came, kept or not. */
  public get length(): number {
    return this.count;
  }

  public push(piece: Buffer): void {
    const before = this.count;
    this.count += piece.length;
    if (this.count > this.bound) this.bytes = NOTHING;
    // Most come in one piece, and need no copy.
    else if (before === 0) this.bytes = piece;
    else {
      if (this.count > this.bytes.length) this.bytes = Buffer.concat([this.bytes], Math.min(this.bound, 2 * this.count));
      piece.copy(this.bytes, before);
    }
  }

  /** What came, and begins anew; nothing where it was too much. */
  public take(): Buffer {
    const taken = this.count > this.bound ? NOTHING : this.bytes.subarray(0, this.count);
    this.bytes = NOTHING;
    this.count = 0;
    return taken;
  }
}
