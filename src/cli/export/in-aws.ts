import { DescribeSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import { exportStack } from '../export';
import { importManifest, type ImportOptions } from '../import';
import { asker, type AwsOptions, clientOptions, explained } from '../in-aws';
import { readText } from '../keys/in-aws';
import { RealKeysAws } from '../keys/real-aws';
import { secretReference } from '../secret-reference';
import { writeOut } from '../write-out';

export interface ExportOptions extends AwsOptions {
  readonly out?: string;
}

/** `export` with the world as it is. */
export async function exportInAws(stack: string, options: ExportOptions): Promise<boolean> {
  const manifest = await explained(() => exportStack(stack, { aws: new RealKeysAws(clientOptions(options)), now: () => new Date() }));
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  if (options.out === undefined) process.stdout.write(text);
  else writeOut(options.out, text);
  return true;
}

/** `import` with the world as it is. */
export function importInAws(stack: string, file: string, options: ImportOptions & AwsOptions): Promise<boolean> {
  return explained(() => {
    const aws = clientOptions(options);
    const keys = new RealKeysAws(aws);
    const secrets = quietly(() => new SecretsManagerClient({ ...aws, requestHandler: REQUEST_HANDLER, maxAttempts: 5 }));
    return importManifest(stack, file, options, {
      aws: {
        resourcesOf: (name) => keys.resourcesOf(name),
        taskOf: (service) => keys.taskOf(service),
        keys: (table) => keys.keys(table),
        hasValue: async (reference) => {
          // A parameter of Systems Manager is never without a value.
          if (!reference.includes(':secretsmanager:')) return true;
          const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: secretReference(reference).secretId }));
          return Object.values(VersionIdsToStages).flat().includes('AWSCURRENT');
        },
        put: async (reference, SecretString) => {
          await secrets.send(new PutSecretValueCommand({ SecretId: secretReference(reference).secretId, SecretString }));
        },
      },
      now: () => new Date(), read: readText, ...asker(2), say: (line) => process.stderr.write(`${line}\n`),
    });
  });
}
