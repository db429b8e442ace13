// expect: Property 'auth' is missing
// control: CFG-3
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type MasterKey, Profile } from '../../../src';

export function unsafe(masterKey: MasterKey, restorers: IRole[]): Profile {
  return Profile.nodetool({ masterKey, restorers });
}
