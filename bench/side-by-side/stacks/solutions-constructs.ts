import { AlbToFargate } from '@aws-solutions-constructs/aws-alb-fargate';
import { type App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CERTIFICATE_ARN, ENVIRONMENT } from './place';

/** What the README of aws-alb-fargate shows, with the names of this comparison. */
export function solutionsConstructs(app: App): void {
  const stack = new Stack(app, 'SolutionsConstructs', { env: ENVIRONMENT });
  new AlbToFargate(stack, 'Service', {
    ecrRepositoryArn: `arn:aws:ecr:${ENVIRONMENT.region}:${ENVIRONMENT.account}:repository/core`,
    ecrImageVersion: 'latest',
    listenerProps: { certificates: [Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE_ARN)] },
    publicApi: true,
  });
}
