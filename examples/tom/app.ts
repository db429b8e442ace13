import { App, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Access, AlarmTopic, Authorizer, Callers, CoreImage, DeviceCredentialKind, DevicePort, Profile, ProfiledCore, Recipient, Route, SecureCoreChecks } from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'Tom');
const environment = 'production';
const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6');
const image = (name: string, digest: string): CoreImage => CoreImage.fromUri(`111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name}@sha256:${digest}`);
const workers = {
  image: image('tom-worker', '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752'),
  healthCheckCommand: ['CMD', 'python', '/app/health.py'],
  devices: [{ cidr: '10.40.0.0/16', ports: [DevicePort.tcp(22), DevicePort.udp(161)] }],
};

new ProfiledCore(stack, 'Core', {
  profile: Profile.tom({
    // The operator's JSON array of key:user, filled in before the first deployment.
    apiKeys: ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'ApiKeys', `${environment}/tom-api-keys`)),
    edge: Authorizer.jwt({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/.well-known/jwks.json', audience: 'tom' }),
    // The document names no paths: take those of your tom-core.
    routes: [Route.subtree('/api/device', { access: Access.scope('device') }), Route.get('/api/job', { access: Access.scope('job') })],
    credentials: [{ id: 'core-routers', kind: DeviceCredentialKind.SSH }, { id: 'access-switches', kind: DeviceCredentialKind.SNMP }],
    broker: { ingress: { domainName: 'broker.acme.internal', certificate }, workers },
  }),
  environment,
  image: image('tom-core', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
  ingress: { domainName: 'tom.acme.internal', certificate, callers: Callers.cidrs('10.20.0.0/16') },
  alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
});

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
