import { type Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AUDIT_EVENT, type AuditOutcome, type AuditRecord } from '../audit/contract';
import type { IAuditTrail } from '../audit/audit-trail';

const field = (name: keyof AuditRecord): string => `$.${name}`;

/**
 * Counts refusals by caller, from the audit records: a rule of Contributor Insights, since a metric with the caller as its dimension would be one for each caller.
 *
 * Callers who were not proven have no identity in a record and are counted together elsewhere. Contributor Insights looks at what a log group takes in from
 * now on, and finds the highest counts, which are exact while there are few of them (CloudWatch guide, "Contributor Insights").
 */
export class IdentityRefusals extends Construct {
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
          Keys: [field('identity')],
          Filters: [
            { Match: '$.event', In: [AUDIT_EVENT] },
            { Match: field('outcome'), In: ['refused' satisfies AuditOutcome] },
            { Match: field('identity'), IsPresent: true },
          ],
        },
        AggregateOn: 'Count',
      }),
    });
  }

  /** Refusals of the caller who was refused most. An alarm may be made of it (CloudWatch guide, "Setting an alarm on Contributor Insights metric data"). */
  public metricOfHighest(period: Duration): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({ expression: `INSIGHT_RULE_METRIC('${this.ruleName}', 'MaxContributorValue')`, period, label: 'Refusals of one caller' });
  }
}
