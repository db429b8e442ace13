// expect: 's3AccessKeyId' does not exist
// control: SEC-7
import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type MasterKey, type NodeToolAuth, Profile } from '../../../src';

export function unsafe(auth: NodeToolAuth, masterKey: MasterKey, restorers: IRole[], s3AccessKeyId: Secret): Profile {
  return Profile.nodetool({ auth, masterKey, restorers, s3AccessKeyId });
}
