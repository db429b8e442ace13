// expect: Expected 1 arguments, but got 0
// control: SEC-3
import { Rotation } from '../../../src';

/** A secret that is renewed at no time in particular. */
export const unsafe = (): Rotation => Rotation.every();
