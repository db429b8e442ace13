import type { ObjectLockConfiguration, PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import type { DoctorAws } from '../aws';
import { answerOf, type Check, examine, forEach, okIf, type Result } from '../examine';
import { ofType, type Ward } from '../ward';

type Known<Name extends keyof DoctorAws> = DoctorAws[Name] extends (...args: never[]) => Promise<infer Answer> ? NonNullable<Answer> : never;

export const VERSIONS: readonly Check<Known<'versioningOf'>>[] = [
  { item: 'buckets.versions', judge: (status) => okIf(status === 'Enabled', status === 'Suspended' ? 'has stopped to keep older versions' : 'keeps no older versions') },
];

export const ENCRYPTION: readonly Check<Known<'encryptionOf'>>[] = [
  { item: 'buckets.encryption', judge: (algorithms) => okIf(algorithms.length > 0 && algorithms.every((one) => one.startsWith('aws:kms')), 'has no key of its own') },
];

export const PUBLIC_BLOCK: readonly Check<PublicAccessBlockConfiguration>[] = [
  {
    item: 'buckets.public-block',
    judge: ({ BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets }) => (
      okIf([BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets].every((one) => one === true), 'could be made public')),
  },
];

/** Whether objects are locked as they arrive, for a time. */
export const locks = (lock: ObjectLockConfiguration | 'never'): boolean => lock !== 'never' && ((lock.Rule?.DefaultRetention?.Days ?? 0) > 0 || (lock.Rule?.DefaultRetention?.Years ?? 0) > 0);

export const LOCK: readonly Check<Known<'lockOf'>>[] = [
  { item: 'buckets.lock', judge: (lock) => (lock === 'never' ? undefined : okIf(locks(lock), 'locks nothing that is new')) },
];

export async function examineBuckets(ward: Ward): Promise<readonly Result[]> {
  const { aws } = ward;
  const logs = await logBuckets(ward);
  return forEach(ofType(ward, 'AWS::S3::Bucket'), async ({ path, physicalId: bucket }) => [
    ...await examine(path, () => aws.publicBlockOf(bucket), PUBLIC_BLOCK),
    // A load balancer writes each log once, and with no key of ours (ELB guide, "Enable access logs").
    ...logs.has(bucket) ? [] : [...await examine(path, () => aws.versioningOf(bucket), VERSIONS), ...await examine(path, () => aws.encryptionOf(bucket), ENCRYPTION)],
    ...await examine(path, () => aws.lockOf(bucket), LOCK),
  ]);
}

/** What load balancers write their logs to. */
async function logBuckets({ aws, loadBalancers }: Ward): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { physicalId } of loadBalancers) {
    const asked = await answerOf(() => aws.loadBalancerOf(physicalId));
    const attributes = ('answer' in asked ? asked.answer?.attributes : undefined) ?? new Map<string, string>();
    for (const name of ['access_logs.s3.bucket', 'connection_logs.s3.bucket']) found.add(attributes.get(name) ?? '');
  }
  return found;
}
