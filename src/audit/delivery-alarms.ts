import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { told } from '../observability/told';
import { BUFFERING } from './delivery';

/** What a delivery is measured by. */
export interface DeliveryMetrics {
  /** Seconds that the oldest record has waited which is not in S3 yet. */
  readonly age: cloudwatch.Metric;
  /** Of the attempts to write to S3, the share that worked: 1 is all of them. */
  readonly success: cloudwatch.Metric;
  /** Records that could not be unpacked and lie below `failed/`. */
  readonly unreadable: cloudwatch.Metric;
  /** Batches that CloudWatch Logs could not hand to the stream and gave up on. */
  readonly lost: cloudwatch.Metric;
  /** Objects that did not get into the archive. */
  readonly unreplicated: cloudwatch.Metric;
}

const PERIOD = Duration.minutes(5);

/** How long records may wait before somebody is told: twice as long as they are collected (our figure). */
const LATE_AFTER = Duration.seconds(2 * BUFFERING.intervalInSeconds);

/** Whoever is late by one look is late by two: the stream tells its age every minute or so, also while nothing arrives. */
const LATE_PERIODS = 2;

interface Alarmed {
  readonly metric: keyof DeliveryMetrics;
  readonly says: string;
  readonly threshold: number;
  readonly periods: number;
  readonly comparison: cloudwatch.ComparisonOperator;
}

const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = cloudwatch.ComparisonOperator;

/**
 * None of these is told while there is nothing to deliver, and a Core without callers has no records: what is missing is no fault here. That records are
 * missing which should be there is told by their numbers (`seq`), and by what the gate counts.
 */
const MISSING = cloudwatch.TreatMissingData.NOT_BREACHING;

const ALARMS: Readonly<Record<string, Alarmed>> = {
  Late: { metric: 'age', says: 'Audit records wait too long to be archived', threshold: LATE_AFTER.toSeconds(), periods: LATE_PERIODS, comparison: GREATER_THAN_THRESHOLD },
  Refused: { metric: 'success', says: 'S3 refuses audit records', threshold: 1, periods: 1, comparison: LESS_THAN_THRESHOLD },
  Unreadable: { metric: 'unreadable', says: 'Audit records could not be unpacked and lie below failed/', threshold: 0, periods: 1, comparison: GREATER_THAN_THRESHOLD },
  Lost: { metric: 'lost', says: 'Audit records could not be handed to their delivery stream', threshold: 0, periods: 1, comparison: GREATER_THAN_THRESHOLD },
  Unlocked: { metric: 'unreplicated', says: 'Audit records did not get into the archive that locks them', threshold: 0, periods: 1, comparison: GREATER_THAN_THRESHOLD },
};

/** Everything of AWS's own that tells of a delivery (Firehose guide, "Monitor with CloudWatch metrics"; CloudWatch Logs guide and S3 guide, the same). */
export function deliveryMetrics(stream: string, logGroup: string, filter: string, buckets: { readonly from: string; readonly to: string; readonly rule: string }): DeliveryMetrics {
  const of = (namespace: string, metricName: string, statistic: string, dimensionsMap: Readonly<Record<string, string>>): cloudwatch.Metric =>
    new cloudwatch.Metric({ namespace, metricName, dimensionsMap, period: PERIOD, statistic });
  const ofStream = (metricName: string, statistic: string): cloudwatch.Metric => of('AWS/Firehose', metricName, statistic, { DeliveryStreamName: stream });
  return {
    age: ofStream('DeliveryToS3.DataFreshness', cloudwatch.Stats.MAXIMUM),
    success: ofStream('DeliveryToS3.Success', cloudwatch.Stats.MINIMUM),
    unreadable: ofStream('OutputDecompressedRecords.Failed', cloudwatch.Stats.SUM),
    lost: of('AWS/Logs', 'DeliveryErrors', cloudwatch.Stats.SUM, { LogGroupName: logGroup, DestinationType: 'Firehose', FilterName: filter }),
    unreplicated: of('AWS/S3', 'OperationsFailedReplication', cloudwatch.Stats.SUM, { SourceBucket: buckets.from, DestinationBucket: buckets.to, RuleId: buckets.rule }),
  };
}

/** An alarm for each way in which records fail to get into the archive. */
export function deliveryAlarms(parent: Construct, metrics: DeliveryMetrics, owner: string, topic: ITopic | undefined): cloudwatch.Alarm[] {
  return Object.entries(ALARMS).map(([id, { metric, says, threshold, periods, comparison }]) => told(new cloudwatch.Alarm(parent, id, {
    metric: metrics[metric], alarmDescription: `${says}: ${owner}.`, threshold, evaluationPeriods: periods, comparisonOperator: comparison, treatMissingData: MISSING,
  }), topic));
}
