import { App, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Access, AlarmTopic, Authorizer, Callers, CoreImage, Profile, ProfiledCore, RateOverride, RatePlan, Recipient, Route, SecureCoreChecks } from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'RemoteCore');

new ProfiledCore(stack, 'Core', {
  profile: Profile.remoteCore({
    authorizer: Authorizer.jwt({
      issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/.well-known/jwks.json', audience: 'core', scope: 'core/invoke', rolesClaim: 'roles',
    }),
    routes: [
      Route.post('/v1/evaluate', { access: Access.scope('core/evaluate'), heavy: true, streams: true, promptSized: true }),
      Route.get('/v1/models', { access: Access.authenticated() }),
    ],
  }),
  environment: 'production',
  image: CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Repository', 'core'), 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
  ingress: {
    domainName: 'core.acme.internal',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6'),
    callers: Callers.cidrs('10.20.0.0/16'),
  },
  alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
  gate: {
    ratePlan: RatePlan.perCaller({
      // The platform calls for many people: each has a budget of their own.
      endUserClaim: 'act_sub',
      overrides: [RateOverride.forRole('batch', { perSecond: 50, heavyPerMinute: 300, heavyBurst: 30, streams: 20 })],
    }),
  },
});

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
