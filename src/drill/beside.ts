import type { Resource } from '../checks/template/resource';

/**
 * Of the resources that a name may mean, those of the template in which it is written. Where that has none, all of them: an import may have led to one.
 * Templates of one drill are those of several stacks, and each counts its logical ids by itself.
 */
export function beside(candidates: readonly Resource[], stack: string): readonly Resource[] {
  const own = candidates.filter(({ template }) => template.name === stack);
  return own.length > 0 ? own : candidates;
}
