import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ValueStore } from './store';

/** Parameter Store of AWS Systems Manager; a place is the name of a SecureString. */
export class ParameterStore implements ValueStore {
  public constructor(private readonly client: SSMClient) {}

  public async read(place: string): Promise<string | undefined> {
    const { Parameter } = await this.client.send(new GetParameterCommand({ Name: place, WithDecryption: true }));
    // What is not encrypted is read by whoever may read configuration.
    return Parameter?.Type === 'SecureString' ? Parameter.Value : undefined;
  }
}
