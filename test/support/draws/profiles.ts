import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import {
  AlarmTopic, AssetBucket, BackupCopy, type BackupCopyOptions, BackupCopyVault, type CortexModelsProps, type CortexProfileProps, DeviceCredentialKind, type DeviceCredentialProps,
  type FargateModelProps, type GitHubOAuthProps, type IProviderKey, JwtAlgorithm, LlmProvider, LogLevel, MasterKey, ModelContainer, NodeToolAuth, type NodeToolProfileProps,
  type NodeToolStaticProps, type NodeToolSupabaseProps, Profile, ProviderKey, Recipient, type RemoteCoreProfileProps, RotatingSecret, SecretKind, SecureMemcached, SecurePostgres,
  Size, TgefdAuth, type TgefdJwtProps, type TgefdMtlsProps, type TgefdProfileProps, type TgefdRoles, type TgefdRoutes, TgefdScope, type TomProfileProps, type TomQueueProps,
} from '../../../src';
import { anAdminSession, anAuthorizer, anEdge, certificateDraws, cognitoIssuerOf, jwtDraws } from './authorizers';
import { anImage } from './container';
import { built, type Draw, either, factoriesOf, listOf, mapped, memberOf, mostly, perhaps, propsOf, type Site, someOf, text } from './draw';
import { aKeySetFetch } from './gate';
import { openRouteOptions, routesAt, someOrigins } from './ingress';
import { aContainerSecret, ACCOUNT, alarmTopicOf, aReason, aRotation, days, ENVIRONMENT, networkOf } from './values';
import { aTomBroker, anAfterCheckout, aWorkerPhase } from './workers';

const someKeys: Draw<IProviderKey[]> = listOf(mapped(memberOf('LlmProvider', LlmProvider), 'key of',
  (provider, site) => ProviderKey.fromSecretName(site.place('ProviderKey'), 'Key', { provider, environment: ENVIRONMENT })), 1, 3);

const remoteCore: Draw<RemoteCoreProfileProps> = propsOf<RemoteCoreProfileProps>('RemoteCoreProfileProps', {
  authorizer: anAuthorizer,
  routes: routesAt(['/v1/evaluate', '/v1/models', '/jobs']),
  providerKeys: perhaps(someKeys),
  roles: perhaps(built('roles', () => ({ admin: ['core/evaluate'], analyst: ['metrics'] }))),
  corsOrigins: perhaps(someOrigins),
});

const someCommands = mostly(built('lists', () => ['lpush', 'brpop', 'get', 'set']), built('flushall', () => ['flushall']));

const aModel = (name: string): Draw<ModelContainer> => mapped(propsOf<FargateModelProps>('FargateModelProps', {
  name: text([name], 'Llama', ''),
  image: anImage,
  cpu: mapped(text(['4096', '8192'], '5000'), 'units', Number),
  memoryLimitMiB: mapped(text(['16384'], '100'), 'MiB', Number),
  command: perhaps(built('command', () => ['vllm', 'serve'])),
  user: perhaps(text(['1000:1000'], 'root')),
  writablePaths: perhaps(listOf(text(['/tmp', '/cache'], 'tmp'), 1, 2)),
}), 'fargate', (props) => ModelContainer.fargate(props));

const cortex: Draw<CortexProfileProps> = propsOf<CortexProfileProps>('CortexProfileProps', {
  corsOrigins: someOrigins,
  edge: perhaps(anEdge),
  admin: perhaps(anAdminSession, 40),
  models: perhaps(propsOf<CortexModelsProps>('CortexModelsProps', {
    containers: someOf([aModel('llama'), aModel('embedder')]),
    cluster: perhaps(built('cluster', (site) => new ecs.Cluster(site.place('ModelCluster'), 'Cluster', { vpc: networkOf(site).vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED })), 5),
  })),
  limiterCommands: perhaps(someCommands, 10),
  routes: perhaps(routesAt(['/v1/models', '/v1/rerank'])),
});

