import { DescribeSecretCommand, PutSecretValueCommand, ResourceExistsException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { MasterKeySecret } from './ensure-master-key';

/**
 * The id of the one version that is ever put. Secrets Manager refuses another value under the same id (API PutSecretValue, ClientRequestToken), so of two
 * calls at once only one can win, and a late one changes nothing. It takes 32 to 64 characters.
 */
export const MASTER_KEY_VERSION = 'secure-core-master-key-first-value';

/**
 * That a secret created without a value has no labelled version is how emulators agree on it; it has not been tried against AWS. Were it otherwise, the key would
 * stay empty and its readers would not start: none would ever be replaced.
 */
export class AwsMasterKeySecret implements MasterKeySecret {
  public constructor(private readonly client: SecretsManagerClient, private readonly secretArn: string) {}

  public async hasValue(): Promise<boolean> {
    const { VersionIdsToStages = {} } = await this.client.send(new DescribeSecretCommand({ SecretId: this.secretArn }));
    return Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSCURRENT'));
  }

  public async putFirst(value: string): Promise<'put' | 'there-already'> {
    try {
      await this.client.send(new PutSecretValueCommand({ SecretId: this.secretArn, ClientRequestToken: MASTER_KEY_VERSION, SecretString: value }));
      return 'put';
    } catch (error) {
      if (error instanceof ResourceExistsException) return 'there-already';
      throw error;
    }
  }
}
