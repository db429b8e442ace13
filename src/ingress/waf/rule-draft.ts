import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Statement } from './statements';

/** A rule without what follows from its place and its web ACL: priority and metrics. */
export interface RuleDraft {
  readonly name: string;
  /** An action, or for a rule group an override of its actions. */
  readonly verdict: Pick<wafv2.CfnWebACL.RuleProperty, 'action' | 'overrideAction'>;
  readonly statement: Statement;
}
