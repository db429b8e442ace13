import type { IConstruct } from 'constructs';
import { invalidProp } from './invalid-prop';

/**
 * Refuses to go on without a prop that nobody can leave out, for those whose compiler does not tell them.
 *
 * @param required what to do about each
 * @param place in front of each, such as `profile.`
 */
export function checkGiven<P extends object>(scope: IConstruct, props: P, required: { readonly [prop in keyof P]?: string }, place = ''): void {
  // From JavaScript anything may come.
  const given = props as Partial<P> | null | undefined;
  for (const prop of Object.keys(required) as (keyof P & string)[]) {
    if (!given?.[prop]) throw invalidProp(scope, `${place}${prop}`, given?.[prop] ?? undefined, required[prop] ?? '');
  }
}