const someScopes: Draw<TgefdScope[]> = listOf(memberOf('TgefdScope', TgefdScope), 1, 4);
const roles: Draw<TgefdRoles> = propsOf<TgefdRoles>('TgefdRoles', { admin: perhaps(someScopes), analyst: perhaps(someScopes), reader: perhaps(someScopes) });

const aTgefdAuth: Draw<TgefdAuth> = factoriesOf<typeof TgefdAuth, TgefdAuth>('TgefdAuth', {
  jwt: mapped(propsOf<TgefdJwtProps>('TgefdJwtProps', { ...jwtDraws(), scopePrefix: perhaps(text(['tgefd/'], 'a b'), 30) }), 'jwt', (props) => TgefdAuth.jwt(props)),
  cognito: built('cognito', (site) => TgefdAuth.cognito(cognitoIssuerOf(site, Object.values(TgefdScope)))),
  mtls: mapped(propsOf<TgefdMtlsProps>('TgefdMtlsProps', {
    ...certificateDraws,
    scopes: mapped(someScopes, 'CN=platform,O=Acme', (scopes) => ({ 'CN=platform,O=Acme': scopes })),
  }), 'certificates', (props) => TgefdAuth.mtls(props)),
});

const routes = (path: string): ReturnType<typeof routesAt> => routesAt([`/${path}`, `/more-${path}`], openRouteOptions);

const tgefd: Draw<TgefdProfileProps> = propsOf<TgefdProfileProps>('TgefdProfileProps', {
  auth: aTgefdAuth,
  routes: propsOf<TgefdRoutes>('TgefdRoutes', { discover: routes('discover'), evaluate: routes('evaluate'), metrics: routes('figures'), jobs: routes('jobs') }),
  identityHeader: perhaps(text(['x-tgefd-caller'], 'host')),
  roles: perhaps(roles, 15),
  keySetFetch: perhaps(aKeySetFetch, 20),
});

const aToken = mapped(aRotation, 'token', (rotation, site) => new RotatingSecret(site.place('Token'), 'Token', {
  kind: SecretKind.randomValue(), network: networkOf(site), environment: ENVIRONMENT, alarmTopic: alarmTopicOf(site), rotation,
}));

const aNodeToolAuth: Draw<NodeToolAuth> = factoriesOf<typeof NodeToolAuth, NodeToolAuth>('NodeToolAuth', {
  supabase: mapped(propsOf<NodeToolSupabaseProps>('NodeToolSupabaseProps', {
    url: text(['https://abcdefgh.supabase.co'], 'https://your-project.supabase.co', 'http://abcdefgh.supabase.co', 'abc'),
    serviceKey: aContainerSecret('supabase-key'),
    algorithm: perhaps(memberOf('JwtAlgorithm', JwtAlgorithm), 30),
  }), 'supabase', (props) => NodeToolAuth.supabase(props)),
  staticToken: mapped(propsOf<NodeToolStaticProps>('NodeToolStaticProps', { edge: anEdge, variable: text(['NODETOOL_TOKEN'], 'ENV', 'token'), token: aToken, reason: aReason }), 'static',
    (props) => NodeToolAuth.staticToken(props)),
});

const restorerIn = (stack: Stack): IRole => Role.fromRoleArn(stack, 'Restorer', `arn:aws:iam::${ACCOUNT}:role/break-glass`);
const copyOptions = propsOf<BackupCopyOptions>('BackupCopyOptions', { rpo: perhaps(days(1, 7)) });
/** In a stack of another region. */
function copyVaultOf(site: Site): BackupCopyVault {
  return site.one('copies', () => {
    const stack = new Stack(site.stack.node.scope, 'Copies', { env: { account: ACCOUNT, region: 'eu-west-1' } });
    const topic = new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] });
    return new BackupCopyVault(stack, 'Copies', { vaultName: 'copies', restorers: [restorerIn(stack)], alarmTopic: topic });
  });
}

