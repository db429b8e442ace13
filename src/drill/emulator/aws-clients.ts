import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import type { Emulator } from './emulator';
import { quietly } from './quietly';

/** The AWS SDK, pointed at an emulator and at nothing else. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamo: DynamoDBClient;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly waf: WAFV2Client;
  close(): void;
}

/** Reads no credential of the user's: keys, region and address are given, so the SDK has nothing to look for. */
export function awsClients({ endpoint, region }: Emulator): AwsClients {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // One retry for a connection that breaks; an engine on this machine that refuses twice refuses for a reason.
    maxAttempts: 2,
  };
  return quietly(() => {
    const clients = {
      cloudFormation: new CloudFormationClient(options),
      cloudWatch: new CloudWatchClient(options),
      dynamo: new DynamoDBClient(options),
      ec2: new EC2Client(options),
      ecs: new ECSClient(options),
      elb: new ElasticLoadBalancingV2Client(options),
      iam: new IAMClient(options),
      logs: new CloudWatchLogsClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      secrets: new SecretsManagerClient(options),
      waf: new WAFV2Client(options),
    };
    return { ...clients, close: () => Object.values(clients).forEach((client) => client.destroy()) };
  });
}
