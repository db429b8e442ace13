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
  public async begin(token: string): Promise<void> {
    const { pending } = await new AwsSecretVersions(this.client, this.arn).stages();
    if (pending === token) return;
    await this.client.send(new PutSecretValueCommand({ SecretId: this.arn, ClientRequestToken: token, VersionStages: ['AWSPENDING'] }));
    if (pending !== undefined) await this.unlabel('AWSPENDING', pending);
  }

  public async current(): Promise<string> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId: this.arn }))).SecretString ?? '';
  }

  public async isSettled(): Promise<boolean> {
    const { VersionIdsToStages = {} } = await this.client.send(new DescribeSecretCommand({ SecretId: this.arn }));
    return !Object.values(VersionIdsToStages).flat().includes('AWSPREVIOUS');
  }

  private async unlabel(VersionStage: string, RemoveFromVersionId: string): Promise<void> {
    await this.client.send(new UpdateSecretVersionStageCommand({ SecretId: this.arn, VersionStage, RemoveFromVersionId }));
  }
}
