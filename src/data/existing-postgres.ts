import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { MAX_PORT } from '../ingress/target-checks';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { letResolve } from './let-resolve';
import { checkAuthorities, checkDatabase } from './postgres-checks';
import { type PostgresServer, PostgresUser, type PostgresUserProps } from './postgres-user';
import type { IPostgres } from './secure-postgres';
import type { ExistingPostgresProps } from './secure-postgres-props';
import { storeKey } from './store-key';

const servers = new WeakMap<IConstruct, Map<string, Set<string>>>();

/** The roles of a server, however often it is brought: all of its databases have the same ones (PostgreSQL documentation, "Database Roles"). */
function rolesAt({ node: { root } }: IConstruct, server: string): Set<string> {
  const known = servers.get(root) ?? new Map<string, Set<string>>();
  servers.set(root, known);
  const roles = known.get(server) ?? new Set<string>();
  known.set(server, roles);
  return roles;
}

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
    const encryptionKey = props.encryptionKey ?? storeKey(this, removalPolicy);
    this.connections = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(port) });
    this.host = host;
    this.port = port;
    this.database = database;
    this.adminSecret = adminSecret;
    letResolve(network, host);
    this.server = {
      network, host, port, database, access: this, adminSecret, ca, encryptionKey, removalPolicy, roles: rolesAt(this, `${host}:${port}`), after: [securityGroup], alarmTopic: props.alarmTopic,
    };
  }

  public addUser(id: string, props: PostgresUserProps): PostgresUser {
    return PostgresUser._of(this, id, this.server, props);
  }
}
