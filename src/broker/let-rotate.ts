import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { grantKey } from '../secrets/container-secret';

/** What the four steps of a rotation take (Secrets Manager guide, "Lambda rotation function execution role permissions"). */
const STEPS = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];

/** Lets a function of the user's renew a credential that is made for him: he has no hand on its secret. */
export function letRotate(secret: ISecret, rotation: lambda.IFunction): void {
  grantKey(secret, rotation, ['kms:Decrypt', 'kms:GenerateDataKey']);
  iam.Grant.addToPrincipal({ grantee: rotation, actions: STEPS, resourceArns: [secret.secretArn] });
}
