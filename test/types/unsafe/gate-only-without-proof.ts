// expect: Expected at least 1 arguments, but got 0
// control: IDN-1
import { Authorizer } from '../../../src';

export const unsafe = Authorizer.gateOnly();
