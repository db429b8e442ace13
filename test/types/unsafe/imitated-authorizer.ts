// expect: Property 'guard' is missing
// control: IDN-1
import type { Authorizer } from '../../../src';

export const unsafe: Authorizer = { fetchesKeysFromInternet: false, _bind: (_scope, next) => next };
