import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { answerAwsSolutions } from '../aws-solutions';

/** Answers AwsSolutions where a role is let do something with every object of one bucket, which it shows by the bucket's logical id. */
export function answerObjects(role: IConstruct, bucket: s3.IBucket, reason: string, prefix = ''): void {
  const resource = bucket.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) answerAwsSolutions(role, `IAM5[Resource::<${Stack.of(bucket).getLogicalId(resource)}.Arn>/${prefix}*]`, reason);
}
