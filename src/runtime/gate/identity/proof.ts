/** What one verified credential says. */
export interface Proof {
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  /** Sort keys of the revocations partition. */
  readonly revocableAs: readonly string[];
}
