import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AUDIT_EVENT, AUDIT_MARK_EVENT, AUDIT_PREFIX, FAILED_PREFIX } from './contract';
import { answerObjects } from './every-object';

/** Which lines are taken: the gate's records and marks, and nothing of what the container says, which may be about persons (C-25). */
export const FILTER_PATTERN = `{ ($.event = "${AUDIT_EVENT}") || ($.event = "${AUDIT_MARK_EVENT}") }`;

/**
 * The most that Amazon Data Firehose collects before it writes (Firehose API, BufferingHints): few large objects, since S3 moves none below 128 KB into a cold
 * storage (M-24). Whoever wants to know sooner looks into the log group.
 */
export const BUFFERING = { intervalInSeconds: 900, sizeInMBs: 128 } as const;

/** In parts that table and lifecycle know. */
const PARTITIONS = 'day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

/** Unpacks what CloudWatch Logs packs, drops its envelope, and ends each record with a line (Firehose guide, "Send CloudWatch Logs to Firehose", and API, Processor). */
const PROCESSORS: firehose.CfnDeliveryStream.ProcessorProperty[] = [
  { type: 'Decompression', parameters: [{ parameterName: 'CompressionFormat', parameterValue: 'GZIP' }] },
  { type: 'CloudWatchLogProcessing', parameters: [{ parameterName: 'DataMessageExtraction', parameterValue: 'true' }] },
  { type: 'AppendDelimiterToRecord' },
];

export interface DeliveryProps {
  readonly hot: logs.ILogGroup;
  readonly arrivals: s3.IBucket;
  /** What the names of all objects begin with. */
  readonly prefix: string;
  /** Which CloudWatch Logs may use already. */
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Takes audit records from CloudWatch Logs to S3: a subscription, and a stream of Amazon Data Firehose that writes and cannot read. */
export class Delivery extends Construct {
  public readonly stream: firehose.CfnDeliveryStream;
  public readonly subscription: logs.CfnSubscriptionFilter;

  public constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { hot, arrivals, prefix, encryptionKey, removalPolicy } = props;
    this.stream = this.makeStream({ hot, arrivals, prefix, encryptionKey, removalPolicy });
    this.subscription = this.subscribe(hot);
  }

  private makeStream({ arrivals, prefix, encryptionKey, removalPolicy }: DeliveryProps): firehose.CfnDeliveryStream {
    const errors = new logs.LogGroup(this, 'Errors', { retention: logs.RetentionDays.ONE_MONTH, encryptionKey, removalPolicy });
    const errorStream = new logs.LogStream(this, 'ErrorStream', { logGroup: errors, removalPolicy });
    const { account } = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', { conditions: { StringEquals: { 'sts:ExternalId': account } } }),
      description: 'Writes audit records to where they arrive; can neither read nor delete them',
    });
    const policy = new iam.Policy(this, 'Writes', {
      roles: [role],
      statements: [
        // The guide's list ("Grant Firehose access to an Amazon S3 destination") without s3:GetObject, which nothing that is used here needs as far as it says.
        new iam.PolicyStatement({ sid: 'Find', actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resources: [arrivals.bucketArn] }),
        new iam.PolicyStatement({ sid: 'Write', actions: ['s3:AbortMultipartUpload', 's3:PutObject'], resources: [arrivals.arnForObjects('*')] }),
        // Both, since S3 asks for them in the name of whoever uploads in parts.
        new iam.PolicyStatement({
          sid: 'Encrypt',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [encryptionKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${arrivals.env.region}.amazonaws.com` } },
        }),
        new iam.PolicyStatement({ sid: 'SayWhatFailed', actions: ['logs:PutLogEvents'], resources: [errors.logGroupArn] }),
      ],
    });
    answerObjects(policy, arrivals, 'The stream chooses the names of the objects; it may write them and nothing else.');
    const stream = new firehose.CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: encryptionKey.keyArn },
      extendedS3DestinationConfiguration: {
        bucketArn: arrivals.bucketArn,
        roleArn: role.roleArn,
        prefix: `${prefix}${AUDIT_PREFIX}${PARTITIONS}`,
        errorOutputPrefix: `${prefix}${FAILED_PREFIX}!{firehose:error-output-type}/${PARTITIONS}`,
        compressionFormat: 'GZIP',
        bufferingHints: BUFFERING,
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: encryptionKey.keyArn } },
        cloudWatchLoggingOptions: { enabled: true, logGroupName: errors.logGroupName, logStreamName: errorStream.logStreamName },
        processingConfiguration: { enabled: true, processors: PROCESSORS },
      },
    });
    // What it needs from its first record on.
    stream.node.addDependency(policy);
    return stream;
  }

  private subscribe(hot: logs.ILogGroup): logs.CfnSubscriptionFilter {
    const { account, region } = Stack.of(this);
    const role = new iam.Role(this, 'Subscriber', {
      // Otherwise a log group of another account could use it (CloudWatch Logs guide, "Confused deputy prevention").
      assumedBy: new iam.ServicePrincipal('logs.amazonaws.com', { conditions: { StringLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'logs', region, account, resource: '*' }) } } }),
      description: 'Hands audit records to their delivery stream',
    });
    const policy = new iam.Policy(this, 'HandsOn', {
      roles: [role],
      statements: [new iam.PolicyStatement({ actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'], resources: [this.stream.attrArn] })],
    });
    const subscription = new logs.CfnSubscriptionFilter(this, 'Subscription', {
      logGroupName: hot.logGroupName, filterPattern: FILTER_PATTERN, filterName: 'audit', destinationArn: this.stream.attrArn, roleArn: role.roleArn,
    });
    // CloudWatch Logs tries the way when a subscription is made.
    subscription.node.addDependency(policy);
    return subscription;
  }
}
