import type { ExitConfiguration } from '../../broker/contract';
import { STOPPED_ACTION } from '../../broker/operations/contract';
import { isJsonObject, type JsonObject, memberOf } from '../shared/json-object';
import type { Audit } from './audit';
import { type Clock, secondsOf, type Workers } from './ports';

export interface ExitParts {
  readonly configuration: Pick<ExitConfiguration, 'pools'>;
  readonly workers: Pick<Workers, 'stopped'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly randomId: () => string;
}

/** `arn:aws:ecs:<region>:<account>:task/<cluster>/<id>`, and the id may stand without its cluster. */
const TASK_ID = /:task\/(?:[^/]+\/)?([A-Za-z0-9-]{1,64})$/;

/**
 * Ends what a task had, as soon as ECS says that it has stopped. A task that was killed says nothing itself; what a lease promises is its TTL, and this comes sooner.
 *
 * @param event `ECS Task State Change` of EventBridge
 */
export async function markStopped(event: unknown, { configuration: { pools }, workers, audit, clock, randomId }: ExitParts): Promise<void> {
  const worker = stoppedWorker(event, pools);
  if (worker === undefined) return;
  const from = performance.now();
  // Whatever it throws has EventBridge ask again.
  const isKnown = await workers.stopped(worker, secondsOf(clock));
  audit({
    requestId: randomId(), action: STOPPED_ACTION, outcome: 'answered', ...(!isKnown && { reason: 'unknown-worker' }), latencyMs: performance.now() - from, bytesIn: 0, bytesOut: 0,
    notes: { worker, proof: 'iam' },
  });
}

/** Nothing where the task is of no pool, or not at its end. */
function stoppedWorker(event: unknown, pools: ExitConfiguration['pools']): string | undefined {
  const detail = isJsonObject(event) ? memberOf(event, 'detail') : undefined;
  if (!isJsonObject(detail) || textOf(detail, 'lastStatus') !== 'STOPPED') return undefined;
  const pool = pools.find(({ cluster, group }) => cluster === textOf(detail, 'clusterArn') && group === textOf(detail, 'group'));
  const [, task] = TASK_ID.exec(textOf(detail, 'taskArn')) ?? [];
  return pool && task !== undefined ? `${pool.prefix}-${task}` : undefined;
}

function textOf(object: JsonObject, name: string): string {
  const value = memberOf(object, name);
  return typeof value === 'string' ? value : '';
}
