import { setTimeout as sleep } from 'node:timers/promises';
import type { Paint } from '../../report/paint';
import { asker, type AwsOptions, clientOptions, explained } from '../in-aws';
import { lockdown, type LockdownOptions } from '../lockdown';
import { RealAws } from './real-aws';
import { RealTables } from './real-tables';

/** WAF asks for a new token where somebody wrote in between, and throttles; three seconds of that are enough. */
const PATIENCE = { attempts: 6, pauseMs: 500, sleep: (ms: number): Promise<void> => sleep(ms) };

/** The command with the world as it is. */
export function lockdownInAws(stack: string, { region, endpointUrl, ...options }: LockdownOptions & AwsOptions, paint: Paint, print: (line: string) => void): Promise<boolean> {
  return explained(() => {
    const where = clientOptions({ region, endpointUrl });
    return lockdown(stack, options, { aws: new RealAws(where), tables: new RealTables(where), patience: PATIENCE, now: () => new Date(), paint, print, ...asker(1) });
  });
}
