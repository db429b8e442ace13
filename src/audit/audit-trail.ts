import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { DEFAULT_KEY_PREFIX, isKeyPrefix, KEY_PREFIX_REMEDY, shownPrefix } from '../authorizer/key-prefix';
import { invalidProp } from '../invalid-prop';
import { letLogsUse } from '../log-encryption';
import { checkedReason } from '../secrets/reason';
import { arrivalsBucket, REPLICATION_RULE } from './arrivals';
import { AuditArchive, type ExistingArchiveProps } from './audit-archive';
import { AuditPolicy } from './audit-policy';
import { AuditTable } from './audit-table';
import { BucketEmptying } from './bucket-emptying';
import { DECLARED_ARCHIVE_METADATA, type DeclaredArchive } from './contract';
import { maskedRecords } from './data-protection';
import { Delivery } from './delivery';
import { deliveryAlarms, deliveryMetrics, type DeliveryMetrics } from './delivery-alarms';
import { HOT_QUERIES, saveQueries } from './insights-queries';
import { lockedBucket } from './locked-bucket';
import { Readers } from './readers';
import { RetentionTiers } from './retention-tiers';
import { statePolicy } from './state-policy';

/** Where audit records go. */
export interface IAuditTrail extends IConstruct {
  /** The records of the last days, searchable. */
  readonly hot: logs.ILogGroup;

  /** What tells when records do not get to where they are kept. */
  readonly alarms: cloudwatch.IAlarm[];
}

/** How to keep audit records. */
export interface AuditTrailProps {
  /**
   * The key that encrypts the records, wherever they are. An imported key's policy is not changed: let `logs.<region>.amazonaws.com` use it.
   *
   * @default - a new one, renewed every year by AWS KMS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the records when the stack is destroyed. What is retained is locked against everybody (COMPLIANCE); what is destroyed, against all but a
   * function that empties the archive when the stack goes (GOVERNANCE).
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long records are kept, and where.
   *
   * @default - RetentionTiers.ages(): hot until the 7th day, warm until the 30th, cold until the 180th
   */
  readonly tiers?: RetentionTiers;

  /**
   * What is decided about the records, for a reviewer to read.
   *
   * @default - AuditPolicy.of(): what holds of a gate's own records
   */
  readonly policy?: AuditPolicy;

  /**
   * Where records are locked.
   *
   * @default - AuditArchive.locked(): a bucket of the trail's own
   */
  readonly archive?: AuditArchive;

  /**
   * Who may read the records, of this stack or by ARN. Where any is named, nobody else may read the archive.
   *
   * @default - whom the account's own policies let
   */
  readonly readers?: iam.IRole[];

  /**
   * What API keys begin with, to be masked in the log group too where one slips in (RED-1): each as its `GateProof.apiKeys` says it, 6 at most
   * (CloudWatch Logs guide: 10 identifiers of one's own a policy).
   *
   * @default - keys that begin with `ctx_`, which are masked anyway; the trail that a SecureCore makes masks those of its gate
   */
  readonly keyPrefixes?: string[];

  /**
   * Who is told when records do not get into the archive.
   *
   * @default - nobody; `alarms` are there to be connected
   */
  readonly alarmTopic?: ITopic;
}

/** Beside what is masked anyway. */
const MOST_PREFIXES = 6;

interface Archive {
  readonly bucket: s3.IBucket;
  readonly key: kms.IKey;
  readonly prefix: string;
  readonly declared?: DeclaredArchive;
}

/**
 * Audit records that can neither be lost unnoticed nor altered: a log group that keeps them searchable (AUD-2) and masks credentials and addresses in
 * them (RED-1, AUD-5), and an archive that locks them (AUD-3), with a table over it.
 *
 * Both containers of a Core log into the one group (AUD-7). The gate's records alone go on to the archive: what the Core itself says may be about persons,
 * and could not be erased there (C-25).
 */
export class AuditTrail extends Construct implements IAuditTrail {
  public readonly hot: logs.ILogGroup;
  public readonly alarms: cloudwatch.IAlarm[];

  /** Where records are locked. */
  public readonly archive: s3.IBucket;

  /** The key that encrypts the records. */
  public readonly encryptionKey: kms.IKey;

  /** The workgroup of Amazon Athena that asks the archive. */
  public readonly workGroupName: string;

  /** The database that has the table `records`. */
  public readonly databaseName: string;

  private readonly metrics: DeliveryMetrics;
  private readonly readers: Readers;
  private readonly keyPrefixes: readonly string[];

