import { Duration, type IResource } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { AssetBucket } from '../data/asset-bucket';
import type { SecurePostgres } from '../data/secure-postgres';
import type { GateTable } from '../gate/gate-table';
import { invalidProp } from '../invalid-prop';
import type { BackedUpKind } from './contract';

/** A database of Amazon RDS that is not one of this library's. */
export interface DatabaseSourceOptions {
  /** Where a test restores it: a subnet group of the data tier. Without it AWS Backup would take the account's default VPC. */
  readonly subnetGroup: rds.ISubnetGroup;

  /** Whether its own backups let somebody go back to any moment: `backupRetention` of a day or more. */
  readonly pointInTimeRecovery: boolean;
}

/** A table that is not one of this library's. */
export interface TableSourceOptions {
  /** Whether its own point-in-time recovery is on. */
  readonly pointInTimeRecovery: boolean;
}

/** What is backed up, as a plan has to know it. */
export interface BackedUp {
  readonly kind: BackedUpKind;
  readonly resource: IResource;
  readonly arn: string;
  /** How far behind the newest moment is that can be restored; nothing where there are snapshots alone. */
  readonly lag?: Duration;
  /** What a restore test has to be told (AWS Backup guide, "Restore testing inferred metadata"). */
  readonly restoreMetadata?: Readonly<Record<string, string>>;
}

/** Amazon RDS guide, "Restoring a DB instance to a specified time": transaction logs leave the instance every five minutes. */
const DATABASE_LAG = Duration.minutes(5);

/** DynamoDB guide, "Point-in-time backups": the newest moment is typically five minutes old. */
const TABLE_LAG = Duration.minutes(5);

/** Our figure: AWS Backup names none for buckets that we found, and is told of changes by events. */
const BUCKET_LAG = Duration.minutes(15);

/**
 * Something that keeps data which nobody else has.
 *
 * Redis is none: it holds windows, leases and lists that expire within minutes, and a gate without it refuses or counts by itself. AWS Backup could not
 * test a restore of it either.
 */
export class BackupSource {
  /**
   * A PostgreSQL. Its own backups let somebody go back to any moment of the last weeks; snapshots of it go into the vault.
   *
   * @param postgres not one of `SecurePostgres.fromExisting`: name that by `database`
   */
  public static postgres(postgres: SecurePostgres): BackupSource {
    return new BackupSource((scope, prop) => {
      const instance = postgres.instance.node.defaultChild;
      if (!rds.CfnDBInstance.isCfnDBInstance(instance)) throw invalidProp(scope, prop, postgres.node.path, 'Name a SecurePostgres that this app makes, or BackupSource.database(…).');
      return ofDatabase(postgres.instance, String(instance.dbSubnetGroupName), DATABASE_LAG);
    });
  }

  /**
   * A bucket of what a Core keeps. AWS Backup follows every change of it, so that it can be brought back as it was at any moment of the last 35 days.
   *
   * @param assets a bucket with versions
   */
  public static assets(assets: AssetBucket): BackupSource {
    return BackupSource.bucket(assets.bucket);
  }

  /**
   * The table that gates decide by: API keys and revocations.
   *
   * @param table such as `core.gate.table`
   */
  public static gateTable(table: GateTable): BackupSource {
    return BackupSource.table(table.table, { pointInTimeRecovery: true });
  }

  /**
   * Any database of Amazon RDS.
   *
   * @param instance of the same region
   * @param options what cannot be read off it
   */
  public static database(instance: rds.IDatabaseInstance, options: DatabaseSourceOptions): BackupSource {
    return new BackupSource(() => ofDatabase(instance, options.subnetGroup.subnetGroupName, options.pointInTimeRecovery ? DATABASE_LAG : undefined));
  }

  /**
   * Any bucket with versions: AWS Backup takes no other.
   *
   * @param bucket of the same region
   */
  public static bucket(bucket: s3.IBucket): BackupSource {
    return new BackupSource(() => ({ kind: 'S3', resource: bucket, arn: bucket.bucketArn, lag: BUCKET_LAG }));
  }

  /**
   * Any table.
   *
   * @param table of the same region
   * @param options what cannot be read off it
   */
  public static table(table: dynamodb.ITable, options: TableSourceOptions): BackupSource {
    return new BackupSource((scope, prop) => {
      const made = table.node.defaultChild;
      const specification = dynamodb.CfnTable.isCfnTable(made) ? made.pointInTimeRecoverySpecification : undefined;
      if (dynamodb.CfnTable.isCfnTable(made) && options.pointInTimeRecovery && specification === undefined) {
        throw invalidProp(scope, prop, table.node.path, 'Turn its point-in-time recovery on, or say pointInTimeRecovery: false.');
      }
      return { kind: 'DynamoDB', resource: table, arn: table.tableArn, lag: options.pointInTimeRecovery ? TABLE_LAG : undefined };
    });
  }

  private constructor(private readonly bind: (scope: IConstruct, prop: string) => BackedUp) {}

  /**
   * What a plan has to know.
   *
   * @internal
   */
  public _bind(scope: IConstruct, prop: string): BackedUp {
    return this.bind(scope, prop);
  }
}

function ofDatabase(instance: rds.IDatabaseInstance, subnetGroup: string, lag: Duration | undefined): BackedUp {
  return { kind: 'RDS', resource: instance, arn: instance.instanceArn, lag, restoreMetadata: { dBSubnetGroupName: subnetGroup } };
}
