// expect: 'endUserHeader' does not exist in type 'RatePlanProps'
// control: RTL-5
import { RatePlan } from '../../../src';

export const unsafe = RatePlan.perCaller({ endUserHeader: 'x-user' });
