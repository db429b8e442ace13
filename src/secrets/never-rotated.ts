import type { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { answerAwsSolutions } from '../aws-solutions';
import { ROTATION_EXEMPT_METADATA } from './contract';

/** Says in the template why nothing renews a secret, where rules and reviewers read it (SEC-3). @param reason a sentence */
export function neverRotated(secret: Secret, reason: string): void {
  answerAwsSolutions(secret, 'SMG4', reason);
  (secret.node.defaultChild as CfnSecret).addMetadata(ROTATION_EXEMPT_METADATA, reason);
}
