import { colorsOf } from '../colors';
import { asker, type AwsOptions, clientOptions, explained } from '../in-aws';
import { admitWorker, openFleet } from './admit';
import { invite } from './invite';
import { listWorkers } from './list';
import { RealWorkersAws } from './real-aws';
import { revokeWorkers } from './revoke';
import type { WorkersWorld } from './world';

export const ACTIONS = { admitWorker, invite, listWorkers, openFleet, revokeWorkers };

/** A command with the world as it is. */
export function workersInAws(options: AwsOptions, run: (world: WorkersWorld) => Promise<boolean>): Promise<boolean> {
  return explained(() => run({
    aws: new RealWorkersAws(clientOptions(options)),
    ...asker(2),
    paint: colorsOf(process.stdout),
    print: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
  }));
}
