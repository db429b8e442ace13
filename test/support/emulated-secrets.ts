import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand, DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, RotateSecretCommand, type SecretsManagerClient, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { AwsSecretVersions } from '../../src/runtime/rotation/aws-secret-versions';

const NOBODY = 'arn:aws:lambda:eu-central-1:111122223333:function:rotation';

/** A secret of the emulated Secrets Manager, and what the real one does around a rotation function, which the emulator leaves out. */
export class EmulatedSecret {
  /** With rotation turned on, as a deployment leaves it. */
  public static async create(client: SecretsManagerClient, SecretString: string): Promise<EmulatedSecret> {
    const { ARN: arn = '' } = await client.send(new CreateSecretCommand({ Name: `core/${randomUUID()}`, SecretString }));
    const secret = new EmulatedSecret(client, arn);
    await secret.turnOn(NOBODY);
    return secret;
  }

  public constructor(private readonly client: SecretsManagerClient, public readonly arn: string) {}

  /** The emulator's RotateSecret makes a version and labels it itself, which is taken back. */
  public async turnOn(RotationLambdaARN: string): Promise<void> {
    await this.client.send(new RotateSecretCommand({ SecretId: this.arn, RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 30 } }));
    const { previous } = await new AwsSecretVersions(this.client, this.arn).stages();
    if (previous !== undefined) await this.unlabel('AWSPREVIOUS', previous);
  }

  /** What Secrets Manager does before it calls: an empty version has the label, and no other one. */
  public async begin(token: string = randomUUID()): Promise<string> {
    const { pending } = await new AwsSecretVersions(this.client, this.arn).stages();
    if (pending === token) return token;
    await this.client.send(new PutSecretValueCommand({ SecretId: this.arn, ClientRequestToken: token, VersionStages: ['AWSPENDING'] }));
    if (pending !== undefined) await this.unlabel('AWSPENDING', pending);
    return token;
  }

  public async current(): Promise<string> {
    return await this.value('AWSCURRENT') ?? '';
  }

  public async value(VersionStage: string): Promise<string | undefined> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId: this.arn, VersionStage }))).SecretString;
  }

  /** By the id of each version that has any. */
  public async labels(): Promise<Readonly<Record<string, string[]>>> {
    return (await this.client.send(new DescribeSecretCommand({ SecretId: this.arn }))).VersionIdsToStages ?? {};
  }

  public async isSettled(): Promise<boolean> {
    return !Object.values(await this.labels()).flat().includes('AWSPREVIOUS');
  }

  public async unlabel(VersionStage: string, RemoveFromVersionId: string): Promise<void> {
    await this.client.send(new UpdateSecretVersionStageCommand({ SecretId: this.arn, VersionStage, RemoveFromVersionId }));
  }
}
