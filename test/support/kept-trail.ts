import { type Stack } from 'aws-cdk-lib';
import { AuditTrail, type AuditTrailProps } from '../../src';
import { awslogs } from './audit-path';
import { configured, gateTask } from './gated';

/** An audit trail, and a gate and its Core that log into it. */
export function keptTrail(stack: Stack, props: AuditTrailProps = {}): AuditTrail {
  const audit = new AuditTrail(stack, 'Audit', props);
  gateTask(stack, configured(), awslogs(audit.hot.logGroupName), awslogs(audit.hot.logGroupName));
  return audit;
}
