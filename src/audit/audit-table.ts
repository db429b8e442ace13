import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { privately } from '../private-bucket';
import { ATHENA_QUERIES } from './athena-queries';
import { AUDIT_PREFIX, RECORDS_TABLE } from './contract';
import { LEFTOVERS } from './locked-bucket';
import { AUDIT_FIELDS, type AuditFieldKind } from './record-fields';

/** How long an answer is kept. */
const RESULTS_FOR = Duration.days(7);

/** The most that one query reads, in bytes: half a dollar at what Athena asked for a terabyte when this was written (our figure). */
const MOST_SCANNED = 100 * 1024 ** 3;

const TYPES: Readonly<Record<AuditFieldKind, string>> = { text: 'string', count: 'bigint', figure: 'double', flag: 'boolean' };

/** Fields of records, and of marks beside those that both have. */
const COLUMNS: readonly glue.CfnTable.ColumnProperty[] = [
  { name: 'event', type: 'string', comment: 'audit or audit-mark' },
  ...AUDIT_FIELDS.map(({ name, kind, meaning }) => ({ name, type: TYPES[kind], comment: meaning })),
  { name: 'open', type: 'bigint', comment: 'Of a mark: requests without a record' },
  { name: 'final', type: 'boolean', comment: 'Of a mark: the last one of its gate' },
];

export interface AuditTableProps {
  readonly archive: s3.IBucket;
  /** What the names of all objects begin with. */
  readonly prefix: string;
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  /** After how many days nothing is left to be found. */
  readonly keptDays: number;
}

/** The archive as a table, and a workgroup of Amazon Athena that asks it: what is read is bounded, and what is found is encrypted and soon gone. */
export class AuditTable extends Construct {
  public readonly database: string;
  public readonly workGroup: athena.CfnWorkGroup;
  /** Where answers are kept. */
  public readonly results: s3.IBucket;
  private readonly own: s3.Bucket;

  public constructor(scope: Construct, id: string, props: AuditTableProps) {
    super(scope, id);
    const { archive, prefix, encryptionKey, removalPolicy, keptDays } = props;
    this.own = new s3.Bucket(this, 'Results', { ...privately({ encryptionKey, removalPolicy }), lifecycleRules: [{ expiration: RESULTS_FOR, ...LEFTOVERS }] });
    this.results = this.own;
    answerAwsSolutions(this.results, 'S1', 'It holds answers of Athena for a week; data events of CloudTrail tell who read what.');
    this.database = Names.uniqueResourceName(this, { maxLength: 200, separator: '_', allowedSpecialCharacters: '_' }).toLowerCase();
    const table = this.table(archive, prefix, keptDays);
    this.workGroup = this.group(encryptionKey, removalPolicy);
    for (const [name, { description, sql }] of Object.entries(ATHENA_QUERIES)) {
      const query = new athena.CfnNamedQuery(this, name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(''), {
        name, description, queryString: sql, database: this.database, workGroup: this.workGroup.name,
      });
      query.node.addDependency(this.workGroup, table);
    }
  }

  /** Its partitions follow from the names of the objects, so that nobody has to look for new ones (Athena guide, "Partition projection"). */
  private table(archive: s3.IBucket, prefix: string, keptDays: number): glue.CfnTable {
    const catalogId = Stack.of(this).account;
    const database = new glue.CfnDatabase(this, 'Database', { catalogId, databaseInput: { name: this.database, description: `Audit records of ${this.node.path}` } });
    const location = archive.s3UrlForObject(`${prefix}${AUDIT_PREFIX}`);
    const table = new glue.CfnTable(this, 'Records', {
      catalogId,
      databaseName: this.database,
      tableInput: {
        name: RECORDS_TABLE,
        description: 'One line for every decision of a gate (docs/audit-record.md), and marks that tell how many there are',
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          'classification': 'json',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          // A day more at either end: of today somewhere else, and of what is about to go.
          'projection.day.range': `NOW-${keptDays + 2}DAYS,NOW+1DAYS`,
          'projection.day.interval': '1',
          'projection.day.interval.unit': 'DAYS',
          'projection.hour.type': 'integer',
          'projection.hour.range': '0,23',
          'projection.hour.digits': '2',
          'storage.location.template': `${location}day=\${day}/hour=\${hour}/`,
        },
        partitionKeys: [{ name: 'day', type: 'string' }, { name: 'hour', type: 'string' }],
        storageDescriptor: {
          columns: [...COLUMNS],
          location,
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
    table.node.addDependency(database);
    return table;
  }

  /**
   * What its stack empties with it.
   *
   * @internal
   */
  public get _results(): s3.Bucket {
    return this.own;
  }

  private group(encryptionKey: kms.IKey, removalPolicy: RemovalPolicy): athena.CfnWorkGroup {
    return new athena.CfnWorkGroup(this, 'WorkGroup', {
      name: Names.uniqueResourceName(this, { maxLength: 120, separator: '-' }),
      description: `Asks the audit records of ${this.node.path}`,
      recursiveDeleteOption: removalPolicy === RemovalPolicy.DESTROY,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: MOST_SCANNED,
        requesterPaysEnabled: false,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: this.results.s3UrlForObject('answers/'),
          expectedBucketOwner: Stack.of(this).account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: encryptionKey.keyArn },
        },
      },
    });
  }
}
