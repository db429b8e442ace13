import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { MAX_PORT } from '../ingress/target-checks';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { letResolve } from './let-resolve';
import { checkAuthorities, checkDatabase } from './postgres-checks';
import { type PostgresServer, PostgresUser, type PostgresUserProps } from './postgres-user';
import type { IPostgres } from './secure-postgres';
import type { ExistingPostgresProps } from './secure-postgres-props';

/** A PostgreSQL that somebody else looks after; only its users are ours. */
export class ExistingPostgres extends Construct implements IPostgres {
  public readonly connections: ec2.Connections;
  public readonly host: string;
  public readonly port: number;
  public readonly database: string;
  public readonly adminSecret: secrets.ISecret;
  private readonly server: PostgresServer;

  public constructor(parent: Construct, id: string, props: ExistingPostgresProps) {
    super(parent, id);
    const { network, host, port = 5432, database, securityGroup, adminSecret, ca, removalPolicy = RemovalPolicy.RETAIN } = props;
    if (!isWhole(port, 1, MAX_PORT)) throw invalidProp(this, 'port', port, `Name a port from 1 to ${MAX_PORT}.`);
    checkDatabase(this, database);
    checkAuthorities(this, ca, host);
    const encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', { description: `Encrypts the logins of ${this.node.path}`, enableKeyRotation: true, removalPolicy });
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(port) });
    this.host = host;
    this.port = port;
    this.database = database;
    this.adminSecret = adminSecret;
    letResolve(network, host);
    this.server = { network, host, port, database, access: this, adminSecret, ca, encryptionKey, removalPolicy, roles: new Set(), after: [securityGroup], alarmTopic: props.alarmTopic };
  }

  public addUser(id: string, props: PostgresUserProps): PostgresUser {
    return PostgresUser._of(this, id, this.server, props);
  }
}
