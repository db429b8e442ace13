import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Emulator } from '../../../../src/drill/emulator/emulator';
import { startMinistack } from '../../../../src/drill/emulator/ministack';
import { quietly } from '../../../../src/drill/emulator/quietly';
import { Supervisor } from '../../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../../src/drill/toolbox/toolbox';
import { ParameterStore } from '../../../../src/runtime/broker/stores/parameter-store';
import { SecretsManagerStore } from '../../../../src/runtime/broker/stores/secrets-manager';
import { itIsAValueStore } from './contract';

let supervisor: Supervisor;
let emulator: Emulator;
const clients: { destroy(): void }[] = [];
const kept = <Client extends { destroy(): void }>(make: () => Client): Client => {
  const client = quietly(make);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  supervisor = await Supervisor.open();
  const { ministack } = await openToolbox(() => undefined);
  emulator = await startMinistack({ supervisor, ministack, account: '111122223333', region: 'eu-central-1' });
}, 180_000);
afterAll(async () => {
  for (const client of clients) client.destroy();
  await supervisor.stop();
});

/** Of whom nobody listens there. */
const NOBODY = 'http://127.0.0.1:1';
const options = (endpoint: string) => ({ endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });

describe('AWS Secrets Manager', () => {
  const client = (endpoint = emulator.endpoint): SecretsManagerClient => kept(() => new SecretsManagerClient(options(endpoint)));
  const keep = async (value: { readonly SecretString: string } | { readonly SecretBinary: Uint8Array }): Promise<string> => {
    const { ARN = '' } = await client().send(new CreateSecretCommand({ Name: randomUUID(), ...value }));
    return ARN;
  };
  itIsAValueStore({
    store: () => new SecretsManagerStore(client()),
    gone: () => new SecretsManagerStore(client(NOBODY)),
    keep: (SecretString) => keep({ SecretString }),
    change: async (SecretId, SecretString) => {
      await client().send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    keepOther: () => keep({ SecretBinary: Buffer.from('bytes') }),
    nowhere: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:nowhere-AbCdEf',
  });
});

describe('Parameter Store of AWS Systems Manager', () => {
  const client = (endpoint = emulator.endpoint): SSMClient => kept(() => new SSMClient(options(endpoint)));
  const put = async (Name: string, Value: string, Type: 'SecureString' | 'String'): Promise<string> => {
    await client().send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
    return Name;
  };
  itIsAValueStore({
    store: () => new ParameterStore(client()),
    gone: () => new ParameterStore(client(NOBODY)),
    keep: (value) => put(`/${randomUUID()}`, value, 'SecureString'),
    change: async (place, value) => {
      await put(place, value, 'SecureString');
    },
    // Anybody who may read configuration reads it.
    keepOther: () => put(`/${randomUUID()}`, 'in clear', 'String'),
    nowhere: '/nowhere',
  });
});
