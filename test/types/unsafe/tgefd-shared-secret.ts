// expect: 'secret' does not exist in type 'TgefdJwtProps'
// control: IDN-2
import type { Secret } from 'aws-cdk-lib/aws-ecs';
import { TgefdAuth } from '../../../src';

export const unsafe = (secret: Secret): TgefdAuth => TgefdAuth.jwt({ issuer: 'https://login.acme.com/', audience: 'tgefd', secret });
