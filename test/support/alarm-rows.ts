import type { AlarmFacts } from '../../src/observability/alarm-facts';
import type { Figures } from '../../src/observability/alarm-thresholds';

const SILENCE = { breaching: 'sounds', notBreaching: 'is well', ignore: 'stays as it is' } as const;

const SIGNS = { attack: 'UnderAttack', fault: 'Unhealthy', none: '' } as const;

/** What a broker's alarms are about: the two signs of a Core do not gather them. */
export const BROKER_SIGNS = { attack: 'an attack', fault: 'a fault', none: '' } as const;

/** The row of an alarm in docs/alarms.md. */
export function rowOf(name: string, facts: AlarmFacts, figures: Figures, signs: Readonly<Record<'attack' | 'fault' | 'none', string>> = SIGNS): string {
  const { means, sounds, limit, unit, minutes, of: [some, all], silence, whySilence, first, page, group } = facts;
  const span = minutes === 1440 ? 'a day' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const often = all === 1 ? `in ${span}` : `in ${some} of ${all} times ${span}`;
  const threshold = `${sounds} ${limit(figures)}${unit.startsWith('%') ? '' : ' '}${unit} ${often}`;
  const sign = signs[group ?? 'none'];
  return `| \`${name}\` | ${means} | ${threshold} | ${SILENCE[silence]}: ${whySilence} | ${sign} | ${first} [${page}](${page}) |`;
}
