// expect: missing the following properties from type 'Authorizer'
// control: IDN-1
import type { Authorizer } from '../../../src';

/** Says of a function that it asks everybody for a proof, and of nothing that it does. */
export const unsafe: Authorizer = { _isForFunction: true, _isGateOnly: false, _hosts: [], fetchesKeysFromInternet: false, _bind: () => ({ guard: (next) => next }) };
