import { isIntrinsic, referencesIn } from '../json';
import type { Operator } from './operator';

/** Leaves a value out: `detach` where it is what ties the resource to another one, `remove` for an entry of a list, else `delete`. */
export const remove: Operator = ({ value, path, removable }) => {
  if (!removable) return [];
  if (isIntrinsic(value) && referencesIn(value).some((name) => !name.startsWith('AWS::'))) return [{ operator: 'detach' }];
  return [{ operator: typeof path.at(-1) === 'number' ? 'remove' : 'delete' }];
};
