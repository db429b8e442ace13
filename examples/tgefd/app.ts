import { App, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AlarmTopic, Callers, CoreImage, Profile, ProfiledCore, Recipient, Route, SecureCoreChecks, TgefdAuth, TgefdScope } from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'Tgefd');

new ProfiledCore(stack, 'Core', {
  profile: Profile.tgefd({
    auth: TgefdAuth.jwt({
      issuer: 'https://login.acme.com/',
      jwksUri: 'https://login.acme.com/.well-known/jwks.json',
      audience: 'tgefd',
      scopePrefix: 'tgefd/',
      rolesClaim: 'roles',
    }),
    // The document names no paths: take those of your TGEFD.
    routes: {
      discover: [Route.post('/v1/discover')],
      evaluate: [Route.post('/v1/evaluate')],
      metrics: [Route.get('/v1/metrics')],
      jobs: [Route.subtree('/v1/jobs')],
    },
    roles: { analyst: [TgefdScope.DISCOVER, TgefdScope.EVALUATE, TgefdScope.JOBS] },
  }),
  environment: 'production',
  image: CoreImage.fromUri('111122223333.dkr.ecr.eu-central-1.amazonaws.com/tgefd@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
  ingress: {
    domainName: 'tgefd.acme.internal',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6'),
    callers: Callers.cidrs('10.20.0.0/16'),
  },
  alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
});

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
