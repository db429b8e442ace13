import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { check } from './check';
import { pairedRatios, quartilesOf } from './figures';
import { CONNECTIONS, measure, type Measurement } from './measure';
import { ours, startOurs } from './peers/ours';
import type { RunningPeer } from './peers/peer';
import { markdownTable } from './report';
import type { Stage } from './stage';
import { warmUp } from './warm-up';

interface Bundle {
  readonly name: string;
  readonly running: RunningPeer;
  readonly measured: Measurement[];
}

/**
 * Bundles of the gate beside each other, which take turns of a second: what a change gives, when nothing else differs. A change of some percent shows in a
 * dozen rounds, even where others use the machine.
 *
 * @param entries files as esbuild made them; the first is what the others are compared with
 */
export async function compare(stage: Stage, entries: readonly string[], rounds: number, seconds: number): Promise<string> {
  const missing = entries.find((entry) => !existsSync(entry));
  if (missing !== undefined) throw new Error(`--ab names ${missing}, which is no file`);
  const bundles: Bundle[] = [];
  for (const entry of entries) {
    const running = await startOurs(stage, { entry: path.resolve(entry) });
    await check(ours, running, stage);
    const cold = await warmUp(ours.name, running, stage);
    if (cold !== undefined) stage.say(cold);
    bundles.push({ name: path.relative(process.cwd(), entry), running, measured: [] });
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (let turn = 0; turn < bundles.length; turn += 1) {
      const bundle = bundles[(turn + round) % bundles.length];
      if (!bundle) continue;
      for (const connections of CONNECTIONS) bundle.measured.push(await measure(ours.name, bundle.running, stage, round, connections, seconds));
    }
  }
  return CONNECTIONS.map((connections) => tableOf(bundles, connections)).join('\n\n');
}

function tableOf(bundles: readonly Bundle[], connections: number): string {
  const at = ({ measured }: Bundle): Measurement[] => measured.filter((measurement) => measurement.connections === connections);
  const [first] = bundles;
  const figures = [({ processorMicros }: Measurement) => processorMicros, ({ p50Micros }: Measurement) => p50Micros, ({ requestsPerSecond }: Measurement) => requestsPerSecond];
  return markdownTable([`${connections} connection${connections === 1 ? '' : 's'}`, 'CPU µs/request', 'p50 µs', 'req/s', 'CPU, of the first', 'p50, of the first'], bundles.map((bundle) => [
    bundle.name,
    ...figures.map((figure) => spread(at(bundle).map(figure), 0)),
    ...figures.slice(0, 2).map((figure) => (first ? spread(pairedRatios(at(bundle), at(first), figure), 2) : '')),
  ]));
}

function spread(values: readonly number[], digits: number): string {
  const { lower, median, upper } = quartilesOf(values);
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}
