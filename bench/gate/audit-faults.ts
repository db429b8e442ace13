import type { GateTrail } from '../../src/runtime/gate/audit/read-trail';
import type { Tally } from './tally';

/**
 * What is wrong with the records of a gate that has ended, beside the requests that it was sent (AUD-1): one for each, none left out, none twice.
 *
 * wrk leaves when its time is up: a request that is under way then is recorded, and not counted by anybody else.
 */
export function auditFaults(trails: readonly GateTrail[], { answered, unheard }: Pick<Tally, 'answered' | 'unheard'>): readonly string[] {
  const [trail, ...others] = trails;
  if (!trail || others.length > 0) return [`records are of ${trails.length} gates`];
  const { records, missing, isInOrder, isEnded } = trail;
  return [
    ...(missing > 0 ? [`${missing} numbers have no record`] : []),
    ...(isInOrder ? [] : ['records are out of order']),
    ...(isEnded ? [] : ['there is no final mark, or requests were under way by then']),
    ...(records.length < answered ? [`${answered} requests were answered, and there are ${records.length} records`] : []),
    ...(records.length > answered + unheard ? [`${answered} requests were answered and ${unheard} not waited for, and there are ${records.length} records`] : []),
  ];
}
