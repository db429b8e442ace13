// expect: Property 'DEBUG' does not exist
// control: CFG-2
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { LogLevel, type MasterKey, type NodeToolAuth, Profile } from '../../../src';

export function unsafe(auth: NodeToolAuth, masterKey: MasterKey, restorers: IRole[]): Profile {
  return Profile.nodetool({ auth, masterKey, restorers, logLevel: LogLevel.DEBUG });
}
