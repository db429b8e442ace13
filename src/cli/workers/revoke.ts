import type { ManagementRequest } from '../../broker/operations/contract';
import { confirm } from '../lockdown/confirm';
import { UsageError } from '../usage-error';
import { ANSWERS, askBroker } from './ask-broker';
import { findBroker } from './find-broker';
import { workerFrom } from './names';
import type { WorkersOptions, WorkersWorld } from './world';

export interface RevokeOptions extends WorkersOptions {
  /** Every worker's leases. */
  readonly all?: boolean;
  /** And let nobody in any more. */
  readonly close?: boolean;
  readonly yes?: boolean;
}

/** What a revocation cannot do, said each time. */
const NOT_UNKNOWN = 'No lease is renewed any more and nothing new is given out. '
  + 'That does not un-know a password: change on the devices what was given out, as the saved query worker-checkouts lists it.';

/** Ends leases, of one worker or of all, and can be repeated: what is revoked stays so. */
export async function revokeWorkers(stack: string, worker: string | undefined, options: RevokeOptions, world: WorkersWorld): Promise<boolean> {
  const { request, what, done } = revocationOf(worker, options);
  const broker = await findBroker(world.aws, stack, options.broker);
  await confirm(`${what} in`, { stack, yes: options.yes === true }, world);
  const { wasUnknown = false } = await askBroker(world.aws, broker, request, ANSWERS.epoch);
  if (wasUnknown) world.say(`No worker ${worker ?? ''} has registered here. Is it spelled so? Whoever comes by that name is kept out all the same.`);
  world.say(`${done} ${NOT_UNKNOWN}`);
  if (worker !== undefined && broker.phase !== 'per-worker-keys') {
    world.say('Workers of this broker may share a key: whoever holds it can sign as another worker. Where that may be so, rotate the key as well (rotate --leaked).');
  }
  return true;
}

function revocationOf(worker: string | undefined, { all = false, close = false }: RevokeOptions): { readonly request: ManagementRequest; readonly what: string; readonly done: string } {
  if ((worker === undefined) !== all) throw new UsageError('Say whom to revoke: the id of one worker, or --all, and not both.');
  if (close && !all) throw new UsageError('--close is for all of them: add --all.');
  if (worker !== undefined) {
    const id = workerFrom('worker', worker);
    return { request: { revoke: { worker: id } }, what: `revoke worker ${id}`, done: `Revoked ${id}: its leases and its open join tokens have ended, and it is kept out until workers admit.` };
  }
  const request = { revokeAll: { close } };
  return close
    ? { request, what: 'end every lease and keep every worker out', done: 'Every lease has ended, and no worker is let in until workers open.' }
    : { request, what: 'end every lease of every worker', done: 'Every lease has ended. Workers that are not revoked may check out again.' };
}
