import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** For those whose compiler does not tell them; a text stays out of the message. */
export function checkSecret(scope: IConstruct, prop: string, given: Partial<Secret> | null | undefined): void {
  if (typeof given?.arn === 'string') return;
  throw invalidProp(scope, prop, given && `of type ${typeof given}`, 'Name a secret: it is filled in from AWS Secrets Manager when a task starts, and stands nowhere in plain sight.');
}
