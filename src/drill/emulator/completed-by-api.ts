import { createHash } from 'node:crypto';
import { UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { ModifyListenerAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type ObjectLockConfiguration, type ObjectLockRetentionMode, PutBucketEncryptionCommand, PutBucketVersioningCommand, PutObjectLockConfigurationCommand, type ServerSideEncryptionByDefault,
} from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand, GetRandomPasswordCommand, type GetRandomPasswordCommandInput, PutSecretValueCommand, ReplicateSecretToRegionsCommand, type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import type { AwsClients } from './aws-clients';

/** Gives an existing resource what the engine's CloudFormation has dropped on the way and its API takes. */
type Complete = (aws: AwsClients, physicalId: string, properties: JsonMap) => Promise<void>;

const SECRET = 'AWS::SecretsManager::Secret';

export const COMPLETED_BY_API: ReadonlyMap<string, Complete> = new Map<string, Complete>([
  ['AWS::DynamoDB::Table', async ({ dynamo }, TableName, { TimeToLiveSpecification: expiry, PointInTimeRecoverySpecification: recovery }) => {
    if (isJsonMap(expiry) && isTrue(expiry.Enabled)) {
      await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: text(expiry.AttributeName), Enabled: true } }));
    }
    if (isJsonMap(recovery) && isTrue(recovery.PointInTimeRecoveryEnabled)) {
      await dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));
    }
  }],
  ['AWS::ElasticLoadBalancingV2::Listener', async ({ elb }, ListenerArn, { ListenerAttributes: list }) => {
    if (!Array.isArray(list)) return;
    const Attributes = mapsIn(list).map(({ Key, Value }) => ({ Key: text(Key), Value: text(Value) }));
    await elb.send(new ModifyListenerAttributesCommand({ ListenerArn, Attributes }));
  }],
  ['AWS::S3::Bucket', async ({ s3 }, Bucket, { BucketEncryption: encryption, ObjectLockConfiguration: lock }) => {
    const rules = isJsonMap(encryption) ? mapsIn(encryption.ServerSideEncryptionConfiguration) : [];
    if (isJsonMap(lock)) {
      // AWS turns versions on with the lock.
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
      await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lockIn(lock) }));
    }
    if (rules.length === 0) return;
    const Rules = rules.map(({ ServerSideEncryptionByDefault: byDefault, BucketKeyEnabled }) => ({
      ...(isJsonMap(byDefault) && { ApplyServerSideEncryptionByDefault: byDefault as unknown as ServerSideEncryptionByDefault }), BucketKeyEnabled: BucketKeyEnabled === true,
    }));
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  }],
  [SECRET, async ({ secrets }, SecretId, { GenerateSecretString: generated, ReplicaRegions: regions }) => {
    if (isJsonMap(generated)) await generate(secrets, SecretId, generated);
    const AddReplicaRegions = mapsIn(regions).map(({ Region }) => ({ Region: text(Region) }));
    if (AddReplicaRegions.length > 0) await secrets.send(new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions, ForceOverwriteReplicaSecret: true }));
  }],
]);

/** So long is what CloudFormation puts behind the logical id where nobody names a secret. */
const RANDOM_LENGTH = 12;

/**
 * A resource of a template as the engine's CloudFormation is told of it.
 *
 * Of the copies of a secret in other regions its API is told, once the secret stands: a stack that the engine rolls back leaves them, and a second attempt
 * would meet them. And a secret without a name is called as CloudFormation calls it, since templates count on its form: the engine puts the stack's name before it.
 */
export function asTold(resource: JsonMap, stack: string, logicalId: string): JsonMap {
  if (resource.Type !== SECRET) return resource;
  const properties = isJsonMap(resource.Properties) ? resource.Properties : {};
  const random = createHash('sha256').update(`${stack} ${logicalId}`).digest('hex').slice(0, RANDOM_LENGTH);
  return { ...resource, Properties: { Name: `${logicalId}-${random}`, ...Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'ReplicaRegions')) } };
}

/** Of these options the engine's CloudFormation heeds two, and its API all. The value that it has made is forgotten: no label says that there was one. */
async function generate(secrets: SecretsManagerClient, SecretId: string, { SecretStringTemplate: template, GenerateStringKey: key, ...options }: JsonMap): Promise<void> {
  const { RandomPassword: made = '' } = await secrets.send(new GetRandomPasswordCommand(passwordOptions(options)));
  const SecretString = typeof key === 'string' ? JSON.stringify({ ...(JSON.parse(text(template) || '{}') as JsonMap), [key]: made }) : made;
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
  const { VersionIdsToStages: versions = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  const previous = Object.keys(versions).find((id) => versions[id]?.includes('AWSPREVIOUS'));
  if (previous !== undefined) await secrets.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSPREVIOUS', RemoveFromVersionId: previous }));
}

/** What locks objects of which nobody says it; the API wants numbers, where a template may have texts. */
function lockIn({ Rule: rule }: JsonMap): ObjectLockConfiguration {
  const { Mode, Days, Years } = isJsonMap(rule) && isJsonMap(rule.DefaultRetention) ? rule.DefaultRetention : {};
  if (Mode === undefined) return { ObjectLockEnabled: 'Enabled' };
  const DefaultRetention = { Mode: text(Mode) as ObjectLockRetentionMode, ...(Days !== undefined && { Days: Number(Days) }), ...(Years !== undefined && { Years: Number(Years) }) };
  return { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } };
}

/** Options of a template in the API's kinds; a number may be written as text. */
export function passwordOptions(options: JsonMap): GetRandomPasswordCommandInput {
  const kind = ([name, value]: [string, Json]): [string, Json] => {
    if (name === 'PasswordLength') return [name, Number(value)];
    return [name, name === 'ExcludeCharacters' ? value : isTrue(value)];
  };
  return Object.fromEntries(Object.entries(options).map(kind));
}

/** Templates may write what is true as text (CloudFormation guide, "Template syntax"). */
const isTrue = (value: Json | undefined): boolean => String(value) === 'true';

function mapsIn(list: Json | undefined): JsonMap[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter(isJsonMap) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}
