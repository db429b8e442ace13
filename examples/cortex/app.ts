import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Role } from 'aws-cdk-lib/aws-iam';
import {
  AdminSession, AdminUsers, AlarmTopic, Backups, BackupSource, Callers, CoreImage, HttpsOrigin, ModelContainer, PrivateNetwork, Profile, ProfiledCore, Recipient, SecureCoreChecks,
  SecurePostgres, Size,
} from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'Cortex');
const [environment, domainName, size] = ['production', 'cortex.acme.internal', Size.STANDARD];
const image = (name: string): CoreImage => CoreImage.fromUri(
  `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name}@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
);
const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6');
const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
const alarmTopic = new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] });
const postgres = new SecurePostgres(stack, 'Postgres', { network, size, alarmTopic });

const { core } = new ProfiledCore(stack, 'Core', {
  profile: Profile.cortex({
    corsOrigins: [HttpsOrigin.of('https://chat.acme.com')],
    admin: AdminSession.cognito(new AdminUsers(stack, 'Admins', { domainName, size })),
    models: {
      containers: [
        ModelContainer.fargate({ name: 'llama', image: image('llama'), cpu: 8192, memoryLimitMiB: 32_768, writablePaths: ['/tmp'] }),
        ModelContainer.fargate({ name: 'bge', image: image('bge'), cpu: 2048, memoryLimitMiB: 8192, writablePaths: ['/tmp'] }),
      ],
    },
  }),
  ingress: { domainName, certificate, callers: Callers.cidrs('10.20.0.0/16') },
  stores: [postgres.addUser('CortexUser', { role: 'cortex' })],
  image: image('cortex'), environment, size, network, alarmTopic,
});
const restorers = [Role.fromRoleArn(stack, 'Restorer', 'arn:aws:iam::111122223333:role/break-glass')];
const sources = [BackupSource.postgres(postgres), BackupSource.gateTable(core.gate.table)];
new Backups(stack, 'Backups', { size, sources, rpo: Duration.minutes(15), rto: Duration.hours(8), restorers, alarmTopic });

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
