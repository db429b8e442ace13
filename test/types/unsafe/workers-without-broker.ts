// expect: Property 'broker' is missing in type
// control: WCC-4, WCC-5
import type { Stack } from 'aws-cdk-lib';
import { type CoreImage, type IAuditTrail, type IPrivateNetwork, WorkerPool } from '../../../src';

/** Workers that get their credentials elsewhere. */
export const unsafe = (stack: Stack, network: IPrivateNetwork, image: CoreImage, audit: IAuditTrail): WorkerPool => new WorkerPool(stack, 'Workers', {
  network, image, audit, healthCheckCommand: ['CMD', '/health'],
});
