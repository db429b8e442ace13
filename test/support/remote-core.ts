import { Stack, Token } from 'aws-cdk-lib';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import {
  Access, AlarmTopic, Authorizer, Callers, type CoreContainerProps, CoreImage, Ingress, type IngressProps, type JwtAuthorizerProps, Recipient, Route, SecureCore, type SecureCoreProps,
} from '../../src';

export const DIGEST = `sha256:${'ab'.repeat(32)}`;

export const JWT: JwtAuthorizerProps = {
  issuer: 'https://login.acme.com/',
  jwksUri: 'https://login.acme.com/.well-known/jwks.json',
  audience: 'core',
};

export function image(scope: Construct): CoreImage {
  return CoreImage.fromEcr(Repository.fromRepositoryName(scope, 'Repository', 'core'), DIGEST);
}

/** In the stack's own region, as far as that is known. */
export function certificate(scope: Construct, region = Stack.of(scope).region): ICertificate {
  const arn = `arn:aws:acm:${Token.isUnresolved(region) ? 'eu-central-1' : region}:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6`;
  return Certificate.fromCertificateArn(scope, 'Certificate', arn);
}

/** One a stack, for the Cores of which a test makes several. */
export function alarmTopic(stack: Stack): AlarmTopic {
  const made = stack.node.tryFindChild('Alarms');
  return made instanceof AlarmTopic ? made : new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] });
}

interface Overrides extends Partial<Omit<SecureCoreProps, 'container' | 'ingress'>> {
  readonly container?: Partial<CoreContainerProps>;
  readonly ingress?: Partial<IngressProps>;
}

/** The example's Core, with whatever a test lays over it. */
export function remoteCore(scope: Construct = new Stack(), { container, ingress, ...rest }: Overrides = {}, id = 'Core'): SecureCore {
  return new SecureCore(scope, id, {
    container: { image: image(scope), port: 8000, healthCheckPath: '/health', ...container },
    ingress: Ingress.internal({
      domainName: 'core.acme.internal',
      certificate: ingress?.certificate ?? certificate(scope),
      callers: Callers.cidrs('10.20.0.0/16'),
      routes: [Route.subtree('/', { access: Access.authenticated() })],
      ...ingress,
    }),
    authorizer: Authorizer.jwt(JWT),
    alarmTopic: rest.alarmTopic ?? alarmTopic(Stack.of(scope)),
    ...rest,
  });
}
