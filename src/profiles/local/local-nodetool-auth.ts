/** How people log in to a NodeTool on one machine; none of it can be deployed. */
export class LocalNodeToolAuth {
  /** They do not: whoever reaches the port is let in (NT-08). */
  public static none(): LocalNodeToolAuth {
    return new LocalNodeToolAuth('none');
  }

  /** As one of NodeTool's own users, whom it keeps by itself (NT-09). */
  public static local(): LocalNodeToolAuth {
    return new LocalNodeToolAuth('local');
  }

  private constructor(private readonly provider: string) {}

  /**
   * As `AUTH_PROVIDER` says it.
   *
   * @internal
   */
  public get _provider(): string {
    return this.provider;
  }
}
