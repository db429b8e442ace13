/**
 * What a checkout takes beside an endpoint that only proves a signature: one run, in which all are up and take turns, each behind the same front; and what a million
 * checkouts cost, from what the broker was seen to ask for. bench/broker/README.md explains the figures.
 *
 *   --rounds <n>          how often each is measured (default 5)
 *   --seconds <n>         how long each time, at 1 and at 4 connections (default 2)
 *   --only <name,name>    of echo, checkout, emulated (default all)
 *   --prices <file>       JSON with other prices, of the same names as in bench/broker/prices.ts
 *   --json <file>         writes every measurement
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/drill/message-of';
import { costOf } from './broker/cost';
import { type BrokerMeasurement, measure } from './broker/measure';
import { PRICES, type Prices } from './broker/prices';
import { costTable, report } from './broker/report';
import { type BrokerStage, type EndpointName, ENDPOINTS, openBrokerStage } from './broker/stage';

const CONNECTIONS = [1, 4] as const;
/** Execution environments of each function: nobody waits for one. */
const ENVIRONMENTS = 4;
const WARM_UP_SECONDS = 1;

const say = (line: string): void => console.log(line);

const { values: options } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' }, only: { type: 'string' }, prices: { type: 'string' }, json: { type: 'string' } } });

function count(name: 'rounds' | 'seconds', usual: number): number {
  const value = Number(options[name] ?? usual);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, and is ${options[name]}`);
  return value;
}

function chosen(): readonly EndpointName[] {
  const names = options.only?.split(',');
  const unknown = names?.find((name) => !ENDPOINTS.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only names ${unknown}; there are ${ENDPOINTS.join(', ')}`);
  return ENDPOINTS.filter((name) => names?.includes(name) ?? true);
}

function prices(): Prices {
  return options.prices === undefined ? PRICES : { ...PRICES, ...JSON.parse(fs.readFileSync(options.prices, 'utf8')) as Partial<Prices> };
}

async function rounds({ endpoints }: BrokerStage): Promise<readonly BrokerMeasurement[]> {
  const [total, seconds] = [count('rounds', 5), count('seconds', 2)];
  for (const endpoint of endpoints) await measure(endpoint, 0, ENVIRONMENTS, WARM_UP_SECONDS);
  const all: BrokerMeasurement[] = [];
  for (let round = 1; round <= total; round += 1) {
    // Each round begins with another, so that nobody is always measured behind the same one.
    for (let turn = 0; turn < endpoints.length; turn += 1) {
      const endpoint = endpoints[(turn + round) % endpoints.length];
      if (endpoint) for (const connections of CONNECTIONS) all.push(await measure(endpoint, round, connections, seconds));
    }
    say(`round ${round} of ${total}`);
  }
  return all;
}

/** Of checkouts with a new lease, while nothing else is asked of the stub. */
async function cost(stage: BrokerStage): Promise<string | undefined> {
  const checkout = stage.endpoints.find(({ name }) => name === 'checkout');
  if (!checkout) return undefined;
  const before = await stage.counts();
  const { requests, logBytes } = await measure(checkout, 0, 1, 2 * WARM_UP_SECONDS);
  const after = await stage.counts();
  const each = (name: keyof typeof after): number => (after[name] - before[name]) / requests;
  return costTable(costOf({ dynamoWriteUnits: each('dynamoWriteUnits'), dynamoReadUnits: each('dynamoReadUnits'), secretReads: each('secretReads'), logBytes }, prices()));
}

async function main(): Promise<void> {
  const stage = await openBrokerStage(ENVIRONMENTS, chosen());
  try {
    say(`${os.cpus().length} processors, Node.js ${process.versions.node}.`);
    for (const { name, does } of stage.endpoints) say(`${name}: ${does}.`);
    const all = await rounds(stage);
    say(`\n${[report(all, stage.endpoints, CONNECTIONS), await cost(stage)].filter((text) => text !== undefined).join('\n\n')}`);
    if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(all, undefined, 2)}\n`);
  } finally {
    await stage.stop();
  }
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
