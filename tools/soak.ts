import { parseArgs } from 'node:util';
import { messageOf } from '../src/drill/message-of';
import { LEASE_SECONDS } from '../src/gate/rate/contract';
import { GATE_METRICS } from '../src/observability/contract';
import { Load } from './soak/load';
import { openSoak, type SoakStage } from './soak/stage';
import { exactly, memoryVerdict, type Verdict } from './soak/verdicts';

const USAGE = `Usage: npm run test:soak -- [--minutes N] [--rate N]

  --minutes  how long; 60 where nothing is said
  --rate     requests a second over both gates, 300 at most; 120 where nothing is said`;

const SAMPLE_MS = 5000;
const MINUTE_MS = 60_000;
/** Each has budgets of his own; they are so many that some are limited and most are not. */
const CALLERS = 24;
const MAX_RATE = 300;

const say = (line: string): void => console.log(`[${new Date().toISOString().slice(11, 19)}] ${line}`);

/** What the gates have said of themselves, one row a gate. */
class Samples {
  public readonly memory: number[][] = [];
  private readonly delays: number[] = [];

  public async take({ gates }: SoakStage): Promise<void> {
    const scraped = await Promise.all(gates.map((gate) => gate.scrape()));
    scraped.forEach((figures, index) => {
      (this.memory[index] ??= []).push(figures.get(GATE_METRICS.memory) ?? Number.NaN);
      this.delays[index] = figures.get(GATE_METRICS.loopDelay) ?? Number.NaN;
    });
  }

  public line(): string {
    const said = (row: readonly number[], index: number): string => (
      `gate ${index + 1} ${((row.at(-1) ?? 0) / 1024 / 1024).toFixed(0)} MiB, loop late by ${((this.delays[index] ?? 0) * 1000).toFixed(0)} ms at most`
    );
    return this.memory.map(said).join('; ');
  }
}

async function soak(stage: SoakStage, minutes: number, rate: number): Promise<readonly Verdict[]> {
  const load = new Load(stage, rate);
  const samples = new Samples();
  const ends = Date.now() + minutes * MINUTE_MS;
  load.start();
  for (let next = Date.now() + MINUTE_MS; Date.now() < ends;) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    await samples.take(stage);
    if (Date.now() < Math.min(next, ends)) continue;
    next += MINUTE_MS;
    const records = stage.gates.reduce((sum, { trail }) => sum + trail.records, 0);
    say(`${samples.line()}; ${await stage.leases()} leases; ${load.sent} requests, ${load.underWay} under way, ${records} records`);
  }
  await load.stop();
  const left = await settled(stage);
  const held = (await Promise.all(stage.gates.map((gate) => gate.scrape()))).reduce((sum, figures) => sum + (figures.get(GATE_METRICS.leasesOpen) ?? Number.NaN), 0);
  const codes = await Promise.all(stage.gates.map((gate) => gate.end()));
  for (const failure of load.failures) say(`A request failed: ${failure}`);
  for (const side of ['request', 'record'] as const) stage.pairs.left(side).slice(0, 5).forEach((what) => say(`A ${side} without its other half: ${what}`));
  return [
    ...samples.memory.map((row, index) => memoryVerdict(`Gate ${index + 1}`, row)),
    exactly('Leases in Redis once nothing is under way', left, 0),
    exactly('Leases that the gates say they hold', held, 0),
    exactly('Requests without a record', stage.pairs.left('request').length, 0),
    exactly('Records without a request', stage.pairs.left('record').length, 0),
    exactly('Requests with two records', stage.pairs.doubled, 0),
    exactly('Records of requests', stage.gates.reduce((sum, { trail }) => sum + trail.records, 0), load.sent),
    exactly('Records out of order', stage.gates.reduce((sum, { trail }) => sum + trail.outOfOrder, 0), 0),
    exactly('Gates whose trail has its final mark', stage.gates.filter(({ trail }) => trail.isEnded).length, stage.gates.length),
    exactly('Gates that ended by themselves, with 0', codes.filter((code) => code === 0).length, stage.gates.length),
    exactly('Requests that got no answer they should have', load.failed, 0),
    exactly('Requests still under way', load.underWay, 0),
  ];
}

/** A lease that nobody releases lapses by itself; what is given back is there at once, so that no time is waited for where all is well. */
async function settled(stage: SoakStage): Promise<number> {
  let left = await stage.leases();
  for (const deadline = Date.now() + LEASE_SECONDS * 500; left > 0 && Date.now() < deadline; left = await stage.leases()) await new Promise((resolve) => setTimeout(resolve, 250));
  return left;
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new TypeError(`--${name} ${text}: name a whole number from 1 to ${most}.\n\n${USAGE}`);
  return value;
}

async function main(): Promise<void> {
  const { minutes, rate } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '120' } } }).values;
  const [howLong, howMuch] = [wholeNumber('minutes', minutes, 24 * 60), wholeNumber('rate', rate, MAX_RATE)];
  const stage = await openSoak(CALLERS, say);
  try {
    say(`Two gates, ${CALLERS} callers, ${howMuch} requests a second for ${howLong} minutes: light, heavy, streams, WebSockets, callers who leave, refusals.`);
    const verdicts = await soak(stage, howLong, howMuch);
    for (const { isGood, text } of verdicts) say(`${isGood ? 'passed' : 'FAILED'}  ${text}`);
    if (!verdicts.every(({ isGood }) => isGood)) process.exitCode = 1;
  } finally {
    await stage.stop();
  }
}

main().catch((error: unknown) => {
  say(`Failed: ${messageOf(error)}`);
  process.exitCode = 1;
});
