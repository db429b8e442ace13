import { Annotations, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { isFilledByHand, madeBehind } from '../secrets/container-secret';

/** Says what a first deployment would come to: a task whose secret has no value cannot start, and nobody can fill one that the same deployment makes. */
export function warnOfEmpty(scope: Construct, held: readonly ecs.Secret[]): void {
  const made = held.map((given) => madeBehind(scope, given)).filter((secret): secret is ISecret => isFilledByHand(secret));
  for (const { node, stack } of made) {
    if (stack !== Stack.of(scope)) continue;
    Annotations.of(scope).addWarningV2(`cdk-secure-core:empty-secret:${node.path}`,
      `${node.path} is empty until somebody fills it, and tasks that hold it cannot start: a first deployment is rolled back. Make it in a stack of its own, and fill it before this one is deployed.`);
  }
}
