// expect: 'transitEncryptionEnabled' does not exist in type 'SecureRedisProps'
// control: DAT-4
import type { Stack } from 'aws-cdk-lib';
import { type IPrivateNetwork, SecureRedis } from '../../../src';

/** Passwords and counters in plain text. */
export const unsafe = (stack: Stack, network: IPrivateNetwork): SecureRedis => new SecureRedis(stack, 'Redis', { network, transitEncryptionEnabled: false });
