import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RotationError } from '../rotation/ports';
import type { RolledSecrets, SecretState } from './ports';

/** Which versions of secrets are in use; it never reads one. */
export class AwsSecrets implements RolledSecrets {
  public constructor(private readonly client: SecretsManagerClient) {}

  /**
   * When AWSCURRENT moved is told by nobody. LastChangedDate, when the secret "was modified in any way" (API, DescribeSecret), is never before it;
   * where somebody changes a tag during a roll-out, it is later, and tasks are replaced once more than they need be.
   */
  public async describe(secretArn: string): Promise<SecretState> {
    const { VersionIdsToStages, LastChangedDate } = await this.client.send(new DescribeSecretCommand({ SecretId: secretArn }));
    const labelled = (label: string): string | undefined => Object.entries(VersionIdsToStages ?? {}).find(([, labels]) => labels.includes(label))?.[0];
    const [current, previous] = [labelled('AWSCURRENT'), labelled('AWSPREVIOUS')];
    if (current === undefined || LastChangedDate === undefined) throw new RotationError('NO_CURRENT', `No version of ${secretArn} is labelled AWSCURRENT: put a value into it.`);
    return { current, previous, changedAt: LastChangedDate.getTime() };
  }
}
