// expect: 'publiclyAccessible' does not exist in type 'SecurePostgresProps'
// control: DAT-3
import type { Stack } from 'aws-cdk-lib';
import { type IPrivateNetwork, SecurePostgres } from '../../../src';

/** A database with an address on the internet. */
export const unsafe = (stack: Stack, network: IPrivateNetwork): SecurePostgres => new SecurePostgres(stack, 'Postgres', { network, publiclyAccessible: true });
