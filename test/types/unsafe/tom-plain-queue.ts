// expect: 'tls' does not exist in type 'TomQueueProps'
// control: DAT-4
import type { Secret } from 'aws-cdk-lib/aws-ecs';
import { Access, type Authorizer, Profile, Route } from '../../../src';

/** Jobs and their results in plain text. */
export function unsafe(apiKeys: Secret, edge: Authorizer): Profile {
  return Profile.tom({ apiKeys, edge, routes: [Route.get('/api/job', { access: Access.authenticated() })], queue: { tls: false } });
}
