import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ValueStore } from './store';

/** AWS Secrets Manager; a place is an ARN. */
export class SecretsManagerStore implements ValueStore {
  public constructor(private readonly client: SecretsManagerClient) {}

  public async read(place: string): Promise<string | undefined> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId: place }))).SecretString;
  }
}
