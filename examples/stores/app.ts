import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Role } from 'aws-cdk-lib/aws-iam';
import {
  Access, AlarmTopic, AssetBucket, Authorizer, Backups, BackupSource, Callers, CoreImage, Ingress,
  PrivateNetwork, Recipient, Rotation, Route, SecureCore, SecureCoreChecks, SecureMemcached, SecurePostgres, Size,
} from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'Stores');
const size = Size.STANDARD;

const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
const alarmTopic = new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] });
const postgres = new SecurePostgres(stack, 'Postgres', { network, size, alarmTopic });
const assets = new AssetBucket(stack, 'Assets', { size });

const core = new SecureCore(stack, 'Core', {
  size,
  network,
  container: {
    image: CoreImage.fromUri('111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
    port: 8000,
    healthCheckPath: '/health',
  },
  stores: [
    postgres.addUser('CoreUser', { role: 'core', rotation: Rotation.every(Duration.days(30)) }),
    assets,
    new SecureMemcached(stack, 'Memcached', { network, size }),
  ],
  ingress: Ingress.internal({
    domainName: 'core.acme.internal',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6'),
    callers: Callers.cidrs('10.20.0.0/16'),
    routes: [Route.subtree('/', { access: Access.authenticated() })],
  }),
  authorizer: Authorizer.jwt({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/.well-known/jwks.json', audience: 'core' }),
  alarmTopic,
});

new Backups(stack, 'Backups', {
  size,
  sources: [BackupSource.postgres(postgres), BackupSource.assets(assets), BackupSource.gateTable(core.core.gate.table)],
  rpo: Duration.minutes(15),
  rto: Duration.hours(8),
  restorers: [Role.fromRoleArn(stack, 'Restorer', 'arn:aws:iam::111122223333:role/break-glass')],
  alarmTopic,
});

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
