// expect: Type 'string' is not assignable to type 'HttpsOrigin'
// control: HDR-1, HDR-2
import type { CorsOptions } from '../../../src';

export const unsafe: CorsOptions = { origins: ['*'], allowCredentials: true };
