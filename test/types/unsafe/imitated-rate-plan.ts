// expect: Property 'props' is missing in type
// control: RTL-2, RTL-3
import type { RatePlan } from '../../../src';

export const unsafe: RatePlan = { _endUserClaim: undefined, _figures: () => { throw new Error('nobody is counted'); }, _serialize: () => { throw new Error('nobody is counted'); } };
