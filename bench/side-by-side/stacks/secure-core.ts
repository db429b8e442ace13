import { type App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Access, AlarmTopic, Authorizer, Callers, CoreImage, Ingress, Recipient, Route, SecureCore } from '../../../src';
import { CERTIFICATE_ARN, DOMAIN, ENVIRONMENT } from './place';

/** The reference stack: the SecureCore inside of examples/remote-core, without the pack. */
export function secureCore(app: App): void {
  const stack = new Stack(app, 'SecureCore', { env: ENVIRONMENT });
  new SecureCore(stack, 'Core', {
    container: {
      image: CoreImage.fromEcr(Repository.fromRepositoryName(stack, 'Repository', 'core'), `sha256:${'ab'.repeat(32)}`),
      port: 8000,
      healthCheckPath: '/health',
    },
    ingress: Ingress.internal({
      domainName: DOMAIN,
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE_ARN),
      callers: Callers.cidrs('10.20.0.0/16'),
      routes: [Route.post('/v1/evaluate', { access: Access.scope('core/evaluate'), heavy: true, promptSized: true }), Route.get('/v1/models', { access: Access.authenticated() })],
    }),
    authorizer: Authorizer.jwt({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/.well-known/jwks.json', audience: 'core', scope: 'core/invoke' }),
    alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
  });
}
