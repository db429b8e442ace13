import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, InvalidRequestException, paginateListSecretVersionIds, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { quietly } from '../../drill/emulator/quietly';
import { ROTATION_KINDS, ROTATION_VARIABLE } from '../../secrets/contract';
import { REQUEST_HANDLER } from '../aws-errors';
import type { StackResource } from '../lockdown/aws';
import { RealAws, type RealAwsOptions } from '../lockdown/real-aws';
import type { DeployedRotation, RotateAws, SecretDescription } from './aws';

/** Secrets as the operator's credentials see them. Nothing here can read a value. */
export class RealRotateAws implements RotateAws {
  private readonly account: RealAws;
  private readonly cloudFormation: CloudFormationClient;
  private readonly lambda: LambdaClient;
  private readonly secrets: SecretsManagerClient;

  public constructor(options: RealAwsOptions) {
    this.account = new RealAws(options);
    const config = { ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 };
    [this.cloudFormation, this.lambda, this.secrets] = quietly(() => [new CloudFormationClient(config), new LambdaClient(config), new SecretsManagerClient(config)] as const);
  }

  public resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    return this.account.resourcesOf(stack);
  }

  public async metadataOf(StackName: string, LogicalResourceId: string): Promise<Readonly<Record<string, unknown>>> {
    const { StackResourceDetail } = await this.cloudFormation.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
    return objectIn(StackResourceDetail?.Metadata);
  }

  public async describe(SecretId: string): Promise<SecretDescription> {
    const { ARN = SecretId, Name = '', Tags = [], RotationEnabled, RotationLambdaARN, VersionIdsToStages = {}, LastRotatedDate, NextRotationDate } =
      await this.secrets.send(new DescribeSecretCommand({ SecretId }));
    const labelled = (stage: string): string | undefined => Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
    const [current, pending, previous] = [labelled('AWSCURRENT'), labelled('AWSPENDING'), labelled('AWSPREVIOUS')];
    return {
      arn: ARN, name: Name, isRotated: RotationEnabled === true, rotationFunctionArn: RotationLambdaARN,
      tags: new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      // A rotation that has ended may leave the label on what is current now.
      current, pending: pending === current ? undefined : pending, previous, lastRotatedAt: LastRotatedDate, nextRotationAt: NextRotationDate,
    };
  }

  public async madeAt(SecretId: string, versionId: string): Promise<Date | undefined> {
    for await (const { Versions = [] } of paginateListSecretVersionIds({ client: this.secrets }, { SecretId })) {
      const found = Versions.find(({ VersionId }) => VersionId === versionId);
      if (found) return found.CreatedDate;
    }
    return undefined;
  }

  public async rotationOf(FunctionName: string): Promise<DeployedRotation | undefined> {
    const { Environment } = await this.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { kind, isRolledOut } = objectIn(Environment?.Variables?.[ROTATION_VARIABLE]);
    const known = ROTATION_KINDS.find((one) => one === kind);
    return known && typeof isRolledOut === 'boolean' ? { kind: known, isRolledOut } : undefined;
  }

  public async rotate(SecretId: string, ClientRequestToken: string): Promise<'started' | 'going'> {
    try {
      await this.secrets.send(new RotateSecretCommand({ SecretId, ClientRequestToken, RotateImmediately: true }));
      return 'started';
    } catch (error) {
      if (error instanceof InvalidRequestException && /previous rotation isn.t complete/i.test(error.message)) return 'going';
      throw error;
    }
  }
}

function objectIn(json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
