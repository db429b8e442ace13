// expect: Property 'forEverybody' does not exist on type 'typeof RateOverride'
// control: RTL-5
import { RateOverride } from '../../../src';

export const unsafe = RateOverride.forEverybody({ perSecond: 1000 });
