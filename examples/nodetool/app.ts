import { App, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AlarmTopic, BackupCopy, Callers, CoreImage, LlmProvider, MasterKey, NodeToolAuth, Profile, ProfiledCore, ProviderKey, Recipient, SecureCoreChecks, Size } from 'cdk-secure-core';

const STAGES = new Map([
  ['dev', { size: Size.DEV, url: 'https://devabcdefgh.supabase.co', keyId: '0b6f4c1e-7a0d-4e53-9f52-1c7e7d0a1b01' }],
  ['staging', { size: Size.STANDARD, url: 'https://stgabcdefgh.supabase.co', keyId: '3f9d2a70-52c4-4b1c-8a8e-6d0f5b2c7e02' }],
  ['production', { size: Size.PRODUCTION, url: 'https://prdabcdefgh.supabase.co', keyId: '9c1e8b34-d6f1-4a27-b3a9-2e4f6a8c0d03' }],
]);
const app = new App();
const environment = String(app.node.tryGetContext('environment') ?? 'dev');
const stage = STAGES.get(environment);
if (!stage) throw new Error(`There is no stage ${environment}: name one of ${[...STAGES.keys()].join(', ')}.`);

const stack = new Stack(app, `NodeTool-${environment}`, { env: { region: 'eu-central-1' } });
const replicaKey = Key.fromKeyArn(stack, 'ReplicaKey', `arn:aws:kms:eu-west-1:111122223333:key/${stage.keyId}`);
new ProfiledCore(stack, 'NodeTool', {
  environment,
  size: stage.size,
  profile: Profile.nodetool({
    auth: NodeToolAuth.supabase({ url: stage.url, serviceKey: ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'ServiceKey', `${environment}/SUPABASE_KEY`)) }),
    masterKey: new MasterKey(stack, 'MasterKey', { environment, replicaRegions: [{ region: 'eu-west-1', encryptionKey: replicaKey }] }),
    restorers: [Role.fromRoleArn(stack, 'Restorer', `arn:aws:iam::111122223333:role/${environment}-break-glass`)],
    backupCopy: BackupCopy.toVaultArn(`arn:aws:backup:eu-west-1:111122223333:backup-vault:${environment}-nodetool`),
    providerKeys: [ProviderKey.fromSecretName(stack, 'OpenAi', { provider: LlmProvider.OPENAI, environment })],
  }),
  image: CoreImage.fromUri('111122223333.dkr.ecr.eu-central-1.amazonaws.com/nodetool@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
  ingress: {
    domainName: `nodetool.${environment}.acme.internal`, callers: Callers.cidrs('10.20.0.0/16'),
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6'),
  },
  alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
});
Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
