import { Aws } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * A secret that ECS reads for a container, granted by the policy of the role alone.
 *
 * The CDK would name the role in the key's policy as well: a Redis of another stack would then depend on the stack that depends on it.
 */
export function containerSecret(secret: ISecret): ecs.Secret {
  const { arn } = ecs.Secret.fromSecretsManager(secret);
  return {
    arn,
    grantRead: (grantee) => {
      if (secret.encryptionKey) {
        iam.Grant.addToPrincipal({
          grantee,
          actions: ['kms:Decrypt'],
          resourceArns: [secret.encryptionKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
        });
      }
      return iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], resourceArns: [secret.secretArn] });
    },
  };
}
