import { CfnResource, type Stack } from 'aws-cdk-lib';

/** A resource as it stands in a hand-written template. */
export function written(stack: Stack, id: string, type: string, properties: Readonly<Record<string, unknown>> = {}, metadata: Readonly<Record<string, unknown>> = {}): CfnResource {
  const resource = new CfnResource(stack, id, { type, properties });
  for (const [key, value] of Object.entries(metadata)) resource.addMetadata(key, value);
  return resource;
}

export const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000';

/** A secret that is as it should be by itself: 64 letters and digits, a key of somebody's own. */
export function secret(stack: Stack, properties: Readonly<Record<string, unknown>> = {}, metadata: Readonly<Record<string, unknown>> = {}, id = 'Key'): CfnResource {
  return written(stack, id, 'AWS::SecretsManager::Secret', { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true }, KmsKeyId: KEY_ARN, ...properties }, metadata);
}

/** What rotates it every thirty days. */
export function rotation(stack: Stack, secretId: unknown, properties: Readonly<Record<string, unknown>> = {}, id = 'Rotation'): CfnResource {
  return written(stack, id, 'AWS::SecretsManager::RotationSchedule', {
    SecretId: secretId, RotationLambdaARN: 'arn:aws:lambda:eu-central-1:111122223333:function:rotate', RotationRules: { AutomaticallyAfterDays: 30 }, ...properties,
  });
}

/** One statement as a policy. */
export const policyOf = (statement: Readonly<Record<string, unknown>>): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** A function of which nothing matters but that it is there. */
export function callable(stack: Stack, id: string): CfnResource {
  return written(stack, id, 'AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/core', Code: { ZipFile: '//' }, Runtime: 'nodejs22.x', Handler: 'index.handler' });
}

/** Lets a service call it. */
export function permission(stack: Stack, fn: CfnResource, service: string, properties: Readonly<Record<string, unknown>> = {}, id = 'Permission'): CfnResource {
  return written(stack, id, 'AWS::Lambda::Permission', { FunctionName: fn.getAtt('Arn'), Action: 'lambda:InvokeFunction', Principal: service, ...properties });
}
