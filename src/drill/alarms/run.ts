import type { Template } from '../../checks/template/template';
import type { Emulator } from '../emulator/emulator';
import type { AttackRecord, ProofRecord } from '../evidence';
import { messageOf } from '../message-of';
import { sabotaged } from '../prove';
import type { AttackEvidence } from '../run-attacks';
import type { AlarmAttack, AlarmScene, AlarmTarget } from './attack';
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

type Outcome = Pick<AttackRecord, 'verdict' | 'saw'>;

/** Carries out every attack on every target of it. Nothing is started for templates without alarms. */
export async function attackAlarms(attacks: readonly AlarmAttack[], model: AlarmModel, ground: AlarmGround): Promise<AttackEvidence> {
  const noTarget = attacks.filter((attack) => attack.targets(model).length === 0)
    .map(({ id, control, needs }) => ({ attack: id, control, reason: `The templates have no ${needs}.` }));
  // What is rehearsed is waited for by the first that needs it, and is there for the others.
  const records = await Promise.all(attacks.flatMap((attack) => attack.targets(model).map(async (target): Promise<AttackRecord> => {
    const transcript: string[] = [];
    const { id, control, evidence, tries, expects } = attack;
    return { attack: id, control, evidence, tries, expects, target: target.place, ...await attempted(attack, target, openAlarmScene(model, model, ground, transcript)), transcript };
  })));
  return { attacks: records, noTarget };
}

/** Takes one protection out of the templates after the other and requires that the matching attack then succeeds. Gates that it does not change are not rehearsed again. */
export async function proveAlarms(attacks: readonly AlarmAttack[], templates: readonly Template[], ground: AlarmProvingGround): Promise<ProofRecord[]> {
  const good = ground.translate(templates);
  const records: ProofRecord[] = [];
  for (const attack of attacks) {
    for (const saboteur of attack.saboteurs) {
      const targets = attack.targets(good);
      const weakened = targets.length === 0 ? undefined : sabotaged(templates, saboteur);
      const outcome = weakened === undefined
        ? { verdict: 'not-applicable' as const, saw: 'The templates have nothing of this kind to take away.' }
        : await proveOn(attack, targets, { good, weakened }, ground);
      records.push({ attack: attack.id, control: attack.control, saboteur: saboteur.name, ...outcome });
    }
  }
  return records;
}

async function proveOn(
  attack: AlarmAttack, targets: readonly AlarmTarget[], { good, weakened }: { readonly good: AlarmModel; readonly weakened: readonly Template[] }, ground: AlarmProvingGround,
): Promise<Outcome> {
  let model: AlarmModel;
  try {
    model = ground.translate(weakened);
  } catch (error) {
    return brokenOff(`the weakened templates cannot be read: ${messageOf(error)}`);
  }
  let last: Outcome | undefined;
  for (const target of targets) {
    last = await attempted(attack, target, openAlarmScene(model, good, ground, []));
    if (last.verdict === 'succeeded') return last;
  }
  return last ?? brokenOff('there is no target');
}

function openAlarmScene(model: AlarmModel, promised: AlarmModel, { rehearsals, emulator }: AlarmGround, transcript: string[]): AlarmScene {
  return { model, promised, rehearsed: (name) => rehearsals.play(name, model.edge), emulator, note: (line) => transcript.push(line) };
}

async function attempted(attack: AlarmAttack, target: AlarmTarget, scene: AlarmScene): Promise<Outcome> {
  try {
    return await attack.run(target, scene);
  } catch (error) {
    return brokenOff(messageOf(error));
  }
}

function brokenOff(why: string): Outcome {
  return { verdict: 'inconclusive', saw: `It could not be carried out: ${why}` };
}
