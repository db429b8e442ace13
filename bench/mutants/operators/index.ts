import type { Operator } from './operator';
import { remove } from './remove';
import { choose, flip, scale, widen } from './values';

export const OPERATORS: readonly Operator[] = [remove, flip, choose, scale, widen];
