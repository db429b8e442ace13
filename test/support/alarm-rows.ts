import type { AlarmFacts, AlarmName } from '../../src/observability/alarm-facts';
import type { Figures } from '../../src/observability/alarm-thresholds';

const SILENCE = { breaching: 'sounds', notBreaching: 'is well', ignore: 'stays as it is' } as const;

/** The row of an alarm in docs/alarms.md. */
export function rowOf(name: AlarmName, { means, sounds, limit, unit, minutes, of: [some, all], silence, whySilence, first, page, group }: AlarmFacts, figures: Figures): string {
  const span = minutes === 1440 ? 'a day' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const often = all === 1 ? `in ${span}` : `in ${some} of ${all} times ${span}`;
  const threshold = `${sounds} ${limit(figures)}${unit.startsWith('%') ? '' : ' '}${unit} ${often}`;
  const sign = { attack: 'UnderAttack', fault: 'Unhealthy', none: '' }[group ?? 'none'];
  return `| \`${name}\` | ${means} | ${threshold} | ${SILENCE[silence]}: ${whySilence} | ${sign} | ${first} [${page}](${page}) |`;
}
