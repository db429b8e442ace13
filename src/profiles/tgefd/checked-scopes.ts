import type { IConstruct } from 'constructs';
import { invalidProp } from '../../invalid-prop';
import { TgefdScope } from './tgefd-scope';

const ALL: readonly string[] = Object.values(TgefdScope);

/** Refuses a grant of nothing, and from those whose compiler does not tell them what is no scope. */
export function checkScopes(scope: IConstruct, prop: string, granted: readonly TgefdScope[], among: readonly string[] = ALL): void {
  const todo = `Name some of ${among.join(', ')}.`;
  if (granted.length === 0) throw invalidProp(scope, prop, granted, todo);
  const other = granted.find((one) => !among.includes(one));
  if (other !== undefined) throw invalidProp(scope, prop, other, todo);
}
