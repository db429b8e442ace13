import type { ServiceState } from './ports';

/**
 * For so long after a change a task that starts may still be told the old value. Between the change and the task stand the clocks of Secrets
 * Manager and of ECS and the time in which a change reaches all that answer for Secrets Manager. AWS gives a figure for none of them: ours is generous.
 */
export const SKEW_MS = 30_000;

/** What a service stands at, for one secret. */
export interface Verdict {
  /** `clear` – no task can hold the old value; `wait` – they are being replaced, or are stopping; `roll` – they run, and nobody replaces them. */
  readonly next: 'clear' | 'wait' | 'roll';
  /** A deployment that should have replaced them has failed. */
  readonly hasFailed: boolean;
}

/**
 * What is to be done about a service's tasks that hold a value from before a change.
 *
 * Only tasks tell who holds what. A deployment that failed and was rolled back leaves old tasks of an old deployment, and beside them tasks of the
 * same deployment that were started after the change and hold the new value. Deployments only tell whether somebody is at it already.
 */
export function verdictOn(service: ServiceState | undefined, changedAt: number): Verdict {
  const from = changedAt + SKEW_MS;
  const holding = (service?.tasks ?? []).filter(({ createdAt }) => createdAt === undefined || createdAt <= from);
  if (!service || holding.length === 0) return { next: 'clear', hasFailed: false };
  // One that has not begun to start will be told the new value, and one that stops needs nobody to stop it: they are waited for.
  const isNeeded = service.isActive && holding.some(({ createdAt, isStopping }) => createdAt !== undefined && !isStopping);
  const isAtIt = service.deployments.some(({ createdAt, state }) => state === 'in-progress' && createdAt > from);
  if (!isNeeded || isAtIt) return { next: 'wait', hasFailed: false };
  return { next: 'roll', hasFailed: service.deployments.some(({ createdAt, state }) => state === 'failed' && createdAt > changedAt) };
}
