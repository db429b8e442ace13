import { Aws } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** What an application load balancer answers itself. */
export const OWN_ERRORS: readonly string[] = ['HTTPCode_ELB_4XX_Count', 'HTTPCode_ELB_5XX_Count'];
/** What it answers, and what its targets answer. */
export const ALL_ERRORS: readonly string[] = [...OWN_ERRORS, 'HTTPCode_Target_4XX_Count', 'HTTPCode_Target_5XX_Count'];

const NAMESPACE = 'AWS/ApplicationELB';
const PERIOD = 300;

/** A topic under a key that CloudWatch may use, by which somebody is told. */
export function pager(scope: Construct): string {
  const root = { Effect: 'Allow', Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` }, Action: 'kms:*', Resource: '*' };
  const cloudWatch = {
    Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  };
  const key = new CfnKey(scope, 'PagerKey', { enableKeyRotation: true, keyPolicy: { Version: '2012-10-17', Statement: [root, cloudWatch] } });
  const alias = new CfnAlias(scope, 'PagerAlias', { aliasName: 'alias/pager', targetKeyId: key.attrArn });
  const topic = new CfnTopic(scope, 'Pager', { kmsMasterKeyId: alias.ref });
  new CfnTopicPolicy(scope, 'PagerPolicy', {
    topics: [topic.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish', Resource: topic.ref, Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } },
        { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: topic.ref, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    },
  });
  new CfnSubscription(scope, 'PagerByMail', { topicArn: topic.ref, protocol: 'email', endpoint: 'on-call@acme.com' });
  return topic.ref;
}

/** One alarm a metric, which counts. */
export function countErrors(scope: Construct, balancer: CfnLoadBalancer, topicArn: string): readonly CfnAlarm[] {
  return ALL_ERRORS.map((metricName) => new CfnAlarm(scope, `Alarm${metricName.replaceAll('_', '')}`, {
    namespace: NAMESPACE, metricName, dimensions: [{ name: 'LoadBalancer', value: balancer.attrLoadBalancerFullName }], statistic: 'Sum', period: PERIOD,
    comparisonOperator: 'GreaterThanOrEqualToThreshold', threshold: 50, evaluationPeriods: 2, datapointsToAlarm: 2, treatMissingData: 'notBreaching', alarmActions: [topicArn],
  }));
}

/** One alarm for several metrics, by what share of the requests failed. */
export function weighErrors(scope: Construct, balancer: CfnLoadBalancer, metricNames: readonly string[], topicArn: string): CfnAlarm {
  const of = (id: string, metricName: string): CfnAlarm.MetricDataQueryProperty => ({
    id, returnData: false,
    metricStat: { metric: { namespace: NAMESPACE, metricName, dimensions: [{ name: 'LoadBalancer', value: balancer.attrLoadBalancerFullName }] }, period: PERIOD, stat: 'Sum' },
  });
  const errors = metricNames.map((name, index) => of(`e${index}`, name));
  const sum = errors.map(({ id }) => `FILL(${id}, 0)`).join(' + ');
  return new CfnAlarm(scope, `${balancer.node.id}Errors`, {
    metrics: [...errors, of('requests', 'RequestCount'), { id: 'share', expression: `IF(requests >= 20, 100 * (${sum}) / requests, 0)`, label: 'Share of errors' }],
    comparisonOperator: 'GreaterThanThreshold', threshold: 5, evaluationPeriods: 3, datapointsToAlarm: 2, treatMissingData: 'notBreaching', alarmActions: [topicArn],
  });
}
