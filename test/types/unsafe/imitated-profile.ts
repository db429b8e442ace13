// expect: Property 'choice' is missing in type
// control: CFG-3
import type { Profile } from '../../../src';

export const unsafe: Profile = {
  _name: 'nodetool', _port: 8000, _needs: () => { throw new Error('nobody is asked'); }, _bind: () => { throw new Error('nobody is asked'); },
};
