import type { TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Check, examine, forEach, judgedBy, OK, okIf, type Result, unknown, wrong } from '../examine';
import type { Ward } from '../ward';

export const TARGET_GROUPS: readonly Check<Pick<TargetGroup, 'Protocol' | 'TargetType'>>[] = [
  {
    item: 'targets.tls',
    // A function is called by the API of AWS Lambda.
    judge: ({ Protocol = '', TargetType }) => (TargetType === 'lambda' ? undefined : okIf(Protocol === 'HTTPS' || Protocol === 'TLS', 'is spoken to without TLS')),
  },
];

export const TARGETS: readonly Check<readonly TargetHealthDescription[]>[] = [
  {
    item: 'targets.healthy',
    judge: (targets) => {
      if (targets.length === 0) return unknown('nothing is registered');
      if (targets.every(({ TargetHealth }) => TargetHealth?.Reason === 'Target.HealthCheckDisabled')) return undefined;
      const count = (...states: readonly string[]): number => targets.filter(({ TargetHealth }) => states.includes(TargetHealth?.State ?? '')).length;
      const ill = count('unhealthy', 'unavailable');
      if (ill > 0) return wrong(`has ${targets.length} targets, of which ${ill} do not answer as they should`);
      return count('healthy') > 0 ? OK : unknown('no target is healthy yet');
    },
  },
];

export function examineTargets({ aws, targetGroups }: Ward): Promise<readonly Result[]> {
  return forEach(targetGroups, async ({ path, physicalId, asked }) => [
    ...judgedBy(path, asked, TARGET_GROUPS),
    ...await examine(path, () => aws.targetsOf(physicalId), TARGETS),
  ]);
}
