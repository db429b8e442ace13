import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/**
 * Refuses a profile without what it cannot be without, for those whose compiler does not tell them.
 *
 * @param required what to do about each
 */
export function checkGiven<P extends object>(scope: IConstruct, props: P, required: { readonly [prop in keyof P]?: string }): void {
  // From JavaScript anything may come.
  const given = props as Partial<P> | null | undefined;
  for (const prop of Object.keys(required) as (keyof P & string)[]) {
    if ((given?.[prop] ?? undefined) === undefined) throw invalidProp(scope, `profile.${prop}`, undefined, required[prop] ?? '');
  }
}

/** For those whose compiler does not tell them; a text stays out of the message. */
export function checkSecret(scope: IConstruct, prop: string, given: Partial<Secret> | null | undefined): void {
  if (typeof given?.arn === 'string') return;
  throw invalidProp(scope, prop, given && `of type ${typeof given}`, 'Name a secret: it is filled in from AWS Secrets Manager when a task starts, and stands nowhere in plain sight.');
}
