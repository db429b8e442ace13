// expect: Expected 1 arguments, but got 0
// control: AZN-1
import { Access } from '../../../src';

export const unsafe = Access.scope();
