import type { RuleTarget } from '../attacks/targets';
import type { EdgeModel } from '../edge/model';
import { gatesBehind } from '../gate/attacks/define';
import { GATE_HEALTH_PATH } from '../../gate/contract';
import { statusAt } from '../gate/ask-task';
import type { RunningGate } from '../gate/house';
import { gateOf, samePlace } from '../gate/translate';
import { parsedLine } from '../json';
import { fromManyAddresses } from '../run-attacks';
import type { StagedEdge } from '../stage';
import { tryAll } from '../attacks/attempts';
import { EdgeMetrics } from './edge-metrics';
import { type LogEvent, measurementsIn, NOTHING, type Telemetry, together } from './series';
import { type Script, type ScriptName, SCRIPTS } from './scripts';

/** Where edges with gates of their own are started. */
export interface RehearsalStage {
  startApart(model: EdgeModel): Promise<StagedEdge>;
}

/** One of them waits for most of its time; more would only be slower. */
const AT_ONCE = 3;

/** What gates measure while something happens to them: each once for the same gates, however many alarms look at it. */
export class Rehearsals {
  private readonly played = new Map<string, Promise<Telemetry>>();
  private readonly turns: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
  private next = 0;

  /** @param volume how many requests make an attack */
  public constructor(private readonly stage: RehearsalStage, private readonly volume: number) {}

  /** One minute of it, all at the time 0. */
  public play(name: ScriptName, model: EdgeModel): Promise<Telemetry> {
    const key = JSON.stringify([name, model.listeners, model.gates]);
    const known = this.played.get(key);
    if (known !== undefined) return known;
    const playing = this.inTurn(() => this.rehearse(SCRIPTS[name], model));
    this.played.set(key, playing);
    return playing;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.next++ % AT_ONCE;
    const mine = (this.turns[turn] ?? Promise.resolve()).then(work);
    this.turns[turn] = mine.catch(() => undefined);
    return mine;
  }

  private async rehearse(script: Script, model: EdgeModel): Promise<Telemetry> {
    const staged = await this.stage.startApart(model);
    try {
      const met = new Set<RunningGate>();
      const minutes: Promise<Telemetry>[] = [];
      for (const target of gatesBehind(model)) {
        const running = staged.gates.find(({ place }) => samePlace(place, gateOf(target.rule)?.place ?? place));
        if (running === undefined || met.has(running)) continue;
        met.add(running);
        minutes.push(this.minuteOf(script, staged, target, running));
      }
      return together(NOTHING, ...await Promise.all(minutes));
    } finally {
      await staged.stop();
    }
  }

  private async minuteOf(script: Script, staged: StagedEdge, target: RuleTarget, running: RunningGate): Promise<Telemetry> {
    const scene = fromManyAddresses(staged.open([]));
    const gate = scene.gate(target.listener, target.rule);
    if (script.suits?.({ gate }) === false) return NOTHING;
    const edge = new EdgeMetrics();
    await script.play({ at: { gate, scene, target, tryAll: (attempts) => tryAll(scene, gate.open, attempts) }, target, running, edge, volume: this.volume });
    const measurements = edge.measurements(target.listener, target.rule, await healthOf(running));
    return together({ measurements, events: [] }, await toldBy(running));
  }
}

/** What tasks have written by the time that they have left; those that were killed before wrote no last line. */
async function toldBy({ tasks }: RunningGate): Promise<Telemetry> {
  await Promise.all(tasks.map((task) => task.leave()));
  const events = tasks.flatMap((task) => eventsIn(task.output()));
  return { measurements: events.flatMap(measurementsIn), events: events.map((event) => ({ at: 0, event })) };
}

/** The lines of a log that are JSON. */
export function eventsIn(output: string): LogEvent[] {
  return output.split('\n').flatMap((line) => {
    const event = parsedLine(line);
    return event === undefined ? [] : [event];
  });
}

/** Asked as the load balancer asks. */
async function healthOf({ tasks }: RunningGate): Promise<{ readonly healthy: number; readonly unhealthy: number }> {
  const answers = await Promise.all(tasks.map(({ port }) => statusAt(port, { method: 'GET', path: GATE_HEALTH_PATH, headers: {} })));
  const healthy = answers.filter((status) => status === 200).length;
  return { healthy, unhealthy: answers.length - healthy };
}
