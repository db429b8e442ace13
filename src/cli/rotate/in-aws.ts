import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Paint } from '../../report/paint';
import { asker, clientOptions, explained } from '../in-aws';
import { rotate, type RotateOptions } from '../rotate';
import { RealRotateAws } from './real-aws';

/** The command with the world as it is. */
export function rotateInAws(stack: string, secrets: readonly string[], options: RotateOptions, paint: Paint, print: (line: string) => void): Promise<boolean> {
  return explained(() => rotate(stack, secrets, options, {
    aws: new RealRotateAws(clientOptions(options)), now: () => new Date(), sleep: (ms) => sleep(ms), randomId: randomUUID, paint, print, ...asker(1),
  }));
}
