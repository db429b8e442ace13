// expect: Constructor of class 'RatePlan' is private
// control: RTL-2
import { RatePlan } from '../../../src';

export const unsafe = new RatePlan({ perSecond: Infinity });
