import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';

/** Why Amazon ECS says that a task stopped, where nobody had asked for it (Amazon ECS API, Task, stopCode); the others are deployments, scaling and people. */
const FAULTS = ['EssentialContainerExited', 'TaskFailedToStart'];

/**
 * Counts the tasks of a service that ended by themselves: Amazon ECS tells of them by events and by no metric, unless the cluster has Container Insights.
 *
 * The rule has no target: how often it matched is a metric of its own. That AWS counts a rule without a target was not proven.
 */
export class TaskFailures extends Construct {
  private readonly rule: events.Rule;

  public constructor(scope: Construct, id: string, { service }: { readonly service: ecs.IBaseService }) {
    super(scope, id);
    const { cluster, node, serviceName } = service;
    this.rule = new events.Rule(this, 'Rule', {
      description: `Tasks of ${node.path} that failed`,
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [cluster.clusterArn], group: [`service:${serviceName}`], lastStatus: ['STOPPED'], stopCode: FAULTS },
      },
    });
  }

  /** How many there were. */
  public metric(period: Duration): cloudwatch.Metric {
    return new cloudwatch.Metric({ namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensionsMap: { RuleName: this.rule.ruleName }, period, statistic: cloudwatch.Stats.SUM });
  }
}
