import { Evaluation } from './evaluate';
import type { AlarmModel, AlarmReading } from './model';
import { NotEvaluatedError } from './not-evaluated';
import { allAt, type Telemetry, together } from './series';
import { type AlarmState, RANGE_BEYOND } from './state';

const MINUTE_MS = 60_000;
/** Of a minute, where what happened in it is put. */
const HALF = 0.5;
/** What looks further back is not played: the age of a secret, say, which no minute changes. */
const MOST_MINUTES = 240;

/** How an alarm behaved while nothing was wrong, and then. */
export interface Behaviour {
  readonly quiet: readonly AlarmState[];
  readonly then: readonly AlarmState[];
}

/**
 * Plays a quiet minute until an alarm has seen nothing else, and again as often, and then another minute as often. What happened was rehearsed for one minute; that
 * it goes on is played.
 */
export function behaviourOf(model: AlarmModel, alarm: AlarmReading, quiet: Telemetry, then: Telemetry): Behaviour {
  const minutes = minutesOf(model, alarm);
  const states = new Evaluation(model, timeline(quiet, then, minutes)).statesOf(alarm, { from: minutes * MINUTE_MS, to: 3 * minutes * MINUTE_MS });
  return { quiet: states.slice(0, states.length / 2), then: states.slice(states.length / 2) };
}

/** How far an alarm looks back, in whole minutes. */
function minutesOf(model: AlarmModel, alarm: AlarmReading): number {
  const seconds = new Evaluation(model, together()).periodOf(alarm) * (alarm.trigger.evaluationPeriods + RANGE_BEYOND);
  const minutes = Math.ceil(seconds / 60);
  if (!(minutes <= MOST_MINUTES)) throw new NotEvaluatedError(`it looks back ${Math.round(minutes / 60)} hours, which is not played`);
  return minutes;
}

function timeline(quiet: Telemetry, then: Telemetry, minutes: number): Telemetry {
  const each = (from: number, count: number, told: Telemetry): Telemetry[] => Array.from({ length: count }, (_, index) => allAt((from + index + HALF) * MINUTE_MS, told));
  return together(...each(0, 2 * minutes, quiet), ...each(2 * minutes, minutes, then));
}

/**
 * Whether the rule of a composite holds while nothing is wrong, and when what happens has gone on for as long as its alarms look back. What is not measured here, or
 * looks back too far, stays without data.
 */
export function compositeBehaviour(
  model: AlarmModel, rule: string, isMeasured: (alarm: AlarmReading) => boolean, quiet: Telemetry, then: Telemetry,
): { readonly quiet: boolean; readonly then: boolean } {
  const before = new Map<string, AlarmState>();
  const after = new Map<string, AlarmState>();
  for (const alarm of model.alarms) {
    const { quiet: calm, then: loud } = isMeasured(alarm) ? played(model, alarm, quiet, then) : UNKNOWN;
    for (const name of alarm.names) {
      before.set(name, calm.at(-1) ?? 'INSUFFICIENT_DATA');
      after.set(name, loud.at(-1) ?? 'INSUFFICIENT_DATA');
    }
  }
  const evaluation = new Evaluation(model, together());
  return { quiet: evaluation.compositeHolds(rule, before), then: evaluation.compositeHolds(rule, after) };
}

const UNKNOWN: Behaviour = { quiet: [], then: [] };

function played(model: AlarmModel, alarm: AlarmReading, quiet: Telemetry, then: Telemetry): Behaviour {
  try {
    return behaviourOf(model, alarm, quiet, then);
  } catch (error) {
    if (error instanceof NotEvaluatedError) return UNKNOWN;
    throw error;
  }
}
