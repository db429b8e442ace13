import { BROKER_URL_VARIABLE, JOBS_TABLE_VARIABLE, WORKER_ID_PREFIX_VARIABLE } from '../../broker/contract';
import { each, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Resource } from '../template/resource';
import { isMap } from '../template/value';
import { environmentsOf, PROGRAMS } from './variables';

/** The names of what a program is told, as far as they are written out. */
function namesIn(program: Resource): ReadonlySet<string> {
  const { value } = program.whole;
  if (!isMap(value) || ('Environment' in value && !isMap(value.Environment))) return new Set();
  return new Set(environmentsOf(program).flatMap(({ plain, secret }) => [...plain, ...secret]).map(({ name }) => name));
}

/** Whether a program asks a broker for credentials: it is told where one is, and writes no jobs itself. */
export function isWorker(program: Resource): boolean {
  if (!PROGRAMS.includes(program.type)) return false;
  const names = namesIn(program);
  return names.has(WORKER_ID_PREFIX_VARIABLE) || (names.has(BROKER_URL_VARIABLE) && !names.has(JOBS_TABLE_VARIABLE));
}

/** Whether a program has to do with a broker at all. */
export const isBesideWorkers = (program: Resource): boolean => isWorker(program) || namesIn(program).has(JOBS_TABLE_VARIABLE);

/** Judges a program that is a worker; nothing of any other. */
export const ofWorker = (program: Resource, check: () => readonly Outcome[]): readonly Outcome[] => (isWorker(program) ? each([program], check) : NOT_APPLICABLE);
