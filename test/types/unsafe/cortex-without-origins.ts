// expect: Property 'corsOrigins' is missing
// control: CFG-4
import { Profile } from '../../../src';

export function unsafe(): Profile {
  return Profile.cortex({});
}
