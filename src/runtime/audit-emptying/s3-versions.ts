import { DeleteObjectsCommand, GetBucketTaggingCommand, ListObjectVersionsCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { EMPTIED_TAG } from '../../audit/contract';
import type { Version, Versions } from './versions';

/** Whom S3 knows no tags of, and no bucket. */
const NOTHING_THERE = ['NoSuchTagSet', 'NoSuchBucket'];

/** The buckets of this account. */
export class S3Versions implements Versions {
  public constructor(private readonly s3: S3Client) {}

  public async mayEmpty(Bucket: string): Promise<boolean> {
    try {
      const { TagSet = [] } = await this.s3.send(new GetBucketTaggingCommand({ Bucket }));
      return TagSet.some(({ Key, Value }) => Key === EMPTIED_TAG && Value === 'true');
    } catch (error) {
      if (error instanceof S3ServiceException && NOTHING_THERE.includes(error.name)) return false;
      throw error;
    }
  }

  public async list(Bucket: string): Promise<readonly Version[]> {
    const { Versions: versions = [], DeleteMarkers: markers = [] } = await this.s3.send(new ListObjectVersionsCommand({ Bucket }));
    return [...versions, ...markers].flatMap(({ Key, VersionId }) => (Key === undefined || VersionId === undefined ? [] : [{ key: Key, id: VersionId }]));
  }

  public async remove(Bucket: string, versions: readonly Version[]): ReturnType<Versions['remove']> {
    const Objects = versions.map(({ key, id }) => ({ Key: key, VersionId: id }));
    const { Errors = [] } = await this.s3.send(new DeleteObjectsCommand({ Bucket, BypassGovernanceRetention: true, Delete: { Objects, Quiet: true } }));
    return Errors.map(({ Key = '?', Code = 'unknown' }) => ({ key: Key, reason: Code }));
  }
}
