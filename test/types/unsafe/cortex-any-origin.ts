// expect: Type 'string' is not assignable to type 'HttpsOrigin'
// control: HDR-1
import { Profile } from '../../../src';

export function unsafe(): Profile {
  return Profile.cortex({ corsOrigins: ['*'] });
}
