// expect: Expected 1 arguments, but got 0
// control: SEC-11
import { Rollout } from '../../../src';

/** Running tasks would never see a new value. */
export const unsafe = (): Rollout => Rollout.none();
