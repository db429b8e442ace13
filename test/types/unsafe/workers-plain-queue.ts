// expect: Type 'string' is not assignable to type 'RedisUser'
// control: DAT-4
import type { Stack } from 'aws-cdk-lib';
import { type CoreImage, type CredentialBroker, type IAuditTrail, type IPrivateNetwork, WorkerPool } from '../../../src';

/** Jobs in plain text, from a queue that anybody may write to. */
export const unsafe = (stack: Stack, broker: CredentialBroker, network: IPrivateNetwork, image: CoreImage, audit: IAuditTrail): WorkerPool => new WorkerPool(stack, 'Workers', {
  broker, network, image, audit, healthCheckCommand: ['CMD', '/health'], queue: 'redis://queue.acme.internal:6379',
});
