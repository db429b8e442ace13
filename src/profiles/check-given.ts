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
