import { confirm } from '../lockdown/confirm';
import { ANSWERS, askBroker } from './ask-broker';
import { findBroker } from './find-broker';
import { workerFrom } from './names';
import type { WorkersOptions, WorkersWorld } from './world';

export interface AdmitOptions extends WorkersOptions {
  readonly yes?: boolean;
}

/** Lets a revoked worker register again; the leases that it had stay ended. */
export async function admitWorker(stack: string, worker: string, options: AdmitOptions, world: WorkersWorld): Promise<boolean> {
  const id = workerFrom('worker', worker);
  const broker = await findBroker(world.aws, stack, options.broker);
  await confirm(`let worker ${id} in again, in`, { stack, yes: options.yes === true }, world);
  await askBroker(world.aws, broker, { admit: { worker: id } }, ANSWERS.epoch);
  world.say(`${id} may register again. The leases that it had stay ended${broker.phase === 'shared-key' ? '.' : '; with a key of its own it has to join anew, by another token or as its task.'}`);
  return true;
}

/** Lets workers in after `revoke --all --close`. */
export async function openFleet(stack: string, options: AdmitOptions, world: WorkersWorld): Promise<boolean> {
  const broker = await findBroker(world.aws, stack, options.broker);
  await confirm('let workers in again, in', { stack, yes: options.yes === true }, world);
  await askBroker(world.aws, broker, { open: {} }, ANSWERS.epoch);
  world.say('Workers are let in again, but for those that are revoked one by one. Leases from before stay ended.');
  return true;
}
