import { BOUNDS } from '../../broker/contract';
import { lifeFrom } from '../keys/options';
import { UsageError } from '../usage-error';
import { ANSWERS, askBroker } from './ask-broker';
import { findBroker } from './find-broker';
import { momentOf, workerFrom } from './names';
import type { WorkersOptions, WorkersWorld } from './world';

export interface InviteOptions extends WorkersOptions {
  readonly worker: string;
  /** Such as `10m`. */
  readonly expires: string;
}

/** Has a token made for one worker and prints it, this once. */
export async function invite(stack: string, options: InviteOptions, { aws, print, say }: WorkersWorld): Promise<boolean> {
  const worker = workerFrom('--worker', options.worker);
  const lifeSeconds = Math.floor(lifeFrom(options.expires) / 1000);
  const [least, most] = BOUNDS.tokenSeconds;
  if (lifeSeconds < least || lifeSeconds > most) throw new UsageError(`--expires ${options.expires}: name ${least / 60}m to ${most / 60}m. A token is for a worker that starts now.`);
  const broker = await findBroker(aws, stack, options.broker);
  const { token, until, url } = await askBroker(aws, broker, { invite: { worker, lifeSeconds } }, ANSWERS.invite);
  say(`Worker ${worker} can join at ${url} with this token, once, until ${momentOf(until)}. It is shown this once and kept nowhere: hand it over so that nobody else sees it.`);
  print(token);
  return true;
}
