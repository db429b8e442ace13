import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';

/** Secrets Manager on this machine. */
export interface EmulatedSecrets {
  readonly client: SecretsManagerClient;
  stop(): Promise<void>;
}

export async function openSecrets(): Promise<EmulatedSecrets> {
  const [supervisor, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  try {
    const { endpoint, region } = await startMinistack({ supervisor, ministack, account: '111122223333', region: 'eu-central-1' });
    const client = quietly(() => new SecretsManagerClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }));
    return {
      client,
      stop: async () => {
        client.destroy();
        await supervisor.stop();
      },
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
