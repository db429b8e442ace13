import type { ControlId } from '../../controls';
import type { AttackOn } from '../attack';
import type { Place } from '../edge/model';
import type { Emulator } from '../emulator/emulator';
import type { AlarmModel } from './model';
import type { ScriptName } from './scripts';
import type { Telemetry } from './series';

/** The alarm, or the topic, that is meant, as the templates promise it. */
export interface AlarmTarget {
  readonly place: Place;
}

/** What an attack has in hand at the alarms of some templates. */
export interface AlarmScene {
  /** The templates as they are here. */
  readonly model: AlarmModel;
  /** The templates as they were promised: of what is gone here, they know what it was. */
  readonly promised: AlarmModel;
  /** What the gates of the templates measure in a minute of that, by their own word; stamped with the time 0. */
  rehearsed(name: ScriptName): Promise<Telemetry>;
  /** What notifications can be delivered by. */
  readonly emulator: () => Promise<Emulator>;
  note(line: string): void;
}

export type AlarmAttack = AttackOn<AlarmModel, AlarmTarget, AlarmScene>;

/** Alarms are imitated, whatever they look at. */
export function defineAlarmAttack(control: ControlId, aspect: string, body: Omit<AlarmAttack, 'id' | 'control' | 'evidence'>): AlarmAttack {
  return { ...body, id: `${control}.${aspect}`, control, evidence: 'template-intent' };
}