const nodetool: Draw<NodeToolProfileProps> = propsOf<NodeToolProfileProps>('NodeToolProfileProps', {
  auth: aNodeToolAuth,
  masterKey: built('master key', (site) => new MasterKey(site.place('MasterKey'), 'MasterKey', { environment: ENVIRONMENT, backupAttestation: 'A copy on paper is in the safe of the office.' })),
  restorers: built('restorers', (site) => [restorerIn(site.stack)]),
  backupCopy: perhaps(factoriesOf<typeof BackupCopy, BackupCopy>('BackupCopy', {
    toVault: mapped(copyOptions, 'vault', (options, site) => BackupCopy.toVault(copyVaultOf(site), options)),
    toVaultArn: mapped(copyOptions, 'ARN', (options) => BackupCopy.toVaultArn(`arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:copies`, options)),
  })),
  routes: perhaps(routesAt(['/api/workflows', '/api/assets'])),
  webSocketPath: perhaps(text(['/ws', '/predict'], 'ws'), 15),
  providerKeys: perhaps(someKeys),
  postgres: perhaps(built('postgres', (site) => new SecurePostgres(site.place('Postgres'), 'Postgres', { network: networkOf(site), alarmTopic: alarmTopicOf(site), size: Size.STANDARD })), 5),
  assets: perhaps(built('assets', (site) => new AssetBucket(site.place('Assets'), 'Assets', { size: Size.STANDARD }))),
  memcached: perhaps(built('memcached', (site) => new SecureMemcached(site.place('Memcached'), 'Memcached', { network: networkOf(site) })), 5),
  github: perhaps(propsOf<GitHubOAuthProps>('GitHubOAuthProps', { clientId: text(['Iv1.abcdef0123456789'], '<client-id>'), clientSecret: aContainerSecret('github') })),
  corsOrigins: perhaps(someOrigins),
  logLevel: perhaps(memberOf('LogLevel', LogLevel)),
});

const aCredential = (id: string): Draw<DeviceCredentialProps> => propsOf<DeviceCredentialProps>('DeviceCredentialProps', {
  id: text([id], 'two words'),
  kind: memberOf('DeviceCredentialKind', DeviceCredentialKind),
  maxAge: perhaps(days(1, 365)),
  after: perhaps(anAfterCheckout, 30),
});

/** Credentials go with what gives them out, and that with them. */
const WITH_BROKER = 97;

const tomWithWorkers: Draw<TomProfileProps> = propsOf<TomProfileProps>('TomProfileProps', {
  apiKeys: aContainerSecret('api-keys'),
  edge: mostly(anEdge),
  routes: routesAt(['/v1/devices', '/v1/commands', '/v1/jobs']),
  apiKeyHeader: perhaps(text(['X-Tom-Key'], 'host')),
  keyPrefix: perhaps(text(['tom_', 'acme_'], 'TOM')),
  workers: perhaps(aWorkerPhase),
  credentials: perhaps(someOf([aCredential('core-switches'), aCredential('edge.routers')]), WITH_BROKER),
  broker: perhaps(aTomBroker, WITH_BROKER),
  queue: perhaps(propsOf<TomQueueProps>('TomQueueProps', {
    keyPrefix: perhaps(text(['jobs'], '*')), commands: perhaps(someCommands, 10),
  })),
});

const tom: Draw<TomProfileProps> = either(
  tomWithWorkers, mapped(tomWithWorkers, 'without workers', (props) => ({ ...props, credentials: undefined, broker: undefined })),
);

export const aProfile: Draw<Profile> = factoriesOf<typeof Profile, Profile>('Profile', {
  remoteCore: mapped(remoteCore, 'remote-core', (props) => Profile.remoteCore(props)),
  cortex: mapped(cortex, 'cortex', (props) => Profile.cortex(props)),
  tgefd: mapped(tgefd, 'tgefd', (props) => Profile.tgefd(props)),
  nodetool: mapped(nodetool, 'nodetool', (props) => Profile.nodetool(props)),
  tom: mapped(tom, 'tom', (props) => Profile.tom(props)),
});
