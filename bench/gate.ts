/**
 * The gate beside other proxies that decide the same: one run, in which all of them are up and take turns, before the same Core, store of keys and Redis.
 *
 * Before anything is measured, each is shown to serve a good key, to refuse an unknown one and one over its limit, and to keep its connections; what
 * cannot be installed or does not do that is said to be missing. docs/performance.md explains the figures.
 *
 *   --rounds <n>         how often each is measured (default 5; 12 with --ab)
 *   --seconds <n>        how long each time, at 1 and at 32 connections (default 2; 1 with --ab)
 *   --only <peer,peer>   leaves out the others
 *   --json <file>        writes every measurement
 *   --ab <file,file>     compares bundles of the gate instead, and nobody else: what a change gives
 *   --profile            measures nothing, and shows where the gate's time goes instead: a table, and docs/performance-flame.svg
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/drill/message-of';
import { check } from './gate/check';
import { compare } from './gate/compare';
import { Figures } from './gate/figures';
import { CONNECTIONS, measure, type Measurement } from './gate/measure';
import { PEERS } from './gate/peers';
import type { Peer, RunningPeer } from './gate/peers/peer';
import { profile } from './gate/profile';
import { report } from './gate/report';
import { openStage, type Stage } from './gate/stage';
import { warmUp } from './gate/warm-up';

interface Contestant {
  readonly peer: Peer;
  readonly running: RunningPeer;
}

const say = (line: string): void => console.log(line);

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    ab: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});

function count(name: 'rounds' | 'seconds', usual: number): number {
  const value = Number(options[name] ?? usual);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, and is ${options[name]}`);
  return value;
}

function chosen(): readonly Peer[] {
  const names = options.only?.split(',');
  const unknown = names?.find((name) => !PEERS.some((peer) => peer.name === name));
  if (unknown !== undefined) throw new Error(`--only names ${unknown}; there are ${PEERS.map(({ name }) => name).join(', ')}`);
  return PEERS.filter(({ name }) => names?.includes(name) ?? true);
}

/** Those that are up and do what they have to; each of the others with the reason. */
async function contestants(peers: readonly Peer[], stage: Stage): Promise<{ readonly up: readonly Contestant[]; readonly missing: ReadonlyMap<string, string> }> {
  const up: Contestant[] = [];
  const missing = new Map<string, string>();
  for (const peer of peers) {
    try {
      const running = await peer.start(stage);
      await check(peer, running, stage);
      up.push({ peer, running });
      say(`${peer.name}: ${peer.does}. Checked.`);
    } catch (error) {
      missing.set(peer.name, messageOf(error));
      say(`${peer.name} is MISSING: ${messageOf(error)}`);
    }
  }
  return { up, missing };
}

async function rounds(up: readonly Contestant[], stage: Stage): Promise<{ readonly all: readonly Measurement[]; readonly failures: readonly string[] }> {
  const [total, seconds] = [count('rounds', 5), count('seconds', 2)];
  const all: Measurement[] = [];
  const failures: string[] = [];
  for (const { peer, running } of up) {
    const cold = await warmUp(peer.name, running, stage);
    if (cold !== undefined) say(cold);
  }
  for (let round = 1; round <= total; round += 1) {
    process.stdout.write(`round ${round} of ${total}`);
    // Each round begins with another, so that nobody is always measured behind the same one.
    for (let turn = 0; turn < up.length; turn += 1) {
      const { peer, running } = up[(turn + round) % up.length] ?? {};
      if (!peer || !running) continue;
      for (const connections of CONNECTIONS) {
        try {
          all.push(await measure(peer.name, running, stage, round, connections, seconds));
        } catch (error) {
          // Counts for nobody: a ratio is taken within a round, and this one has no other side.
          failures.push(`${peer.name}, round ${round}, ${connections} connections: ${messageOf(error)}`);
        }
      }
      process.stdout.write(` ${peer.name}`);
    }
    process.stdout.write('\n');
  }
  return { all, failures };
}

/** Whether those that leave records have left them all. */
async function finish(up: readonly Contestant[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { peer, running } of up) {
    const faults = await running.finish?.() ?? [];
    wrong.push(...faults.map((fault) => `${peer.name} is WRONG: ${fault}`));
    if (running.finish && faults.length === 0) say(`${peer.name}: one audit record for each of ${running.tally?.answered ?? 0} requests.`);
  }
  return wrong;
}

async function main(): Promise<void> {
  const peers = chosen();
  const stage = await openStage(say);
  try {
    if (options.profile) {
      await profile(stage, say);
      return;
    }
    if (options.ab !== undefined) {
      say(await compare(stage, options.ab.split(','), count('rounds', 12), count('seconds', 1)));
      return;
    }
    say(`${os.cpus().length} processors, Node.js ${process.versions.node}, Redis: ${stage.redis.engine}.`);
    const { up, missing } = await contestants(peers, stage);
    const { all, failures } = await rounds(up, stage);
    const wrong = await finish(up);
    const figures = new Figures(all);
    const text = report(figures, up.map(({ peer }) => peer.name));
    say(`\n${[text, ...wrong, ...failures.map((line) => `NOT COUNTED: ${line}`), ...[...missing].map(([name, reason]) => `${name} is MISSING: ${reason}`)].join('\n')}`);
    if (missing.size + failures.length + wrong.length > 0) process.exitCode = 1;
    if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify({ missing: Object.fromEntries(missing), failures, measurements: figures.all }, undefined, 2)}\n`);
  } finally {
    await stage.stop();
  }
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
