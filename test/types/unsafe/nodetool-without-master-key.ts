// expect: Property 'masterKey' is missing
// control: SEC-5
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type NodeToolAuth, Profile } from '../../../src';

export function unsafe(auth: NodeToolAuth, restorers: IRole[]): Profile {
  return Profile.nodetool({ auth, restorers });
}
