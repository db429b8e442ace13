import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AuditPolicy } from './audit-policy';
import { POLICY_METADATA, type StatedPolicy } from './contract';
import type { RetentionTiers } from './retention-tiers';

/** Writes down, beside a log group or a bucket, what is decided about the records in it (AUD-5). */
export function statePolicy(construct: IConstruct, { document, owner, personalData, erasure }: AuditPolicy, tiers: RetentionTiers): void {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) return;
  const stated: StatedPolicy = {
    ...(document !== undefined && { document }),
    ...(owner !== undefined && { owner }),
    retention: {
      hot: tiers.hotUntil.toDays(), warm: tiers.warmUntil.toDays(), cold: tiers.coldUntil.toDays(), lock: tiers.lockedUntil.toDays(), expiry: tiers.expiresAfter.toDays(),
    },
    personalData,
    erasure,
  };
  resource.addMetadata(POLICY_METADATA, stated);
}
