// expect: missing the following properties from type 'Authorizer'
// control: IDN-1
import type { Authorizer } from '../../../src';

export const unsafe: Authorizer = { fetchesKeysFromInternet: false, _hosts: [], _bind: () => ({ guard: (next) => next }) };
