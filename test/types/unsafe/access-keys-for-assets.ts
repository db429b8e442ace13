// expect: 'accessKeyId' does not exist in type 'AssetBucketProps'
// control: SEC-7, DAT-7
import type { Stack } from 'aws-cdk-lib';
import { AssetBucket } from '../../../src';

/** A key that never expires, for what the task's role does. */
export const unsafe = (stack: Stack): AssetBucket => new AssetBucket(stack, 'Assets', { accessKeyId: 'AKIA…' });
