import { isatty } from 'node:tty';
import { input } from '@inquirer/prompts';
import { explainAwsError } from './aws-errors';
import type { RealAwsOptions } from './lockdown/real-aws';
import { UsageError } from './usage-error';

/** Where a command that asks AWS is pointed at. */
export interface AwsOptions {
  readonly region?: string;
  readonly endpointUrl?: string;
}

export function clientOptions({ region, endpointUrl }: AwsOptions): RealAwsOptions {
  if (endpointUrl !== undefined && !/^https?:\/\/[^/]/.test(endpointUrl)) throw new UsageError(`--endpoint-url ${endpointUrl}: give a URL such as http://127.0.0.1:4566.`);
  return { ...(region !== undefined && { region }), ...(endpointUrl !== undefined && { endpoint: endpointUrl }) };
}

/** What asks a person; nothing where there is no terminal to ask at. @param shown where the question would appear, 1 or 2 */
export function asker(shown: 1 | 2): { readonly ask?: (message: string) => Promise<string> } {
  return isatty(0) && isatty(shown) ? { ask: (message) => ask(message, shown === 1 ? process.stdout : process.stderr) } : {};
}

/** Ctrl-C, or a terminal that goes away, is an answer too. */
async function ask(message: string, output: NodeJS.WriteStream): Promise<string> {
  try {
    return await input({ message }, { output });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new UsageError('Not confirmed. Nothing was changed.');
    throw error;
  }
}

/** Says what a user can put right of all that AWS, the SDK and the network come up with: credentials, rights, region, connection. */
export async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    // Of our own making.
    if (error instanceof UsageError || error instanceof ReferenceError || (error instanceof TypeError && !('code' in error))) throw error;
    throw new UsageError(`AWS could not be asked. ${explainAwsError(error, { service: 'AWS' })}`);
  }
}
