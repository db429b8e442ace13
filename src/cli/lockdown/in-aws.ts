import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { input } from '@inquirer/prompts';
import type { Paint } from '../../report/paint';
import { explainAwsError } from '../aws-errors';
import { lockdown, type LockdownOptions } from '../lockdown';
import { UsageError } from '../usage-error';
import { RealAws } from './real-aws';

export interface AwsOptions {
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** WAF asks for a new token where somebody wrote in between, and throttles; three seconds of that are enough. */
const PATIENCE = { attempts: 6, pauseMs: 500, sleep: (ms: number): Promise<void> => sleep(ms) };

/** The command with the world as it is. */
export async function lockdownInAws(stack: string, { region, endpointUrl, ...options }: LockdownOptions & AwsOptions, paint: Paint, print: (line: string) => void): Promise<boolean> {
  if (endpointUrl !== undefined && !/^https?:\/\/[^/]/.test(endpointUrl)) throw new UsageError(`--endpoint-url ${endpointUrl}: give a URL such as http://127.0.0.1:4566.`);
  const isAttended = isatty(0) && isatty(1);
  try {
    const aws = new RealAws({ ...(region !== undefined && { region }), ...(endpointUrl !== undefined && { endpoint: endpointUrl }) });
    return await lockdown(stack, options, { aws, patience: PATIENCE, now: () => new Date(), paint, print, ...(isAttended && { ask }) });
  } catch (error) {
    // Of our own making, unlike what AWS, the SDK and the network come up with: credentials, rights, region, connection are all the user's to put right.
    if (error instanceof UsageError || error instanceof ReferenceError || (error instanceof TypeError && !('code' in error))) throw error;
    throw new UsageError(`AWS could not be asked. ${explainAwsError(error, { service: 'AWS' })}`);
  }
}

/** Ctrl-C, or a terminal that goes away, is an answer too. */
async function ask(message: string): Promise<string> {
  try {
    return await input({ message });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new UsageError('Not confirmed. Nothing was changed.');
    throw error;
  }
}
