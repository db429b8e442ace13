// expect: Expected 1 arguments, but got 0
// control: NET-2
import { Callers } from '../../../src';

export const unsafe = Callers.internet();
