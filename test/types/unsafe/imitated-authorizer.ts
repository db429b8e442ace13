// expect: Property 'guard' is missing
import type { Authorizer } from '../../../src';

export const unsafe: Authorizer = { fetchesKeysFromInternet: false, _bind: (_scope, next) => next };
