// expect: Type 'string' is not assignable to type 'Secret'
// control: SEC-1
import { Access, type Authorizer, Profile, Route } from '../../../src';

/** Callers' keys in the template. */
export function unsafe(edge: Authorizer): Profile {
  return Profile.tom({ apiKeys: '["key1:user1"]', edge, routes: [Route.get('/api/job', { access: Access.authenticated() })] });
}
