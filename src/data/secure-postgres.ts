import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';
import { invalidProp } from '../invalid-prop';
import { keptOnceMade } from '../kept-once-made';
import { letLogsUse } from '../log-encryption';
import { Size, SIZING } from '../size';
import { ExistingPostgres } from './existing-postgres';
import { checkBackupRetention, checkDatabase } from './postgres-checks';
import { type PostgresServer, PostgresUser, type PostgresUserProps } from './postgres-user';
import type { ExistingPostgresProps, SecurePostgresProps } from './secure-postgres-props';
import { storeKey } from './store-key';

export type { ExistingPostgresProps, SecurePostgresProps };

/** A PostgreSQL that Cores keep their data in. */
export interface IPostgres extends IConstruct, ec2.IConnectable {
  /** The name by which it is reached. */
  readonly host: string;

  /** Where it listens. */
  readonly port: number;

  /** The name of the database. */
  readonly database: string;

  /** The login of who may make and change logins: JSON with `username` and `password`. No Core is given it. */
  readonly adminSecret: secrets.ISecret;

  /**
   * Lets somebody log in, as a role of its own.
   *
   * @param id of the user, within this database
   * @param props which role
   */
  addUser(id: string, props: PostgresUserProps): PostgresUser;
}

interface PostgresSizing {
  readonly instanceType: ec2.InstanceType;
  /** GiB, of the instance. */
  readonly memory: number;
  /** GiB, to begin with and at most. */
  readonly storage: { readonly least: number; readonly most: number };
  readonly multiAz: boolean;
  readonly backupDays: number;
}

/** What the sizes of a Core mean here: 1, 4 and 8 GiB of memory. Amazon RDS takes 20 GiB at least of gp3 (Amazon RDS guide, "Storage"). */
const POSTGRES_SIZING: Readonly<Record<Size, PostgresSizing>> = {
  [Size.DEV]: { instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO), memory: 1, storage: { least: 20, most: 50 }, multiAz: false, backupDays: 14 },
  [Size.STANDARD]: { instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM), memory: 4, storage: { least: 20, most: 200 }, multiAz: true, backupDays: 14 },
  [Size.PRODUCTION]: { instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE), memory: 8, storage: { least: 100, most: 1000 }, multiAz: true, backupDays: 35 },
};

/** The port that everybody expects (NT-40); which one it is keeps nobody out, the security group does. */
const PORT = 5432;

/** A subnet group spans two zones, even where one instance stands in one of them (Amazon RDS API, CreateDBSubnetGroup). */
const ZONES = 2;

/** Without a minor version: Amazon RDS upgrades it by itself, and a template that names one would want it back. */
const ENGINE = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_18 });

/**
 * TLS for everybody (NT-43), passwords kept as SCRAM only, and a log that holds neither statements nor values: who was there and what failed, and none of what was written.
 */
const PARAMETERS: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  'password_encryption': 'scram-sha-256',
  'log_statement': 'none',
  'log_min_duration_statement': '-1',
  'log_parameter_max_length': '0',
  'log_parameter_max_length_on_error': '0',
  // The statement of an error would be written down with everything in it.
  'log_min_error_statement': 'panic',
  // The detail of an error quotes the row.
  'log_error_verbosity': 'terse',
  // Names who was there, from where and for how long.
  'log_disconnections': '1',
};

const EXPORTED_LOGS = ['postgresql', 'upgrade'];

/** What Amazon RDS takes for the id of an instance (API CreateDBInstance). */
const MAX_ID_LENGTH = 63;

/** An ordinary user of that name is what Amazon RDS makes of it: it is no superuser. Its password no person ever has. */
const ADMIN = 'postgres';

/** `max_connections` unless a parameter group says otherwise: memory by this number, and no more than that (Amazon RDS guide, "Maximum number of database connections"). */
const BYTES_A_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;
const GIB = 1024 ** 3;

/** How long logs are kept (AUD-2). */
const LOG_RETENTION = logs.RetentionDays.SIX_MONTHS;

/**
 * A PostgreSQL (Amazon RDS) that speaks TLS only, is encrypted with a key of yours, is backed up, stands in two zones, and is reached from
 * nowhere but the security groups that are let in (DAT-1, DAT-2, DAT-3, BDR-1).
 *
 * Its administrator's password is made, kept and renewed by Amazon RDS itself. Nobody else can log in until `addUser` is called.
 *
 * An instance has a name, from its place in the app: its logs are encrypted groups of that name, which have to be there before it is. Whatever
 * would replace it fails for the same reason, rather than put an empty database in its place.
 *
 * Not for regions of China: whose authorities vouch for it there is not known, and the first deployment of a user fails.
 */
export class SecurePostgres extends Construct implements IPostgres {
  /**
   * A PostgreSQL that exists already: of Amazon RDS, of Amazon Aurora, on a machine of yours, or behind an endpoint of the VPC. Nothing of it is
   * changed but the roles and logins of its users, and connections are added to its security group.
   *
   * One outside, such as of Supabase, has to be brought into the VPC by AWS PrivateLink or a peering: the firewall of the core tier lets out
   * HTTPS to named hosts, and neither PostgreSQL nor addresses. Its authorities go into `ca`, and its connection has to be a direct one: a pooler
   * of transactions keeps no login apart from another. Nobody has tried it here.
   */
  public static fromExisting(scope: Construct, id: string, props: ExistingPostgresProps): IPostgres {
    return new ExistingPostgres(scope, id, props);
  }

  public readonly connections: ec2.Connections;
  public readonly host: string;
  public readonly port: number = PORT;
  public readonly database: string;
  public readonly adminSecret: secrets.ISecret;

  /** The instance, for metrics and events. */
  public readonly instance: rds.IDatabaseInstance;

