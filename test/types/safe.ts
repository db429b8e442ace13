import type { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Access, Authorizer, Callers, CoreImage, Ingress, Route, SecureCore, TlsFloor } from '../../src';

/** The programs beside this one differ from it by one unsafe thing each. */
export function safe(stack: Stack, repository: IRepository, certificate: ICertificate, platform: ISecurityGroup, alarmTopic: ITopic): SecureCore {
  return new SecureCore(stack, 'Core', {
    container: { image: CoreImage.fromEcr(repository, 'sha256:…'), port: 8000, healthCheckPath: '/health' },
    ingress: Ingress.internal({
      domainName: 'core.acme.internal',
      certificate,
      callers: Callers.securityGroups(platform),
      routes: [Route.post('/v1/evaluate', { access: Access.scope('core/evaluate') })],
      tlsFloor: TlsFloor.TLS_1_3,
    }),
    authorizer: Authorizer.jwt({ issuer: 'https://login.acme.com/', jwksUri: 'https://login.acme.com/jwks', audience: 'core' }),
    alarmTopic,
  });
}
