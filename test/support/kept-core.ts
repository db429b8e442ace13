import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AssetBucket, AuditTrail, Backups, BackupSource, CallTrail, CoreImage, CortexModels, ErrorTracking, LlmProvider, MasterKey, ModelContainer, PrivateNetwork, ProviderKey, RotatingSecret,
  type SecureCore, SecretKind, SecureMemcached, SecurePostgres, Size, Telemetry,
} from '../../src';
import { alarmTopic, remoteCore } from './remote-core';

const COPIES = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:copies';

/** Backups that stay when their stack goes, with copies. */
function backUp(stack: Stack, sources: BackupSource[]): void {
  const backups = new Backups(stack, 'Backups', {
    sources,
    size: Size.STANDARD,
    removalPolicy: RemovalPolicy.RETAIN,
    rpo: Duration.minutes(15),
    rto: Duration.hours(8),
    restorers: [Role.fromRoleArn(stack, 'Restorer', 'arn:aws:iam::111122223333:role/break-glass')],
    alarmTopic: alarmTopic(stack),
  });
  // As `copy` writes it: that asks for a stack with a region, and this one is drilled wherever somebody says.
  const all = backups.node.findAll();
  const plan = all.find((one) => CfnBackupPlan.isCfnBackupPlan(one) && one.node.path.includes('Snapshots'));
  const vault = all.find((one) => CfnBackupVault.isCfnBackupVault(one));
  if (!CfnBackupPlan.isCfnBackupPlan(plan) || !CfnBackupVault.isCfnBackupVault(vault)) throw new Error('There is no plan, or no vault.');
  plan.addPropertyOverride('BackupPlan.BackupPlanRule.0.CopyActions', [{ DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 35 } }]);
  vault.addPropertyOverride('AccessPolicy.Statement.3.Condition', { 'ForAllValues:ArnNotEquals': { 'backup:CopyTargets': [COPIES] } });
}

const llama = ModelContainer.fargate({
  name: 'llama', image: CoreImage.fromUri(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/llama@sha256:${'cd'.repeat(32)}`), cpu: 256, memoryLimitMiB: 512,
});

/** A Core with every store, models that it starts, every kind of secret that there is, records that stay and backups; its gate has a Redis. */
export function keptCore(stack: Stack): SecureCore {
  const size = Size.STANDARD;
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const postgres = new SecurePostgres(stack, 'Postgres', { network, size });
  // It outlives its stack, so that what becomes of it without a standby is asked too. What is retained would be in the way of the next deployment.
  postgres.instance.applyRemovalPolicy(RemovalPolicy.SNAPSHOT);
  const assets = new AssetBucket(stack, 'Assets', { size });
  const internal = new RotatingSecret(stack, 'Internal', { network, kind: SecretKind.randomValue() });
  const signing = new RotatingSecret(stack, 'Signing', { network, kind: SecretKind.hmacKey() });
  const master = new MasterKey(stack, 'Master', { replicaRegions: [{ region: 'eu-west-1' }] });
  const provider = new ProviderKey(stack, 'Provider', { provider: LlmProvider.OPENAI, environment: 'production' });
  new CallTrail(stack, 'Calls');
  const core = remoteCore(stack, {
    size,
    audit: new AuditTrail(stack, 'Trail'),
    network,
    container: {
      secrets: {
        INTERNAL_VLLM_API_KEY: internal.current,
        TGEFD_JWT_SECRET: signing.current,
        TGEFD_JWT_SECRET_PREVIOUS: signing.previous,
        SECRETS_MASTER_KEY: master.container(),
        [provider.variable]: provider.container(),
      },
      errorTracking: ErrorTracking.sentry({ dsn: ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'Dsn', 'production/sentry')), host: 'o123.ingest.sentry.io' }),
      telemetry: Telemetry.otlp({ endpoint: 'https://otlp.example.com', serviceName: 'core' }),
    },
    stores: [postgres.addUser('CoreUser', { role: 'core' }), assets, new SecureMemcached(stack, 'Memcached', { network, size })],
  });
  core.service.node.addDependency(master.ready);
  const models = new CortexModels(stack, 'Models', { containers: [llama], network, environment: 'production', internalKey: internal });
  models._serve(core);
  backUp(stack, [BackupSource.postgres(postgres), BackupSource.assets(assets), BackupSource.gateTable(core.core.gate.table)]);
  return core;
}