  /**
   * What it holds: GiB to begin with, and connections at once.
   *
   * @internal
   */
  public readonly _room: { readonly storage: number; readonly connections: number };

  private readonly server: PostgresServer;

  public constructor(scope: Construct, id: string, props: SecurePostgresProps) {
    super(scope, id);
    const { network, size = Size.PRODUCTION, database = 'core' } = props;
    const { instanceType, memory, storage, multiAz, backupDays } = POSTGRES_SIZING[size];
    const { deletionProtection } = SIZING[size];
    const removalPolicy = props.removalPolicy ?? SIZING[size].removalPolicy;
    const backupRetention = props.backupRetention ?? Duration.days(backupDays);
    checkDatabase(this, database);
    checkBackupRetention(this, backupRetention);
    const zones = new Set(network.vpc.selectSubnets(network.dataSubnets).availabilityZones).size;
    if (zones < ZONES) throw invalidProp(this, 'network', `a data tier in ${zones} zones`, `Give it subnets in ${ZONES} zones: Amazon RDS asks for them.`);
    const encryptionKey = props.encryptionKey ?? storeKey(this, removalPolicy);
    const instanceIdentifier = Names.uniqueResourceName(this, { maxLength: MAX_ID_LENGTH }).toLowerCase();
    const groups = this.logGroups(instanceIdentifier, encryptionKey, removalPolicy);
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc: network.vpc, description: `Of ${this.node.path}`, allowAllOutbound: false });
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(PORT) });
    const parameterGroup = new rds.ParameterGroup(this, 'Parameters', { engine: ENGINE, description: `Of ${this.node.path}`, parameters: { ...PARAMETERS }, removalPolicy });
    const subnetGroup = new rds.SubnetGroup(this, 'Subnets', { vpc: network.vpc, vpcSubnets: network.dataSubnets, description: `Data tier of ${this.node.path}`, removalPolicy });
    const instance = new rds.DatabaseInstance(this, 'Instance', {
      engine: ENGINE,
      instanceIdentifier,
      instanceType,
      vpc: network.vpc,
      subnetGroup,
      securityGroups: [securityGroup],
      publiclyAccessible: false,
      port: PORT,
      databaseName: database,
      credentials: rds.Credentials.fromUsername(ADMIN, { encryptionKey }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      parameterGroup,
      multiAz,
      storageType: rds.StorageType.GP3,
      allocatedStorage: storage.least,
      maxAllocatedStorage: storage.most,
      storageEncrypted: true,
      storageEncryptionKey: encryptionKey,
      // Until 2061, and with keys that every client takes (Amazon RDS guide, "Using SSL/TLS").
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
      backupRetention,
      deleteAutomatedBackups: removalPolicy === RemovalPolicy.DESTROY,
      copyTagsToSnapshot: true,
      deletionProtection,
      autoMinorVersionUpgrade: true,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: encryptionKey,
      cloudwatchLogsExports: EXPORTED_LOGS,
      removalPolicy,
    });
    for (const resource of [securityGroup]) resource.applyRemovalPolicy(removalPolicy);
    // Amazon RDS would make them itself, without a key.
    instance.node.addDependency(...groups);
    this.answer(instance, { multiAz, deletionProtection });
    const { secret } = instance;
    if (!secret) throw new Error('A password that Amazon RDS manages is in a secret.');
    this.instance = instance;
    this._room = { storage: storage.least, connections: Math.min(Math.floor(memory * GIB / BYTES_A_CONNECTION), MOST_CONNECTIONS) };
    this.host = instance.dbInstanceEndpointAddress;
    this.database = database;
    this.adminSecret = secret;
    this.server = {
      network, database, encryptionKey, removalPolicy, host: this.host, port: PORT, access: this, adminSecret: secret, roles: new Set(), after: [instance, securityGroup], alarmTopic: props.alarmTopic,
    };
  }

  public addUser(id: string, props: PostgresUserProps): PostgresUser {
    return PostgresUser._of(this, id, this.server, props);
  }

  /**
   * What Amazon RDS tells of the instance; by default the average of five minutes.
   *
   * @param metricName such as `ReadLatency`
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.instance.metric(metricName, props);
  }

  /** Bytes that are free on its disk, which grows by itself. */
  public metricFreeStorageSpace(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('FreeStorageSpace', { statistic: cloudwatch.Stats.MINIMUM, ...props });
  }

  /** Percent of its processor in use. */
  public metricCpuUtilization(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CPUUtilization', props);
  }

  /** Connections that are open. */
  public metricConnections(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DatabaseConnections', { statistic: cloudwatch.Stats.MAXIMUM, ...props });
  }

  private logGroups(instanceIdentifier: string, encryptionKey: kms.IKey, removalPolicy: RemovalPolicy): logs.LogGroup[] {
    letLogsUse(this, encryptionKey);
    return EXPORTED_LOGS.map((name) => new logs.LogGroup(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}Log`, {
      logGroupName: `/aws/rds/instance/${instanceIdentifier}/${name}`,
      encryptionKey,
      retention: LOG_RETENTION,
      removalPolicy: keptOnceMade(removalPolicy),
    }));
  }

  private answer(instance: rds.DatabaseInstance, { multiAz, deletionProtection }: { readonly multiAz: boolean; readonly deletionProtection: boolean }): void {
    answerAwsSolutions(instance, 'RDS11', 'The port that every client expects; the security group keeps others out, whatever the port.');
    if (!multiAz) answerAwsSolutions(instance, 'RDS3', 'Size.DEV is one instance, for trying it; Size.STANDARD and Size.PRODUCTION have a second one in another zone.');
    if (!deletionProtection) answerAwsSolutions(instance, 'RDS10', 'Only Size.PRODUCTION resists deletion, so that other sizes leave nothing behind.');
  }
}
