import { StorageClass } from 'aws-cdk-lib/aws-s3';

/** What becomes of audit records once nobody is expected to read them often. */
export class ColdStorage {
  /** Read within milliseconds, by Athena too; billed for 90 days at least. May be reached at any age (S3 guide, "Transitioning objects"). */
  public static readonly GLACIER_INSTANT_RETRIEVAL = new ColdStorage(StorageClass.GLACIER_INSTANT_RETRIEVAL, 0, true);

  /** Read within milliseconds, by Athena too; billed for 30 days at least. S3 takes objects into it from the 30th day (M-23). */
  public static readonly INFREQUENT_ACCESS = new ColdStorage(StorageClass.INFREQUENT_ACCESS, 30, true);

  /** To be restored for minutes or hours before anybody, and so Athena, reads it; billed for 90 days at least. */
  public static readonly GLACIER = new ColdStorage(StorageClass.GLACIER, 0, false);

  /** To be restored for half a day or two before anybody, and so Athena, reads it; billed for 180 days at least. */
  public static readonly DEEP_ARCHIVE = new ColdStorage(StorageClass.DEEP_ARCHIVE, 0, false);

  private constructor(
    /** As S3 calls it. */
    public readonly storageClass: StorageClass,
    /**
     * How old an object has to be, in days.
     *
     * @internal
     */
    public readonly _leastAge: number,
    /** Whether Amazon Athena reads it without somebody restoring it first. */
    public readonly isQueryable: boolean,
  ) {}
}
