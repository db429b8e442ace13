type Side = 'request' | 'record';

/** Requests and their records, of which each has one of the other: what is paired is forgotten, so that what is left over at the end is wrong. */
export class Pairs {
  private readonly alone = new Map<string, { readonly side: Side; readonly what: string }>();
  /** Of one id, the same came twice. */
  public doubled = 0;

  /** @param what for whoever has to find out */
  public see(side: Side, id: string, what: string): void {
    const other = this.alone.get(id);
    if (other?.side === side) this.doubled += 1;
    else if (other === undefined) this.alone.set(id, { side, what });
    else this.alone.delete(id);
  }

  /** What each of those is that have nobody. */
  public left(side: Side): readonly string[] {
    return [...this.alone.values()].filter((one) => one.side === side).map(({ what }) => what);
  }
}
