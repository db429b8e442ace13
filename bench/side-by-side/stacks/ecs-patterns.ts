import { type App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancedFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { CERTIFICATE_ARN, DOMAIN, ENVIRONMENT } from './place';

/** What the README of aws-ecs-patterns shows under "Configure HTTPS"; the zone by its id, since a look-up needs an account. */
export function ecsPatterns(app: App): void {
  const stack = new Stack(app, 'EcsPatterns', { env: ENVIRONMENT });
  new ApplicationLoadBalancedFargateService(stack, 'Service', {
    minHealthyPercent: 100,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE_ARN),
    sslPolicy: SslPolicy.RECOMMENDED,
    domainName: DOMAIN,
    domainZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'acme.internal' }),
    redirectHTTP: true,
    taskImageOptions: { image: ContainerImage.fromRegistry('amazon/amazon-ecs-sample') },
  });
}
