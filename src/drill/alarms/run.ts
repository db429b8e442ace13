import type { Template } from '../../checks/template/template';
import { brokenOff, carriedOut, type Outcome, untilSuccess } from '../attempted';
import type { Emulator } from '../emulator/emulator';
import { recordOf, withoutTarget } from '../every-target';
import type { ProofRecord } from '../evidence';
import { messageOf } from '../message-of';
import { sabotaged } from '../prove';
import type { AttackEvidence } from '../run-attacks';
import { grouped, proofsOf, type Trial, trialsOf } from '../trials';
import type { AlarmAttack, AlarmScene } from './attack';
import { type AlarmModel, isStat, type MetricStat } from './model';
import { Rehearsals, type RehearsalStage } from './rehearsal';

/** Where alarms are tried. */
export interface AlarmGround {
  readonly rehearsals: Pick<Rehearsals, 'play'>;
  readonly emulator: () => Promise<Emulator>;
}

export interface AlarmProvingGround extends AlarmGround {
  translate(templates: readonly Template[]): AlarmModel;
}

/** Ours: five requests in two seconds, which is nothing for a flood and much for mistakes. */
const LEAST_VOLUME = 150;
/** As many as one process sends in a few seconds. */
const MOST_VOLUME = 3000;
/** So much more than the highest threshold of a count. */
const BEYOND = 1.2;

/** Gates are rehearsed with attacks that are as large as the promised alarms say that an attack is: a busy Core has high thresholds. */
export function alarmGround(promised: AlarmModel, stage: RehearsalStage, emulator: () => Promise<Emulator>): AlarmGround {
  // What is no sum, such as the age of keys, is no count.
  const isCount = ({ name, statistic }: MetricStat): boolean => name.startsWith('gateway_') && statistic === 'Sum';
  const counts = promised.alarms.filter(({ metrics, trigger }) => trigger.comparison.startsWith('Greater') && metrics.length === 1 && metrics.filter(isStat).some(isCount))
    .map(({ trigger }) => trigger.threshold * BEYOND);
  return { rehearsals: new Rehearsals(stage, Math.min(MOST_VOLUME, Math.ceil(Math.max(LEAST_VOLUME, ...counts)))), emulator };
}

/** Carries out every attack on every target of it. Nothing is started for templates without alarms. */
export async function attackAlarms(attacks: readonly AlarmAttack[], model: AlarmModel, ground: AlarmGround): Promise<AttackEvidence> {
  // What is rehearsed is waited for by the first that needs it, and is there for the others.
  const records = await Promise.all(attacks.flatMap((attack) => attack.targets(model).map(async (target) => {
    const transcript: string[] = [];
    return recordOf(attack, target.place, await carriedOut(attack, target, openAlarmScene(model, model, ground, transcript)), transcript);
  })));
  return { attacks: records, noTarget: withoutTarget(attacks, model) };
}

/** Takes one protection out of the templates after the other and requires that the matching attack then succeeds. Gates that it does not change are not rehearsed again. */
export async function proveAlarms(attacks: readonly AlarmAttack[], templates: readonly Template[], ground: AlarmProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const trials = trialsOf(attacks);
  const outcomes = new Map<Trial<AlarmAttack>, Outcome>();
  for (const group of grouped(trials, good, ({ saboteur }) => sabotaged(templates, saboteur))) {
    const weak = translated(group.templates, ground);
    for (const trial of group.trials) outcomes.set(trial, await proveOn(trial.attack, weak, good, ground));
  }
  return proofsOf(trials, outcomes);
}

/** Weakened templates, or why they cannot be read. */
function translated(weakened: readonly Template[], ground: AlarmProvingGround): AlarmModel | string {
  try {
    return ground.translate(weakened);
  } catch (error) {
    return messageOf(error);
  }
}

async function proveOn(attack: AlarmAttack, weak: AlarmModel | string, good: AlarmModel, ground: AlarmGround): Promise<Outcome> {
  if (typeof weak === 'string') return brokenOff(`the weakened templates cannot be read: ${weak}`);
  return untilSuccess(attack.targets(good), (target) => carriedOut(attack, target, openAlarmScene(weak, good, ground, [])));
}

function openAlarmScene(model: AlarmModel, promised: AlarmModel, { rehearsals, emulator }: AlarmGround, transcript: string[]): AlarmScene {
  return { model, promised, rehearsed: (name) => rehearsals.play(name, model.edge), emulator, note: (line) => transcript.push(line) };
}
