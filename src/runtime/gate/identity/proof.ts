/** What one verified credential says. */
export interface Proof {
  /** Unique among what its source has given out: among keys, certificates, or the tokens of its issuer. */
  readonly subject: string;
  /** @default - it is no token */
  readonly issuer?: string;
  /** For whom its bearer asks (M-59). @default - for nobody in particular */
  readonly endUser?: string;
  readonly scopes: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  /** Sort keys of the revocations partition. */
  readonly revocableAs: readonly string[];
}
