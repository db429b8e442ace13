// expect: Property 'clientSecret' is missing
// control: CFG-4
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type MasterKey, type NodeToolAuth, Profile } from '../../../src';

export function unsafe(auth: NodeToolAuth, masterKey: MasterKey, restorers: IRole[]): Profile {
  return Profile.nodetool({ auth, masterKey, restorers, github: { clientId: 'Iv1.8a61f9b3a7aba766' } });
}
