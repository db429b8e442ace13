import { App, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  Access, AdminSession, AdminUsers, AlarmTopic, Authorizer, Callers, CognitoIssuer, CoreImage, Egress, Ingress, LlmProvider, Recipient, Route, SecureCore, SecureCoreChecks, Size,
} from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'PublicApi');
const domainName = 'api.acme.com';
const size = Size.DEV;

const issuer = new CognitoIssuer(stack, 'Issuer', {
  scopes: ['invoke', 'chat', 'models'],
  callers: [{ name: 'platform', scopes: ['invoke', 'chat'] }, { name: 'batch', scopes: ['invoke', 'models'] }],
  size,
});
const admins = new AdminUsers(stack, 'Admins', { domainName, size });
const providerKey = Secret.fromSecretNameV2(stack, 'ProviderKey', 'public-api/openai');

new SecureCore(stack, 'Core', {
  size,
  container: {
    image: CoreImage.fromUri('111122223333.dkr.ecr.eu-central-1.amazonaws.com/core@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
    port: 8000,
    healthCheckPath: '/health',
    secrets: { OPENAI_API_KEY: EcsSecret.fromSecretsManager(providerKey) },
  },
  egress: Egress.providers(LlmProvider.OPENAI),
  ingress: Ingress.internetFacing({
    domainName,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6'),
    aliasZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'acme.com' }),
    callers: Callers.internet({ reason: 'Customers call from networks that nobody can list' }),
    routes: [
      Route.post('/v1/chat/completions', { access: Access.scope(issuer.scope('chat')), heavy: true, streams: true, promptSized: true }),
      Route.get('/v1/models', { access: Access.scope(issuer.scope('models')) }),
    ],
    admin: AdminSession.cognito(admins),
  }),
  authorizer: Authorizer.cognito(issuer, { scope: 'invoke' }),
  alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
});

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
