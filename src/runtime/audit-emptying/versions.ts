/** One version of an object, or a marker that it was deleted. */
export interface Version {
  readonly key: string;
  readonly id: string;
}

/** What the function asks of Amazon S3. */
export interface Versions {
  /** Whether the bucket's stack may empty it: the tag is there. `false` too where there is no such bucket any more. */
  mayEmpty(bucket: string): Promise<boolean>;
  /** The first ones that there are, 1000 at most; none where the bucket is empty. */
  list(bucket: string): Promise<readonly Version[]>;
  /** Whatever locks them in GOVERNANCE mode. @returns what stayed, and why */
  remove(bucket: string, versions: readonly Version[]): Promise<readonly { readonly key: string; readonly reason: string }[]>;
}
