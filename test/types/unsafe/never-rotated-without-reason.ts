// expect: Expected 1 arguments, but got 0
// control: SEC-3
import { Rotation } from '../../../src';

/** Nobody could tell forgetting from deciding. */
export const unsafe = (): Rotation => Rotation.never();
