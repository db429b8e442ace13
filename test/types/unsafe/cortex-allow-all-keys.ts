// expect: 'allowAllKeys' does not exist in type 'CortexProfileProps'
// control: IDN-9
import { type HttpsOrigin, Profile } from '../../../src';

export function unsafe(corsOrigins: HttpsOrigin[]): Profile {
  return Profile.cortex({ corsOrigins, allowAllKeys: true });
}
