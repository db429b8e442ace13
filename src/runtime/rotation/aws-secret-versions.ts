import {
  DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, ResourceNotFoundException, type SecretsManagerClient, UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { SecretVersions, Stages } from './ports';

const [CURRENT, PENDING, PREVIOUS] = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'] as const;

/**
 * A secret of AWS Secrets Manager. A version's id is the token it is put with, so that the same call twice makes one version (API PutSecretValue).
 *
 * Moving AWSCURRENT leaves AWSPENDING where it is, and Secrets Manager takes a rotation for unfinished while AWSPENDING is on another version than
 * AWSCURRENT (API RotateSecret): so whatever moves AWSCURRENT on from a finished rotation has to take AWSPENDING along. That one PutSecretValue moves both is what
 * its reference says of labels; it has not been tried against AWS.
 */
export class AwsSecretVersions implements SecretVersions {
  public constructor(private readonly client: SecretsManagerClient, private readonly secretArn: string) {}

  public async stages(): Promise<Stages & { readonly isRotated: boolean }> {
    const { RotationEnabled, VersionIdsToStages = {} } = await this.client.send(new DescribeSecretCommand({ SecretId: this.secretArn }));
    const labelled = (label: string): string | undefined => Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes(label));
    return { current: labelled(CURRENT), pending: labelled(PENDING), previous: labelled(PREVIOUS), isRotated: RotationEnabled === true };
  }

  /** Secrets Manager labels an empty version AWSPENDING before it calls a rotation function; reading it is answered as if it were not there. */
  public async read(versionId: string): Promise<string | undefined> {
    try {
      return (await this.client.send(new GetSecretValueCommand({ SecretId: this.secretArn, VersionId: versionId }))).SecretString;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  public async putPending(versionId: string, value: string): Promise<void> {
    await this.put(versionId, value, [PENDING]);
  }

  public async putCurrent(versionId: string, value: string): Promise<void> {
    const { current, pending } = await this.stages();
    await this.put(versionId, value, pending !== undefined && pending === current ? [CURRENT, PENDING] : [CURRENT]);
  }

  public async makeCurrent(versionId: string, from: string): Promise<void> {
    await this.client.send(new UpdateSecretVersionStageCommand({ SecretId: this.secretArn, VersionStage: CURRENT, MoveToVersionId: versionId, RemoveFromVersionId: from }));
  }

  /** A pending label on it is what was left behind when AWSCURRENT was moved by hand; nothing could be rotated any more. It goes first, since AWSPREVIOUS is what says that there is work left. */
  public async forgetPrevious(versionId: string): Promise<void> {
    if ((await this.stages()).pending === versionId) await this.take(PENDING, versionId);
    await this.take(PREVIOUS, versionId);
  }

  private async take(VersionStage: string, RemoveFromVersionId: string): Promise<void> {
    await this.client.send(new UpdateSecretVersionStageCommand({ SecretId: this.secretArn, VersionStage, RemoveFromVersionId }));
  }

  private async put(ClientRequestToken: string, SecretString: string, VersionStages: string[]): Promise<void> {
    await this.client.send(new PutSecretValueCommand({ SecretId: this.secretArn, ClientRequestToken, SecretString, VersionStages }));
  }
}
