import { type Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IAuditTrail } from '../audit/audit-trail';
import { AUDIT_EVENT } from '../audit/contract';
import { REFUSALS } from './protocol/contract';

/** Counts by worker who asked for what is not its own, from the audit records: the broker's own figures have no workers in them, or each would be a metric. */
export class WorkerRefusals extends Construct {
  private readonly ruleName: string;

  public constructor(scope: Construct, id: string, { hot }: IAuditTrail) {
    super(scope, id);
    this.ruleName = Names.uniqueResourceName(this, { maxLength: 120, separator: '-' });
    new cloudwatch.CfnInsightRule(this, 'Rule', {
      ruleName: this.ruleName,
      ruleState: 'ENABLED',
      // As the CloudWatch guide has it in "Contributor Insights rule syntax": three of at most four filters.
      ruleBody: Stack.of(this).toJsonString({
        Schema: { Name: 'CloudWatchLogRule', Version: 1 },
        LogGroupNames: [hot.logGroupName],
        LogFormat: 'JSON',
        Contribution: {
          Keys: ['$.worker'],
          Filters: [
            { Match: '$.event', In: [AUDIT_EVENT] },
            { Match: '$.worker', IsPresent: true },
            { Match: '$.status', EqualTo: REFUSALS.forbidden.status },
          ],
        },
        AggregateOn: 'Count',
      }),
    });
  }

  /** Refusals of the worker who was refused most. */
  public metricOfHighest(period: Duration): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({ expression: `INSIGHT_RULE_METRIC('${this.ruleName}', 'MaxContributorValue')`, period, label: 'Refusals of one worker' });
  }
}
