import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IDependable } from 'constructs';
import type { CoreService } from '../core/core-service';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { LOGIN_SUFFIXES, type PostgresLogin } from '../secrets/contract';
import { Rotation } from '../secrets/rotation';
import { type IRotatedSecret, SecretRotation } from '../secrets/secret-rotation';
import { AMAZON_RDS, AMAZON_RDS_FILE, AUTHORITIES_FOLDER } from './contract';
import type { ICoreStore } from './core-store';
import { checkRole } from './postgres-checks';

/** Who uses a database. */
export interface PostgresUserProps {
  /**
   * The role that owns what the application makes, such as `core`. Nobody logs in as it: the logins `<role>_a` and `<role>_b` act as it by turns.
   */
  readonly role: string;

  /**
   * How often its login is renewed. `Rotation.never` is refused: what renews the login is what makes it.
   *
   * @default Rotation.every(Duration.days(30))
   */
  readonly rotation?: Rotation;
}

/** A database as its users have to know it. */
export interface PostgresServer {
  readonly network: IPrivateNetwork;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly access: ec2.IConnectable;
  readonly adminSecret: secrets.ISecret;
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  /** Its authorities as PEM, where they are not those of Amazon RDS. */
  readonly ca?: string;
  /** Those that somebody has already: two who renewed one role's logins would lock each other out. */
  readonly roles: Set<string>;
  /** What has to stand before anybody can log in. */
  readonly after: readonly IDependable[];
  readonly alarmTopic?: ITopic;
}

/** Letters and digits: 40 of them are 238 bits, where NT-41 asks for 20 characters. */
const PASSWORD_LENGTH = 40;

/** What is known when the app is synthesized; the password comes from AWS Secrets Manager, and the URL from who makes the login. */
type KnownLogin = Omit<PostgresLogin, 'password' | 'url'>;

/**
 * Somebody who may log in to a database, as one role, with a login that is renewed while it is used (SEC-3, SEC-11).
 *
 * It is what a Core is given as its store: `stores: [postgres.addUser('Core', { role: 'core' })]`. The Core verifies the server by its
 * authorities and its name (`verify-full`); programs that read neither the `PG*` variables nor the URL's have to be told so themselves.
 */
export class PostgresUser extends Construct implements ICoreStore, IRotatedSecret {
  /**
   * A login, and what renews it.
   *
   * @internal
   */
  public static _of(scope: Construct, id: string, server: PostgresServer, props: PostgresUserProps): PostgresUser {
    return new PostgresUser(scope, id, server, props);
  }

  /** The role that owns what the application makes. */
  public readonly role: string;

  /** The login: JSON with `username`, `password`, `host`, `port`, `dbname` and `url`. */
  public readonly secret: secrets.ISecret;

  /** What renews the login, and shuts the old one out. */
  public readonly rotationFunction: lambda.IFunction;

  /** On runs of it that failed, and on a login that is too old. */
  public readonly alarms: cloudwatch.IAlarm[];

  /** What a service of yours that uses it has to wait for; a Core that is given it does. */
  public readonly ready: IDependable;

  public readonly environment: { readonly [name: string]: string };
  public readonly secrets: { readonly [name: string]: ecs.Secret };

  private readonly server: PostgresServer;
  private readonly caFile: string;
  private readonly rotation: SecretRotation;

  private constructor(parent: Construct, id: string, server: PostgresServer, props: PostgresUserProps) {
    super(parent, id);
    checkRole(this, props.role);
    if (server.roles.has(props.role)) throw invalidProp(this, 'role', props.role, 'Another user has it: choose one that nobody has, or the two shut out each other\'s logins.');
    server.roles.add(props.role);
    this.role = props.role;
    this.server = server;
    const { host, port, database, encryptionKey, removalPolicy } = server;
    const known: KnownLogin = { username: `${props.role}${LOGIN_SUFFIXES[0]}`, host, port, dbname: database };
    this.secret = new secrets.Secret(this, 'Login', {
      description: `Login of ${this.node.path}`,
      generateSecretString: {
        secretStringTemplate: Stack.of(this).toJsonString(known),
        generateStringKey: 'password' satisfies keyof PostgresLogin,
        passwordLength: PASSWORD_LENGTH,
        excludePunctuation: true,
      },
      encryptionKey,
      removalPolicy,
    });
    this.caFile = server.ca === undefined ? AMAZON_RDS_FILE : `${this.node.addr.slice(-8)}.pem`;
    const caPath = `${AUTHORITIES_FOLDER}/${this.caFile}`;
    const rotation = new SecretRotation(this, 'Rotation', {
      secret: this.secret,
      configuration: { kind: 'postgres-user', role: props.role, adminSecretArn: server.adminSecret.secretArn, host, port, dbname: database, caPath, ca: server.ca },
      network: server.network,
      every: this.cadence(props.rotation ?? Rotation.every(Duration.days(30))),
      reaches: [server.access],
      reads: [server.adminSecret],
      ensures: true,
      after: [...server.after],
      encryptionKey,
      removalPolicy,
      alarmTopic: server.alarmTopic,
    });
    this.rotation = rotation;
    this.rotationFunction = rotation.rotationFunction;
    this.alarms = rotation.alarms;
    this.ready = rotation.ready;
    this.environment = {
      POSTGRES_HOST: host,
      POSTGRES_PORT: String(port),
      POSTGRES_DB: database,
      POSTGRES_SSLMODE: 'verify-full',
      POSTGRES_SSLROOTCERT: caPath,
      // What libpq reads by itself, and all that is built on it (PostgreSQL documentation, "Environment Variables").
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: caPath,
    };
    this.secrets = {
      POSTGRES_USER: rotation.container('username' satisfies keyof PostgresLogin),
      POSTGRES_PASSWORD: rotation.container('password' satisfies keyof PostgresLogin),
      DATABASE_URL: rotation.container('url' satisfies keyof PostgresLogin),
    };
  }

  /**
   * Lets a Core connect, at the server's port alone, and tells it by which authorities to know the server.
   *
   * @param core of the same VPC
   */
  public grantUse(core: CoreService): void {
    core.allowTo(this.server.access, ec2.Port.tcp(this.server.port));
    core._trust(this.caFile, this.server.ca ?? AMAZON_RDS);
  }

  /** How many runs of the function failed, in five minutes. */
  public metricFailures(): cloudwatch.Metric {
    return this.rotation.metricFailures();
  }

  /** How many days old the login is, told once a day. */
  public metricAgeDays(): cloudwatch.Metric {
    return this.rotation.metricAgeDays();
  }

  private cadence(rotation: Rotation): Duration {
    if (rotation._every) return rotation._every;
    throw invalidProp(this, 'rotation', 'Rotation.never', 'Name Rotation.every(…): what renews the login is what makes it.');
  }
}
