import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** A bucket for logs that is there already, such as an organization's. */
export interface ExistingArchiveProps {
  /** The bucket, versioned, with Object Lock and a default retention, in any account or region. Nothing of it is changed: its policy has to let the trail's replication role write. */
  readonly bucket: s3.IBucket;

  /**
   * The key that encrypts what arrives there; the replication role has to be let use it.
   *
   * @default - the bucket's own, where the app knows it
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What the names of all objects begin with, such as `core/`.
   *
   * @default - nothing
   */
  readonly prefix?: string;

  /** For how long the bucket locks what arrives: at least until the trail's cold tier ends. */
  readonly lockedFor: Duration;

  /** Who keeps it and by which rule, in a sentence that a reviewer reads. */
  readonly reason: string;
}

/** Where audit records are locked (AUD-3). There is no way to have none. */
export class AuditArchive {
  /** A bucket of the trail's own, which locks and expires records as its tiers say. */
  public static locked(): AuditArchive {
    return new AuditArchive(undefined);
  }

  /** A bucket that is there already. */
  public static existing(props: ExistingArchiveProps): AuditArchive {
    return new AuditArchive(props);
  }

  private constructor(
    /**
     * The bucket that is there already, if so.
     *
     * @internal
     */
    public readonly _existing: ExistingArchiveProps | undefined,
  ) {}
}
