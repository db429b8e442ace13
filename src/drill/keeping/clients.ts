import { BackupClient } from '@aws-sdk/client-backup';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { Emulator } from '../emulator/emulator';
import { quietly } from '../emulator/quietly';

/** Credentials of the emulator's, worth nothing elsewhere. */
export interface EmulatorCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The emulator's root, who may do everything. */
export const ROOT: EmulatorCredentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The AWS SDK with somebody's credentials. */
export interface KeepingClients {
  readonly credentials: EmulatorCredentials;
  readonly backup: BackupClient;
  readonly cloudFormation: CloudFormationClient;
  readonly dynamo: DynamoDBClient;
  readonly ecs: ECSClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  /** As if over TLS. */
  readonly s3: S3Client;
  readonly plainS3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  close(): void;
}

/** @param region another one than the emulator's, to ask for what was replicated there */
export function keepingClients({ endpoint, region: home }: Pick<Emulator, 'endpoint' | 'region'>, credentials: EmulatorCredentials = ROOT, region = home): KeepingClients {
  const options = { endpoint, region, credentials, maxAttempts: 2 };
  return quietly(() => {
    const clients = {
      backup: new BackupClient(options),
      cloudFormation: new CloudFormationClient(options),
      dynamo: new DynamoDBClient(options),
      ecs: new ECSClient(options),
      events: new EventBridgeClient(options),
      iam: new IAMClient(options),
      lambda: new LambdaClient(options),
      logs: new CloudWatchLogsClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      plainS3: new S3Client({ ...options, forcePathStyle: true }),
      secrets: new SecretsManagerClient(options),
      ssm: new SSMClient(options),
      sts: new STSClient(options),
    };
    // The engine is asked without TLS, on this machine; it takes the word of this header, as it would of a proxy in front of it, for `aws:SecureTransport`.
    clients.s3.middlewareStack.add((next) => (args) => {
      const { request } = args as { readonly request?: { readonly headers?: Record<string, string> } };
      if (request?.headers) request.headers['x-forwarded-proto'] = 'https';
      return next(args);
    }, { step: 'build', name: 'drillSecureTransport' });
    return { credentials, ...clients, close: () => Object.values(clients).forEach((client) => client.destroy()) };
  });
}
