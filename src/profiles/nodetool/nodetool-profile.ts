import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { BackupCopy } from '../../backup/backup-copy';
import { having, instance, listOf, member, options } from '../../check-kinds';
import type { AssetBucket } from '../../data/asset-bucket';
import type { SecureMemcached } from '../../data/secure-memcached';
import type { IPostgres } from '../../data/secure-postgres';
import { Access } from '../../gate/access';
import type { HttpsOrigin } from '../../gate/https-origin';
import { Route, ROUTE } from '../../ingress/route';
import { invalidProp } from '../../invalid-prop';
import { Egress } from '../../network/egress';
import { readersOf } from '../../secrets/container-secret';
import type { MasterKey } from '../../secrets/master-key';
import type { IProviderKey } from '../../secrets/provider-key';
import { SecretAccess } from '../../secrets/secret-access';
import { checkSameEnvironment } from '../../secrets/secret-environment';
import type { SecureCore } from '../../secure-core';
import { SIZING } from '../../size';
import { checkSecret } from '../check-secret';
import { checkPages, corsOf } from '../pages';
import type { ProfileContext, ProfileNeeds, ProfileParts, ProfilePlan } from '../parts';
import { hostsOf, PROVIDER_KEYS, secretsOf } from '../provider-keys';
import { LogLevel } from './log-level';
import { NodeToolAuth } from './nodetool-auth';
import { backupsOf, storesOf } from './nodetool-stores';
import { checkText } from './told-by-table';

/** By whom NodeTool lets people log in with GitHub (NT-22); id and secret belong together. */
export interface GitHubOAuthProps {
  /** The id of the OAuth app, which everybody may know. */
  readonly clientId: string;

  /** Its secret, from AWS Secrets Manager. */
  readonly clientSecret: ecs.Secret;
}

/** What NodeTool needs, as its deployment checklist asks for it. */
export interface NodeToolProfileProps {
  /** By what it knows its callers (NT-19). */
  readonly auth: NodeToolAuth;

  /** By what it encrypts its users' secrets: it is told the key's name, and its role may read it (NT-24, NT-25, NT-27, NT-28). */
  readonly masterKey: MasterKey;

  /** Who may bring data back from the backups of database, assets and gate (NT-44, NT-73). */
  readonly restorers: iam.IRole[];

  /**
   * Where every backup is copied to, in another region (NT-73).
   *
   * @default - nowhere: the backups are lost with the region
   */
  readonly backupCopy?: BackupCopy;

  /**
   * What is forwarded, each with who may use it. With tokens that are signed by ES256 it has to be given, without subtrees.
   *
   * @default - everything, to whoever is authenticated; bodies may be as long as workflows and assets are
   */
  readonly routes?: Route[];

  /**
   * The path by which clients open WebSockets, beside `routes` that do not cover it; every request of it counts as an open stream (RTL-4).
   *
   * @default - none: what upgrades counts as a stream on every route
   */
  readonly webSocketPath?: string;

  /**
   * Keys of the providers whose services are used, and of no others (NT-32 to NT-36): each is filled in from AWS Secrets Manager, and the hosts of its provider are let through.
   *
   * @default - none
   */
  readonly providerKeys?: IProviderKey[];

  /**
   * The database (NT-39 to NT-43). One of `SecurePostgres.fromExisting` is not backed up here.
   *
   * @default - a new SecurePostgres with the database `nodetool`
   */
  readonly postgres?: IPostgres;

  /**
   * Where assets are kept (NT-45 to NT-49).
   *
   * @default - a new AssetBucket
   */
  readonly assets?: AssetBucket;

  /**
   * A cache; NodeTool has to speak TLS with it (NT-72, C-14).
   *
   * @default - none
   */
  readonly memcached?: SecureMemcached;

  /**
   * By whom people log in with GitHub (NT-22).
   *
   * @default - nobody does
   */
  readonly github?: GitHubOAuthProps;

  /**
   * Which pages may call from a browser (NT-53).
   *
   * @default - none
   */
  readonly corsOrigins?: HttpsOrigin[];

  /**
   * How much it writes into its log (NT-18).
   *
   * @default LogLevel.INFO
   */
  readonly logLevel?: LogLevel;
}

/** Where people log in with GitHub, and where their names are asked for. */
const GITHUB_HOSTS = ['github.com', 'api.github.com'];

const REQUIRED = {
  auth: 'Name by what NodeTool knows its callers: NodeToolAuth.supabase(…) or NodeToolAuth.staticToken(…). There is none that knows nobody.',
  masterKey: 'Name the key that its users\' secrets are encrypted with: new MasterKey(…).',
  restorers: 'Name the roles that may bring data back from the backups.',
} as const satisfies Partial<Record<keyof NodeToolProfileProps, string>>;

const KINDS: ProfilePlan<NodeToolProfileProps>['kinds'] = {
  auth: instance(NodeToolAuth, REQUIRED.auth),
  masterKey: having('secret', REQUIRED.masterKey),
  restorers: listOf(having('roleArn', REQUIRED.restorers)),
  backupCopy: instance(BackupCopy, 'Name a copy by a factory of BackupCopy, or leave it out.'),
  logLevel: member(LogLevel, 'Name LogLevel.INFO or LogLevel.WARNING (C-37).'),
  routes: listOf({ ...ROUTE, todo: 'Declare what is forwarded, or leave it out: everything is then, to whoever is authenticated.' }),
  providerKeys: PROVIDER_KEYS,
  postgres: having('host', 'Name a database, or leave it out: the profile makes one.'),
  assets: having('bucket', 'Name an AssetBucket, or leave it out: the profile makes one.'),
  github: options('Name { clientId, clientSecret }, or leave it out.'),
};

