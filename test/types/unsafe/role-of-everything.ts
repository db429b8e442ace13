// expect: is not assignable to type 'string[]'
// control: AZN-3, AZN-4
import { AccessPolicy, type Route } from '../../../src';

export const unsafe = (routes: Route[]): AccessPolicy => AccessPolicy.fromRoutes(routes, { roles: { admin: '*' } });
