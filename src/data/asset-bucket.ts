import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import type { CoreService } from '../core/core-service';
import { invalidProp } from '../invalid-prop';
import { ABANDONED_AFTER, privately } from '../private-bucket';
import { checkSameRegion } from '../same-region';
import { Size, SIZING } from '../size';
import type { ICoreStore } from './core-store';
import { storeKey } from './store-key';

/** How to keep what a Core makes and is given. */
export interface AssetBucketProps {
  /**
   * Whether it outlives its stack: only for Size.PRODUCTION. Of any other size `cdk destroy` empties and deletes it.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;

  /**
   * What becomes of it when the stack is destroyed.
   *
   * @default - RemovalPolicy.RETAIN for Size.PRODUCTION, otherwise RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The key that encrypts the objects.
   *
   * @default - a new one, renewed every year by AWS KMS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long a version is kept that was overwritten or deleted, in whole days: so long can it be restored.
   *
   * @default Duration.days(30)
   */
  readonly keepOldVersions?: Duration;

  /**
   * After how many whole days an object expires.
   *
   * @default - never
   */
  readonly expireAfter?: Duration;

  /**
   * Where its access log goes: a bucket of the same region with keys of S3's own.
   *
   * @default - nowhere; CloudTrail's data events record who read and wrote what
   */
  readonly accessLogs?: s3.IBucket;
}

/** What a Core does with objects. It does not list them: it knows the keys of what it keeps, and to ask for one that is not there answers 403 (S3 API, GetObject). */
const OBJECT_ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];

/** S3 asks for both in the name of whoever uploads in parts (S3 guide, "Uploading an object using multipart upload", permissions). */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What a Core is told of a bucket and may do with it, whoever made the bucket. */
class BucketStore implements ICoreStore {
  public readonly environment: { readonly [name: string]: string };
  public readonly secrets: { readonly [name: string]: ecs.Secret } = {};

  public constructor(private readonly bucket: s3.IBucket) {
    const { region } = bucket.env;
    this.environment = { ASSET_BUCKET: bucket.bucketName, S3_REGION: region, S3_ENDPOINT_URL: `https://s3.${region}.${Aws.URL_SUFFIX}` };
  }

  public grantUse(core: CoreService): void {
    const { bucket } = this;
    // The way to S3 is the gateway endpoint, which leads to the buckets of its own region.
    checkSameRegion(core, 'stores', bucket.env.region);
    // By the role's policy alone: a key or a bucket of another stack that named the role would depend on the stack that depends on it.
    iam.Grant.addToPrincipal({ grantee: core, actions: OBJECT_ACTIONS, resourceArns: [bucket.arnForObjects('*')] });
    if (!bucket.encryptionKey) return;
    iam.Grant.addToPrincipal({
      grantee: core,
      actions: KEY_ACTIONS,
      resourceArns: [bucket.encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${bucket.env.region}.amazonaws.com` } },
    });
  }
}

/**
 * A bucket for what a Core keeps: private, versioned, encrypted with a key of yours, and used by the Core's own role (DAT-6, DAT-7).
 *
 * There are no access keys: the Core finds credentials of its task, which expire by themselves (C-12, SEC-7).
 */
export class AssetBucket extends Construct implements ICoreStore {
  /**
   * A bucket that exists already. Nothing of it is changed; the Core's role is let use its objects, and its key where it is known.
   *
   * @param bucket of the same region
   */
  public static fromBucket(bucket: s3.IBucket): ICoreStore {
    return new BucketStore(bucket);
  }

  /** The bucket. */
  public readonly bucket: s3.IBucket;

  public readonly environment: { readonly [name: string]: string };
  public readonly secrets: { readonly [name: string]: ecs.Secret };
  private readonly store: ICoreStore;

  public constructor(scope: Construct, id: string, props: AssetBucketProps = {}) {
    super(scope, id);
    const { size = Size.PRODUCTION } = props;
    const removalPolicy = props.removalPolicy ?? SIZING[size].removalPolicy;
    const keepOldVersions = this.days('keepOldVersions', props.keepOldVersions) ?? Duration.days(30);
    if (props.accessLogs) checkSameRegion(this, 'accessLogs', props.accessLogs.env.region);
    const encryptionKey = props.encryptionKey ?? storeKey(this, removalPolicy);
    const bucket = new s3.Bucket(this, 'Bucket', {
      ...privately({ encryptionKey, removalPolicy }),
      lifecycleRules: [{
        abortIncompleteMultipartUploadAfter: ABANDONED_AFTER,
        noncurrentVersionExpiration: keepOldVersions,
        expiration: this.days('expireAfter', props.expireAfter),
      }],
      serverAccessLogsBucket: props.accessLogs,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    if (!props.accessLogs) answerAwsSolutions(bucket, 'S1', 'CloudTrail\'s data events tell who read and wrote which object; S3\'s own log is best effort, and goes where accessLogs says.');
    this.bucket = bucket;
    this.store = new BucketStore(bucket);
    this.environment = this.store.environment;
    this.secrets = this.store.secrets;
  }

  /**
   * Lets a Core read, write and delete objects, and use the key for that.
   *
   * @param core of the same region
   */
  public grantUse(core: CoreService): void {
    this.store.grantUse(core);
  }

  private days(prop: 'keepOldVersions' | 'expireAfter', given: Duration | undefined): Duration | undefined {
    if (!given) return undefined;
    if (given.isUnresolved() || given.toDays({ integral: false }) < 1 || !Number.isInteger(given.toDays({ integral: false }))) {
      throw invalidProp(this, prop, given.isUnresolved() ? 'a token' : given.toHumanString(), 'Name whole days, 1 or more: S3 counts in days.');
    }
    return given;
  }
}