  public constructor(scope: Construct, id: string, props: AuditTrailProps = {}) {
    super(scope, id);
    const { removalPolicy = RemovalPolicy.RETAIN, tiers = RetentionTiers.ages(), policy = AuditPolicy.of() } = props;
    if (removalPolicy === RemovalPolicy.SNAPSHOT) throw invalidProp(this, 'removalPolicy', removalPolicy, 'Name RETAIN or DESTROY: records have no snapshots.');
    this.keyPrefixes = this.checkedPrefixes(props.keyPrefixes ?? []);
    const isKept = removalPolicy !== RemovalPolicy.DESTROY;
    const encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', { description: `Encrypts ${this.node.path}`, enableKeyRotation: true, removalPolicy });
    this.encryptionKey = encryptionKey;
    letLogsUse(this, encryptionKey);
    this.hot = new logs.LogGroup(this, 'Hot', {
      retention: tiers._hotRetention,
      encryptionKey,
      dataProtectionPolicy: maskedRecords(this.keyPrefixes),
      // Where it stays whatever happens: a stack that has to take it along could not.
      deletionProtectionEnabled: removalPolicy === RemovalPolicy.RETAIN || undefined,
      removalPolicy,
    });
    const emptying = isKept ? undefined : new BucketEmptying(this, 'Emptying');
    const { role: emptiedBy } = emptying ?? {};
    const { _existing: existing } = props.archive ?? AuditArchive.locked();
    const own = existing ? undefined : lockedBucket(this, { tiers, encryptionKey, removalPolicy, emptiedBy });
    const archive: Archive = own ? { bucket: own, key: encryptionKey, prefix: '' } : this.existing(existing as ExistingArchiveProps, tiers);
    if (own) this.closeTo(own);
    this.archive = archive.bucket;
    const arrivals = arrivalsBucket(this, { encryptionKey, removalPolicy, emptiedBy, archive: archive.bucket, archiveKey: archive.key });
    this.declare(arrivals, archive);
    const table = new AuditTable(this, 'Table', { archive: archive.bucket, prefix: archive.prefix, encryptionKey, removalPolicy, keptDays: tiers.expiresAfter.toDays() });
    this.workGroupName = table.workGroup.name;
    this.databaseName = table.database;
    const delivery = new Delivery(this, 'Delivery', { hot: this.hot, arrivals, prefix: archive.prefix, encryptionKey, removalPolicy });
    if (emptying) delivery.stream.node.addDependency(emptying.empty([arrivals, ...(own ? [own] : []), table._results]));
    saveQueries(this, this.hot, HOT_QUERIES);
    for (const kept of [this.hot, archive.bucket]) statePolicy(kept, policy, tiers);
    this.metrics = deliveryMetrics(delivery.stream.ref, this.hot.logGroupName, delivery.subscription.filterName ?? '', {
      from: arrivals.bucketName, to: archive.bucket.bucketName, rule: REPLICATION_RULE,
    });
    this.alarms = deliveryAlarms(this, this.metrics, this.node.path, props.alarmTopic);
    this.readers = new Readers({ hot: this.hot, archive: archive.bucket, archiveKey: archive.key, encryptionKey, table });
    for (const role of props.readers ?? []) this.readers.add(role);
  }

  /**
   * Whether keys that begin so are masked.
   *
   * @internal
   */
  public _masks(prefix: string): boolean {
    return prefix === DEFAULT_KEY_PREFIX || this.keyPrefixes.includes(prefix);
  }

  /**
   * Lets a role read the records: in the log group, in the archive, and through Amazon Athena. It can neither write nor delete any.
   *
   * @param role of this stack, or by ARN: the archive's policy names it
   */
  public grantRead(role: iam.IRole): void {
    this.readers.add(role);
  }

  /** Seconds that the oldest record has waited which is not in S3 yet. */
  public metricDeliveryAge(): cloudwatch.Metric {
    return this.metrics.age;
  }

  /** The share of attempts to write to S3 that worked. */
  public metricDeliverySuccess(): cloudwatch.Metric {
    return this.metrics.success;
  }

  /** Records that could not be unpacked. */
  public metricUnreadableRecords(): cloudwatch.Metric {
    return this.metrics.unreadable;
  }

  /** Batches that CloudWatch Logs could not hand on. */
  public metricLostBatches(): cloudwatch.Metric {
    return this.metrics.lost;
  }

  /** Objects that did not get into the archive. */
  public metricUnlockedObjects(): cloudwatch.Metric {
    return this.metrics.unreplicated;
  }

  private checkedPrefixes(prefixes: readonly string[]): readonly string[] {
    const wrong = prefixes.find((prefix) => !isKeyPrefix(prefix));
    if (wrong !== undefined) throw invalidProp(this, 'keyPrefixes', shownPrefix(wrong), KEY_PREFIX_REMEDY);
    const each = [...new Set(prefixes)].filter((prefix) => prefix !== DEFAULT_KEY_PREFIX);
    if (each.length > MOST_PREFIXES) throw invalidProp(this, 'keyPrefixes', each, `Name ${MOST_PREFIXES} at most: a policy has no room for more.`);
    return each;
  }

  private existing(props: ExistingArchiveProps, tiers: RetentionTiers): Archive {
    const { bucket, prefix = '', lockedFor } = props;
    const key = props.encryptionKey ?? bucket.encryptionKey;
    if (!key) throw invalidProp(this, 'archive.encryptionKey', undefined, 'Name the key of the bucket: replicas are encrypted with it.');
    if (lockedFor.isUnresolved() || lockedFor.toMilliseconds() < tiers.coldUntil.toMilliseconds()) {
      const got = lockedFor.isUnresolved() ? 'a token' : lockedFor.toHumanString();
      throw invalidProp(this, 'archive.lockedFor', got, `The bucket has to lock records for ${tiers.coldUntil.toDays()} days or more, as long as the trail keeps them.`);
    }
    return { bucket, key, prefix, declared: { reason: checkedReason(this, 'archive.reason', props.reason), lockedForDays: lockedFor.toDays({ integral: false }) } };
  }

  /** Replication writes there, and nothing else: it needs another permission than uploads do. */
  private closeTo(archive: s3.Bucket): void {
    archive.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'NobodyUploads', effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [archive.arnForObjects('*')],
    }));
  }

  private declare(arrivals: s3.Bucket, { declared }: Archive): void {
    const resource = arrivals.node.defaultChild;
    if (declared && CfnResource.isCfnResource(resource)) resource.addMetadata(DECLARED_ARCHIVE_METADATA, declared);
  }
}
