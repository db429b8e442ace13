import type { ListAnswer, ListedWorker } from '../../broker/operations/contract';
import { ANSWERS, askBroker } from './ask-broker';
import { findBroker } from './find-broker';
import { momentOf } from './names';
import type { WorkersOptions, WorkersWorld } from './world';

export interface ListOptions extends WorkersOptions {
  readonly json?: boolean;
}

const KINDS: Readonly<Record<ListedWorker['kind'], string>> = { shared: 'shared key', own: 'own key' };

/** Shows every worker that the broker knows, page by page. */
export async function listWorkers(stack: string, options: ListOptions, { aws, paint, print, say }: WorkersWorld): Promise<boolean> {
  const broker = await findBroker(aws, stack, options.broker);
  const workers: ListedWorker[] = [];
  let page: ListAnswer | undefined;
  do {
    // A page may be empty and not the last one.
    const after = page?.after;
    page = await askBroker(aws, broker, { list: after === undefined ? {} : { after } }, ANSWERS.list);
    workers.push(...page.workers);
  } while (page.after !== undefined);
  const { fleet } = page;
  if (options.json === true) {
    print(JSON.stringify({ phase: broker.phase, fleet, workers }, undefined, 2));
    return true;
  }
  if (fleet.closed !== undefined) say(paint.red(`Nobody is let in since ${momentOf(fleet.closed)}: workers open ends that.`));
  if (workers.length === 0) say('There is no worker.');
  const width = Math.max(0, ...workers.map(({ worker }) => worker.length));
  for (const { worker, state, kind, registeredAt, expiresAt, task } of workers) {
    const colored = { active: paint.green, over: paint.yellow, revoked: paint.red }[state](state.padEnd('revoked'.length));
    const since = registeredAt === undefined ? 'never registered' : `registered ${momentOf(registeredAt)}`;
    const until = expiresAt === undefined ? '' : `, until ${momentOf(expiresAt)}`;
    print(`${worker.padEnd(width)}  ${colored}  ${KINDS[kind].padEnd(KINDS.shared.length)}  ${since}${until}${task === undefined ? '' : `  task ${task}`}`);
  }
  return true;
}