function needsOf(scope: Construct, props: NodeToolProfileProps): ProfileNeeds {
  check(scope, props);
  const { authorizer, hosts } = props.auth._bind(scope);
  if (authorizer._isGateOnly && !props.routes) {
    throw invalidProp(scope, 'profile.routes', undefined, 'Declare its paths one by one: the load balancer forwards before anybody has proven anything, so each path is spelled out.');
  }
  if (props.webSocketPath !== undefined && !props.routes) {
    throw invalidProp(scope, 'profile.webSocketPath', props.webSocketPath, 'Leave it out: without routes every path is forwarded, and what upgrades counts as a stream wherever it does.');
  }
  return { authorizer, routes: routesOf(props), egress: egressOf(hosts, props) };
}

function check(scope: Construct, { masterKey, restorers, routes, corsOrigins, providerKeys = [], github }: NodeToolProfileProps): void {
  checkSameEnvironment(scope, 'profile.masterKey', masterKey.secret);
  if (restorers.length === 0) throw invalidProp(scope, 'profile.restorers', restorers, REQUIRED.restorers);
  if (routes?.length === 0) throw invalidProp(scope, 'profile.routes', routes, 'Declare what is forwarded, or leave it out: everything is then, to whoever is authenticated.');
  checkPages(scope, corsOrigins);
  const variables = providerKeys.map(({ variable }) => variable);
  providerKeys.forEach(({ provider, variable }, index) => {
    const prop = `profile.providerKeys[${index}]`;
    if (provider === undefined) throw invalidProp(scope, prop, variable, 'Name the key of an LlmProvider: the document knows no others. What NodeTool is told besides goes into container.secrets.');
    if (variables.indexOf(variable) !== index) throw invalidProp(scope, prop, variable, 'Name one key for each provider.');
  });
  if (!github) return;
  checkClientId(scope, github.clientId);
  checkSecret(scope, 'profile.github.clientSecret', github.clientSecret);
}

/** GitHub shows id and secret on one page, and a secret is 40 hexadecimal digits: one in place of the other would stand in plain sight. No message repeats it. */
function checkClientId(scope: Construct, clientId: string): void {
  const prop = 'profile.github.clientId';
  if (typeof clientId !== 'string') throw invalidProp(scope, prop, clientId, 'Name the id of the OAuth app, as GitHub shows it.');
  if (/^[0-9a-f]{40}$/i.test(clientId)) throw invalidProp(scope, prop, 'what a client secret looks like', 'Name the id, put the secret into clientSecret, and have GitHub make a new one: this one has been written down.');
  checkText(scope, prop, 'GITHUB_CLIENT_ID', clientId);
}

/** What NodeTool asks by itself, which costs a firewall; nothing where it asks nobody. */
function egressOf(hosts: readonly string[], { github, providerKeys = [] }: NodeToolProfileProps): Egress {
  const asked = [...hosts, ...(github ? GITHUB_HOSTS : [])];
  return (asked.length > 0 ? Egress.allowDomains(asked) : Egress.none()).and(hostsOf(providerKeys));
}

function partsOf(scope: Construct, props: NodeToolProfileProps, context: ProfileContext): ProfileParts {
  const { masterKey, corsOrigins, github, providerKeys = [], logLevel = LogLevel.INFO } = props;
  const auth = props.auth._bind(scope);
  const stores = storesOf(scope, props, context);
  const { postgres, assets, memcached } = stores;
  return {
    environment: { ENV: 'production', DEBUG: 'false', LOG_LEVEL: logLevel, ...auth.environment, ...masterKey.variables, ...(github && { GITHUB_CLIENT_ID: github.clientId }) },
    secrets: {
      ...auth.secrets,
      ...(github && { GITHUB_CLIENT_SECRET: github.clientSecret }),
      ...secretsOf(providerKeys),
    },
    stores: stores.used,
    gate: { ...auth.gate, ...corsOf(corsOrigins) },
    choices: auth.choices,
    constructs: { postgres, assets, memcached },
    complete: (core) => {
      entrust(core, scope, masterKey, context);
      return { backups: backupsOf(core, scope, stores, props, context) };
    },
  };
}

/** Lets NodeTool read its master key, which no task definition names, so that nothing else waits for it and watches who reads it (SEC-8). */
function entrust(core: SecureCore, parent: Construct, masterKey: MasterKey, { alarmTopic, trail, encryptionKey, size }: ProfileContext): void {
  masterKey.grantRead(core);
  core.service.node.addDependency(masterKey.ready);
  const { secret } = masterKey;
  new SecretAccess(parent, 'MasterKeyAccess', { secrets: [secret], readers: readersOf(secret), trail, alarmTopic, encryptionKey, removalPolicy: SIZING[size].removalPolicy });
}

function routesOf({ webSocketPath, routes }: NodeToolProfileProps): readonly Route[] {
  // The document names no paths: who may do what is decided by NodeTool itself, and its workflows and assets are longer than what a firewall reads of a body.
  const others = routes ?? [Route.subtree('/', { access: Access.authenticated(), promptSized: true })];
  return webSocketPath === undefined ? others : [Route.get(webSocketPath, { access: Access.authenticated(), streams: true }), ...others];
}

/** @internal */
export const nodeToolPlan: ProfilePlan<NodeToolProfileProps> = { name: 'nodetool', required: REQUIRED, kinds: KINDS, needs: needsOf, bind: partsOf };
