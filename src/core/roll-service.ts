import { Annotations, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { madeBehind, readinessOf } from '../secrets/container-secret';
import { ROLLOUT_EXEMPT_METADATA } from '../secrets/contract';
import type { Rollout } from '../secrets/rollout';
import { rolloutOf, RotationRollout } from '../secrets/rotation-rollout';
import { rotationBehind } from '../secrets/secret-rotation';

interface RolledService {
  readonly service: ecs.IBaseService;
  /** By the tasks of the service. */
  readonly held: readonly ecs.Secret[];
  readonly choice: Rollout;
  /** What rolls those out that nothing rolls yet. @default - a new one, once it is needed */
  readonly rollout?: RotationRollout;
  readonly removalPolicy: RemovalPolicy;
  readonly alarmTopic?: ITopic;
}

/**
 * Sees to it that a service gets the secrets that are renewed: that it starts only once they are good for something, and starts anew when they change.
 *
 * A secret that something rolls out already is given to nobody else: only who knows all of its holders can tell when the old value is held no more.
 *
 * @returns what was made for it, if anything had to be
 */
export function rollService(parent: Construct, { service, held, choice, rollout: given, removalPolicy, alarmTopic }: RolledService): RotationRollout | undefined {
  const rotations = [...new Set(held.map((given) => rotationBehind(parent, given)).filter((rotation) => rotation !== undefined))];
  const ready = [...rotations.map((rotation) => rotation.ready), ...held.map((given) => readinessOf(madeBehind(parent, given)))];
  for (const one of ready) if (one) service.node.addDependency(one);
  if (choice._reason !== undefined) {
    for (const { secret } of rotations) exempt(secret, choice._reason);
    return undefined;
  }
  let own = given;
  for (const rotation of rotations) {
    const other = rolloutOf(rotation.secret);
    if (other && Stack.of(other) !== Stack.of(parent)) {
      // The other stack would depend on this one, which depends on it.
      Annotations.of(parent).addWarningV2('cdk-secure-core:rolled-elsewhere',
        `${other.node.path} rolls ${rotation.secret.node.path} out, and this service holds it as well: name the service there, or its tasks are shut out with the old value.`);
      continue;
    }
    const rollout = other ?? (own ??= new RotationRollout(parent, 'Rollout', { removalPolicy, alarmTopic }));
    rollout.roll(rotation, service);
  }
  return own;
}

/** Rules and reviewers read it in the template, beside what is renewed. */
function exempt(secret: ISecret, reason: string): void {
  const resource = secret.node.defaultChild;
  if (resource instanceof CfnSecret) resource.addMetadata(ROLLOUT_EXEMPT_METADATA, reason);
}
